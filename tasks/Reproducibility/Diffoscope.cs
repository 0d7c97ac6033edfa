using StageX.Build.Images;
using StageX.Build.Sources;

namespace StageX.Build.Reproducibility;

/// <summary>
/// Asks diffoscope(1), where it is installed, about files of which only bytes could be compared: it has readers for formats
/// that this code does not know. Nothing depends on its answer.
/// </summary>
public static class Diffoscope
{
    private static readonly TimeSpan LongestForFile = TimeSpan.FromMinutes(2);

    private const int MostFiles = 3;
    private const int MostLines = 60;
    private const long LargestFile = 256 << 20;

    /// <param name="first">The layout that was compared.</param>
    /// <param name="second">The other.</param>
    /// <param name="differences">What is known already.</param>
    /// <param name="cancellation">Ends it early.</param>
    /// <returns>Its words about a few files, in lines; empty where it is not installed, has nothing to say, or takes too long.</returns>
    public static string Report(string first, string second, ImageDifferences differences, CancellationToken cancellation)
    {
        var paths = differences.Differences.Where(difference => difference.Kind == DifferenceKind.Bytes).Select(difference => difference.Path).Distinct().Take(MostFiles).ToList();
        if (paths.Count == 0)
            return "";
        var folder = Directory.CreateTempSubdirectory("stagex-diffoscope-");
        try
        {
            using var rootA = Open(first);
            using var rootB = Open(second);
            return string.Concat(paths.Select(path => About(path, rootA, rootB, folder.FullName, cancellation)));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static RootFilesystem Open(string layout) => RootFilesystem.FromLayers(ImageLayout.Read(layout).Image.Layers, LayerStore.OfLayout(layout));

    private static string About(string path, RootFilesystem first, RootFilesystem second, string folder, CancellationToken cancellation)
    {
        if (!Extract(first, path, Path.Combine(folder, "first")) || !Extract(second, path, Path.Combine(folder, "second")))
            return "";
        using var limited = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limited.CancelAfter(LongestForFile);
        try
        {
            // 0 is for the same, 1 for different, and more for trouble.
            if (ChildProcess.Run("diffoscope", ["--no-progress", "--text", "-", "--", Path.Combine(folder, "first"), Path.Combine(folder, "second")],
                environment => environment["TMPDIR"] = folder, limited.Token) is not { ExitCode: 1 } result)
                return "";
            var lines = System.Text.Encoding.UTF8.GetString(result.Output).Split('\n', StringSplitOptions.RemoveEmptyEntries)
                .Where(line => !line.StartsWith("--- ", StringComparison.Ordinal) && !line.StartsWith("+++ ", StringComparison.Ordinal)).ToList();
            return $"diffoscope on {path}:\n{string.Concat(lines.Take(MostLines).Select(line => $"  {Printable.Of(line)}\n"))}{(lines.Count > MostLines ? $"  … and {lines.Count - MostLines} more\n" : "")}";
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return "";
        }
    }

    private static bool Extract(RootFilesystem root, string path, string file)
    {
        if (root.Entries.FirstOrDefault(entry => entry.Path == path) is not { Content: not null, Size: <= LargestFile } entry)
            return false;
        using var content = root.Open(entry);
        using var copy = File.Create(file);
        content.CopyTo(copy);
        return true;
    }
}
