using System.Globalization;

namespace StageX.Build.Reproducibility;

/// <summary>
/// The verification of a whole tree, from the first package to the last, however often it is interrupted: what passed in it is
/// not done again before it has ended.
/// </summary>
/// <param name="artifacts">The folder of results.</param>
public sealed class VerifyRun(string artifacts)
{
    private const string Open = "open", Ended = "ended";

    private string File => Path.Combine(artifacts, "verify", "run");

    /// <summary>The number of the run that is going on; begins one where none is.</summary>
    public int Join(CancellationToken cancellation)
    {
        using var taken = FileLock.Take(Path.Combine(artifacts, "locks", "verify-run"), cancellation: cancellation);
        var (number, isOpen) = Read();
        if (isOpen)
            return number;
        Write(number + 1, Open);
        return number + 1;
    }

    /// <summary>All packages were looked at.</summary>
    public void End(CancellationToken cancellation)
    {
        using var taken = FileLock.Take(Path.Combine(artifacts, "locks", "verify-run"), cancellation: cancellation);
        Write(Read().Number, Ended);
    }

    private (int Number, bool IsOpen) Read() =>
        System.IO.File.Exists(File) && System.IO.File.ReadAllText(File).Split([' ', '\n']) is [var number, var state, ..]
            && int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var parsed) ? (parsed, state == Open) : (0, false);

    private void Write(int number, string state) => AtomicFile.Write(File, string.Create(CultureInfo.InvariantCulture, $"{number} {state}\n"));
}
