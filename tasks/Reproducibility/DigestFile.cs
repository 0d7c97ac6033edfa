using System.Collections.Concurrent;
using System.Text;

namespace StageX.Build.Reproducibility;

/// <summary>
/// <c>digests.txt</c> of a stage of the distribution: a line <c>&lt;sha256&gt; &lt;id&gt;</c> for the manifest of every image, sorted by id.
/// </summary>
public sealed class DigestFile
{
    // Every package of a stage looks into the same file.
    private static readonly ConcurrentDictionary<string, (string Content, DigestFile File)> LastRead = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, (Digest Digest, int Line)> _byId = new(StringComparer.Ordinal);

    private DigestFile(string path) => Path = path;

    public string Path { get; }

    /// <summary>Reads the file; one that does not exist is empty.</summary>
    /// <exception cref="StageXException"><see cref="ErrorCode.DigestFileSyntax"/>.</exception>
    public static DigestFile Read(string path)
    {
        path = System.IO.Path.GetFullPath(path);
        var content = ReadContent(path);
        if (!LastRead.TryGetValue(path, out var last) || last.Content != content)
            LastRead[path] = last = (content, Parse(path, content));
        return last.File;
    }

    /// <summary>Reads the content of a file of that path.</summary>
    /// <exception cref="StageXException"><see cref="ErrorCode.DigestFileSyntax"/>.</exception>
    public static DigestFile Parse(string path, string content)
    {
        var file = new DigestFile(path);
        var number = 0;
        foreach (var line in content.ReplaceLineEndings("\n").Split('\n'))
        {
            number++;
            if (line.Length == 0)
                continue;
            if (line.Split(' ') is not [var hex, { Length: > 0 } id] || !Digest.TryFromHex(hex, out var digest) || !file._byId.TryAdd(id, (digest, number)))
                throw new StageXException(ErrorCode.DigestFileSyntax, "expected '<64 hexadecimal digits> <id>', each id once", path, number);
        }
        return file;
    }

    /// <summary>Whether the file records just these, or is not there.</summary>
    /// <exception cref="StageXException"><see cref="ErrorCode.DigestFileSyntax"/>.</exception>
    public static bool Records(string path, IEnumerable<(string Id, Digest Digest)> images) =>
        !File.Exists(path) || Read(path) is var recorded && images.All(image => recorded.Find(image.Id) == image.Digest);

    public Digest? Find(string id) => _byId.TryGetValue(id, out var entry) ? entry.Digest : null;

    /// <exception cref="StageXException"><see cref="ErrorCode.DigestMismatch"/> at the line that records the other digest.</exception>
    public void Check(string id, Digest built)
    {
        if (_byId.TryGetValue(id, out var recorded) && recorded.Digest != built)
            throw new StageXException(ErrorCode.DigestMismatch,
                $"{id} came out as {built}, but {recorded.Digest} is recorded. If you changed what it is made of, look at the change with -t:Why and record it with -t:UpdateDigests. " +
                "If you changed nothing, its build is not reproducible: -t:Verify finds out what it depends on.", Path, recorded.Line);
    }

    /// <summary>Records digests in the file, keeping the others; takes a lock, since packages of a stage build at once.</summary>
    /// <param name="path">The file.</param>
    /// <param name="lockFile">What to lock.</param>
    /// <param name="images">What was built.</param>
    /// <returns>Whether the file changed.</returns>
    public static bool Update(string path, string lockFile, IEnumerable<(string Id, Digest Digest)> images)
    {
        path = System.IO.Path.GetFullPath(path);
        using var taken = FileLock.Take(lockFile);
        AtomicFile.RemoveLeftovers(System.IO.Path.GetDirectoryName(path)!, System.IO.Path.GetFileName(path));
        var before = ReadContent(path);
        var file = Parse(path, before);
        foreach (var (id, digest) in images)
            file._byId[id] = (digest, 0);
        var text = new StringBuilder();
        foreach (var (id, entry) in file._byId)
            text.Append(entry.Digest.Hex).Append(' ').Append(id).Append('\n');
        if (before.Length > 0 && before == text.ToString())
            return false;
        AtomicFile.Write(path, text.ToString());
        return true;
    }

    private static string ReadContent(string path) => File.Exists(path) ? File.ReadAllText(path) : "";
}
