using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace StageX.Build.Engines;

/// <summary>
/// Reads what buildx prints with <c>--progress plain</c> (every line with the number of its vertex, output with the time as well) and
/// passes on what people look for, in the form of the other engines: steps as they begin, and what they print.
/// </summary>
internal sealed partial class BuildKitProgress(BuildOutput output)
{
    private readonly List<byte> _line = [];

    /// <summary>What the client said last about why it failed.</summary>
    public string Error { get; private set; } = "";

    public void Write(ReadOnlySpan<byte> bytes)
    {
        foreach (var value in bytes)
            if (value == '\n')
                EndLine();
            else
                _line.Add(value);
    }

    /// <summary>Takes what was printed last without an end of line.</summary>
    public void End()
    {
        if (_line.Count > 0)
            EndLine();
    }

    private void EndLine()
    {
        var bytes = _line.ToArray();
        var line = Encoding.UTF8.GetString(bytes).TrimEnd('\r');
        _line.Clear();
        if (Printed().Match(line) is { Success: true } printed)
        {
            // By bytes: what a step prints need not be text.
            var from = Encoding.UTF8.GetByteCount(line.AsSpan(0, printed.Length));
            output.Write([.. bytes.AsSpan(from), (byte)'\n']);
        }
        else if (Step().Match(line) is { Success: true } step)
            Say($"STEP {step.Groups["number"].Value}: {step.Groups["text"].Value}");
        else if (line.StartsWith("ERROR: ", StringComparison.Ordinal))
        {
            Error = line;
            Say("Error: " + line["ERROR: ".Length..]);
        }
        // The client repeats the end of a failed step's output and the lines of the Containerfile; all else is about transfers.
    }

    private void Say(string line) => output.Write(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{line}\n")));

    [GeneratedRegex(@"^#\d+ \d+\.\d+ ", RegexOptions.CultureInvariant)]
    private static partial Regex Printed();

    [GeneratedRegex(@"^#\d+ \[(\S+ +)?(?<number>\d+/\d+)\] (?<text>[A-Z]+ .*)$", RegexOptions.CultureInvariant)]
    private static partial Regex Step();
}
