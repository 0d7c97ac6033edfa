using System.Security.Cryptography;
using System.Text;

namespace StageX.Build.Sources;

/// <summary>A hash with hints where to find what has it, and what is done to it before a step sees it.</summary>
public sealed record Source
{
    /// <summary>Raised when the same archive would be extracted into another tree.</summary>
    private const string ExtractionRules = "stagex-source 1";

    /// <summary>The item as the definition writes it; errors point at it.</summary>
    public required string Include { get; init; }

    /// <summary>The name of the folder (or the file, without <see cref="Extract"/>) in the build context's <c>fetch/</c>.</summary>
    public required string Name { get; init; }

    /// <summary>Hints in the order they are tried: http, https or file. With <see cref="Commit"/>, repositories.</summary>
    public required IReadOnlyList<Uri> Urls { get; init; }

    /// <summary>Of the file that a URL delivers; with <see cref="Commit"/>, of the tree as <see cref="CanonicalTar"/> writes it.</summary>
    public required Digest Sha256 { get; init; }

    /// <summary>The full id of a git commit, when the URLs are git repositories.</summary>
    public string? Commit { get; init; }

    /// <summary>False delivers the file as it is.</summary>
    public bool Extract { get; init; } = true;

    /// <summary>The path of an archive in the archive, below an only top folder: it is extracted in place of the one around it.</summary>
    public string? Archive { get; init; }

    /// <summary>Paths or globs (<see cref="PathPattern"/>) that are deleted from the extracted tree before patches apply.</summary>
    public IReadOnlyList<string> Remove { get; init; } = [];

    /// <summary>Paths or globs of texts that a tool generated; they are delivered all the same.</summary>
    public IReadOnlyList<string> Generated { get; init; } = [];

    /// <summary>Absolute paths of patch files, in the order they apply.</summary>
    public IReadOnlyList<string> Patches { get; init; } = [];

    /// <summary>
    /// Everything that decides what a step finds, and nothing else: where the bytes came from and where patch files lie is not in it.
    /// </summary>
    public Digest Key()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        void Add(string field, string value)
        {
            var bytes = Encoding.UTF8.GetBytes(value);
            hash.AppendData(Encoding.UTF8.GetBytes($"{field} {bytes.Length}\n"));
            hash.AppendData(bytes);
        }

        Add("rules", ExtractionRules);
        Add("name", Name);
        Add("sha256", Sha256.Hex);
        // A git tree keeps its only top folder, an archive does not.
        Add("form", !Extract ? "file" : Commit is null ? "archive" : "tree");
        if (Archive is not null)
            Add("archive", Archive);
        foreach (var pattern in Remove.Distinct().Order(StringComparer.Ordinal))
            Add("remove", pattern);
        foreach (var patch in Patches)
            Add("patch", Digest.Of(ReadPatch(patch)).Hex);
        return Digest.FromHash(hash.GetHashAndReset());
    }

    /// <summary>Refuses what can be seen to be wrong before anything is fetched.</summary>
    /// <exception cref="StageXException">With the item at fault.</exception>
    public void Validate()
    {
        if (EntryPath.Split(Name) is not { Length: 1 } parts || parts[0] != Name)
            throw Fault(ErrorCode.SourceInvalid, $"'{Name}' cannot be a source's name: it must be one file name. Set Name.");
        foreach (var url in Urls)
            ValidateUrl(url);
        if (Commit is not null && (Commit.Length != 40 || !Commit.All(char.IsAsciiHexDigitLower)))
            throw Fault(ErrorCode.SourceInvalid, $"'{Commit}' is no commit: 40 lower-case hexadecimal digits are needed, no branch or tag.");
        if (Commit is not null && Urls.Count == 0)
            throw Fault(ErrorCode.SourceInvalid, "A git source needs the URL of a repository.");
        if (!Extract && (Remove.Count > 0 || Patches.Count > 0))
            throw Fault(ErrorCode.SourceInvalid, "Remove and Patches work on an extracted tree and contradict Extract=\"false\".");
        if (Archive is not null && (!Extract || Commit is not null))
            throw Fault(ErrorCode.SourceInvalid, "Archive names an archive inside an archive, and contradicts Extract=\"false\" and Commit.");
        foreach (var pattern in Remove)
            if (!PathPattern.TryParse(pattern, out _))
                throw Fault(ErrorCode.RemoveUseless, $"Remove '{pattern}' is no path inside the source.");
        foreach (var pattern in Generated)
            if (!PathPattern.TryParse(pattern, out _))
                throw Fault(ErrorCode.UselessGenerated, $"Generated '{pattern}' is no path inside the source.");
    }

    internal byte[] ReadPatch(string path)
    {
        try
        {
            return File.ReadAllBytes(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Fault(ErrorCode.PatchMissing, $"The patch '{path}' cannot be read: {e.Message}", inner: e);
        }
    }

    internal StageXException Fault(string code, string message, string? file = null, int line = 0, Exception? inner = null) =>
        new(code, message, file, line, inner) { Item = ("Source", Include) };

    private void ValidateUrl(Uri url)
    {
        if (!url.IsAbsoluteUri || url.Scheme is not ("http" or "https" or "file"))
            throw Fault(ErrorCode.SourceUrlInvalid, $"'{url}' is no http, https or file URL.");
        // Not printed: it holds a password.
        if (url.UserInfo.Length > 0)
            throw Fault(ErrorCode.SourceUrlInvalid, $"A URL on {url.Host} carries a user name or password. Sources are public: leave it out.");
        if (url.Scheme == "file" && url.Host is not ("" or "localhost"))
            throw Fault(ErrorCode.SourceUrlInvalid, $"'{url}' names a file on another machine.");
    }
}
