using System.Text;
using StageX.Build.Reproducibility;

namespace StageX.Build.Trust;

/// <summary>The files of digests as verified history has them, each read once.</summary>
internal sealed class VerifiedDigests(SourceHistory history)
{
    private readonly Dictionary<string, DigestFile> _files = new(StringComparer.Ordinal);
    private readonly Dictionary<string, HashSet<string>> _formerLines = new(StringComparer.Ordinal);

    /// <param name="path">Relative to the repository, with the separators of any system.</param>
    /// <returns>The path with slashes, and the file; one that is not there records nothing.</returns>
    public (string Path, DigestFile File) Find(string path)
    {
        path = path.Replace('\\', '/');
        if (!_files.TryGetValue(path, out var file))
            _files[path] = file = DigestFile.Parse(path, history.ReadFile(path) is { } content ? Encoding.UTF8.GetString(content) : "");
        return (path, file);
    }

    /// <summary>Whether the main line recorded a digest for an image at any time: a package may be built anew, and keep its version.</summary>
    public bool Recorded(string path, string id, Digest digest)
    {
        path = path.Replace('\\', '/');
        if (!_formerLines.TryGetValue(path, out var lines))
            _formerLines[path] = lines = [.. history.ReadFormer(path).SelectMany(content => Encoding.UTF8.GetString(content).Split('\n', StringSplitOptions.TrimEntries))];
        return lines.Contains($"{digest.Hex} {id}");
    }
}
