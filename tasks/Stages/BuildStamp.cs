using System.Globalization;
using System.Text;

namespace StageX.Build.Stages;

/// <summary>An image as a stamp remembers it.</summary>
internal sealed record StampedImage(string Id, string Version, Digest Digest, string Layout, long Size, string Project);

/// <summary>A file that a build wrote, as it left it.</summary>
internal sealed record StampedFile(string Path, long Length, long Time)
{
    public static StampedFile Of(FileInfo file) => new(file.FullName, file.Length, file.LastWriteTimeUtc.Ticks);

    public static IEnumerable<StampedFile> In(string folder) => new DirectoryInfo(folder).GetFiles("*", SearchOption.AllDirectories).Select(Of);

    public bool IsThere => new FileInfo(Path) is { Exists: true } file && file.Length == Length && file.LastWriteTimeUtc.Ticks == Time;
}

/// <summary>
/// What a build read and what it came out with, so that the next one can tell that there is nothing to do: the inputs are
/// the same and the results are there.
/// </summary>
/// <param name="Inputs">Of everything that it read.</param>
/// <param name="Images">What it made.</param>
/// <param name="Results">The files that it wrote.</param>
/// <param name="Dependencies">The layouts that it read, with the manifest that each held.</param>
internal sealed record BuildStamp(
    Digest Inputs, IReadOnlyList<StampedImage> Images, IReadOnlyList<StampedFile> Results, IReadOnlyList<(string Layout, Digest Manifest)> Dependencies)
{
    private const string Begin = "stagex build stamp 1", End = "end";

    /// <summary>Where that of a package is.</summary>
    public static string FileFor(string artifacts, string id) => Path.Combine(artifacts, "logs", id, "stamp");

    /// <summary>Null where there is none that can be read.</summary>
    public static BuildStamp? Read(string path)
    {
        try
        {
            var lines = File.ReadAllLines(path);
            if (lines.Length < 3 || lines[0] != Begin || lines[^1] != End)
                return null;
            var stamp = (Images: new List<StampedImage>(), Results: new List<StampedFile>(), Dependencies: new List<(string, Digest)>());
            foreach (var line in lines.AsSpan(2..^1))
            {
                var words = line.Split('\t');
                switch (words)
                {
                    case ["image", var id, var version, var digest, var layout, var size, var project]:
                        stamp.Images.Add(new StampedImage(id, version, Digest.Parse(digest), layout, Number(size), project));
                        break;
                    case ["result", var file, var length, var time]:
                        stamp.Results.Add(new StampedFile(file, Number(length), Number(time)));
                        break;
                    case ["dependency", var layout, var manifest]:
                        stamp.Dependencies.Add((layout, Digest.Parse(manifest)));
                        break;
                    default:
                        return null;
                }
            }
            return new BuildStamp(Digest.Parse(lines[1]), stamp.Images, stamp.Results, stamp.Dependencies);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or FormatException or OverflowException)
        {
            return null;
        }
    }

    public void Write(string path)
    {
        var text = new StringBuilder().Append(Begin).Append('\n').Append(Inputs).Append('\n');
        foreach (var image in Images)
            Line("image", image.Id, image.Version, image.Digest.ToString(), image.Layout, Text(image.Size), image.Project);
        foreach (var result in Results)
            Line("result", result.Path, Text(result.Length), Text(result.Time));
        foreach (var (layout, manifest) in Dependencies)
            Line("dependency", layout, manifest.ToString());
        AtomicFile.Write(path, text.Append(End).Append('\n').ToString());

        void Line(params ReadOnlySpan<string> words) => text.AppendJoin('\t', words).Append('\n');
    }

    /// <summary>Whether everything that was written is as it was left.</summary>
    public bool ResultsAreThere => Results.All(result => result.IsThere) && Dependencies.All(dependency => Holds(dependency.Layout, dependency.Manifest));

    private static bool Holds(string layout, Digest manifest)
    {
        try
        {
            // It names one image, in less than this.
            Span<byte> index = stackalloc byte[1024];
            using var file = File.OpenHandle(Path.Combine(layout, "index.json"), share: FileShare.ReadWrite | FileShare.Delete);
            return index[..RandomAccess.Read(file, index, 0)].IndexOf(Encoding.ASCII.GetBytes(manifest.Hex)) >= 0;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private static long Number(string text) => long.Parse(text, CultureInfo.InvariantCulture);

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
