using System.Globalization;
using StageX.Build.Registries;

namespace StageX.Build.Trust;

/// <summary>
/// A tree of signatures as container tools look them up beside a registry (containers-registries.d(5), lookaside):
/// <c>&lt;registry&gt;/&lt;path&gt;@sha256=&lt;hex&gt;/signature-&lt;n&gt;</c>, numbered from 1 without gaps. It may be a git repository, and a web site.
/// Beside them, <c>record-&lt;hex&gt;.json</c>, lie the records of verifications that signatures name by their digest.
/// </summary>
public sealed class SignatureStore
{
    // Of one image: who floods it shall not keep us busy.
    private const int Most = 1000;
    private const long LargestRecord = 1 << 20;
    private readonly string _folder;

    public SignatureStore(string folder) => _folder = Path.GetFullPath(folder);

    /// <summary>The signatures of an image, in the order of their numbers; what cannot be one is given as null with the reason.</summary>
    public IEnumerable<(string File, byte[]? Content, string Refusal)> Read(RepositoryName name, Digest digest)
    {
        var folder = FolderOf(name, digest);
        for (var number = 1; number <= Most; number++)
        {
            var file = FileOf(folder, number);
            if (new FileInfo(file) is { Exists: false, LinkTarget: null })
                yield break;
            yield return LinkOn(file) is { } link ? (file, null, $"'{link}' is a link")
                : new FileInfo(file).Length > OpenPgpMessage.LargestSize ? (file, null, $"it is larger than {OpenPgpMessage.LargestSize} bytes")
                // A pipe or a device has no length either, and to open one can take for ever.
                : new FileInfo(file).Length == 0 ? (file, null, "it is empty")
                : (file, File.ReadAllBytes(file), "");
        }
    }

    /// <summary>The digests for which there are signatures.</summary>
    public IEnumerable<Digest> Digests(RepositoryName name)
    {
        var beside = Path.GetDirectoryName(Path.Combine(_folder, name.ToString()))!;
        var start = Path.GetFileName(name.Path) + "@sha256=";
        return Directory.Exists(beside)
            ? Directory.EnumerateDirectories(beside, start + "*").Select(folder => Path.GetFileName(folder)[start.Length..]).Order(StringComparer.Ordinal)
                .Select(hex => Digest.TryFromHex(hex, out var digest) && digest.Hex == hex ? digest : (Digest?)null).OfType<Digest>().ToList()
            : [];
    }

    /// <summary>Adds a signature under the next number; the caller holds a lock.</summary>
    public string Add(RepositoryName name, Digest digest, byte[] signature)
    {
        var folder = WritableFolderOf(name, digest);
        var number = 1;
        while (File.Exists(FileOf(folder, number)))
            number++;
        AtomicFile.Write(FileOf(folder, number), signature);
        return FileOf(folder, number);
    }

    /// <summary>Adds the record by which an image is signed.</summary>
    public void AddRecord(RepositoryName name, Digest digest, byte[] record) =>
        AtomicFile.Write(Path.Combine(WritableFolderOf(name, digest), RecordOf(Digest.Of(record))), record);

    /// <summary>The file of a record, if it is there and is what a signature says.</summary>
    public string? FindRecord(RepositoryName name, Digest digest, Digest record)
    {
        var file = Path.Combine(FolderOf(name, digest), RecordOf(record));
        return LinkOn(file) is null && new FileInfo(file) is { Exists: true, Length: > 0 and <= LargestRecord } && Digest.Of(File.ReadAllBytes(file)) == record ? file : null;
    }

    private static string RecordOf(Digest record) => $"record-{record.Hex}.json";

    private string WritableFolderOf(RepositoryName name, Digest digest)
    {
        var folder = FolderOf(name, digest);
        return LinkOn(folder) is { } link ? throw new StageXException(ErrorCode.NoSignatureStore, $"'{link}' is a link, where a folder of signatures should be") : folder;
    }

    // The parts of a name and of a digest are checked where they enter: none leads elsewhere.
    private string FolderOf(RepositoryName name, Digest digest) => Path.Combine(_folder, $"{name}@sha256={digest.Hex}");

    private static string FileOf(string folder, int number) => Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"signature-{number}"));

    private string? LinkOn(string path)
    {
        for (var at = path; at.Length > _folder.Length; at = Path.GetDirectoryName(at)!)
            if (new FileInfo(at).LinkTarget is not null)
                return at;
        return null;
    }
}
