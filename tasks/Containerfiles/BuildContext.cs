using System.Text.RegularExpressions;
using StageX.Build.Sources;

namespace StageX.Build.Containerfiles;

public enum ContextKind
{
    File,
    Directory,
    SymbolicLink,

    /// <summary>A local file whose content is extracted at the path.</summary>
    Archive,
}

/// <summary>One entry of the build context, always with the canonical mode.</summary>
/// <param name="Path">Relative to the context, with '/'.</param>
/// <param name="Kind">What it is.</param>
/// <param name="Mode">Permission bits.</param>
/// <param name="LocalFile">Where a file's bytes are.</param>
/// <param name="Text">A file's bytes where it has no local file, or a link's target.</param>
/// <param name="IsKeyed">Whether it is part of the key of the stages that copy it.</param>
public sealed record ContextEntry(string Path, ContextKind Kind, int Mode, string? LocalFile = null, string? Text = null, bool IsKeyed = true);

/// <summary>
/// What COPY and ADD can name: local files, entries that the definition asks for, and the sources below <c>fetch/</c>.
/// Every file has mode 644 or 755 and mtime 1, whatever the checkout's umask did to it.
/// </summary>
public sealed partial class BuildContext(IReadOnlyList<Source> sources)
{
    /// <summary>Where sources are.</summary>
    internal const string FetchFolder = "fetch";

    private const string ArchivesFolder = ".stagex/archives";

    // Of what ADD extracts; raised when the same archive would be extracted into another tree.
    internal const string ExtractionRules = "1";

    private readonly SortedDictionary<string, ContextEntry> _entries = new(StringComparer.Ordinal);
    private readonly Dictionary<ContextEntry, Digest> _digests = [];
    private readonly Dictionary<Source, Digest> _keys = [];

    public IReadOnlyList<Source> Sources { get; } = sources;

    public IEnumerable<ContextEntry> Entries => _entries.Values;

    public void Add(ContextEntry entry) => _entries[entry.Path] = entry;

    /// <summary>Adds a local file under its path in the package's folder, executable where the checkout says so.</summary>
    public void AddLocal(string path, string localFile, int? mode = null) =>
        Add(new ContextEntry(path, ContextKind.File, mode ?? ModeOf(localFile), localFile));

    /// <summary>Adds what a local archive holds as a folder.</summary>
    /// <returns>The folder's path, the same for the same content.</returns>
    public string AddArchive(ContextEntry file)
    {
        var path = $"{ArchivesFolder}/{DigestOf(file).Hex}";
        Add(new ContextEntry(path, ContextKind.Archive, 0b111_101_101, file.LocalFile));
        return path;
    }

    /// <summary>Everything that one source argument of COPY matches: entries, and sources (as wholes).</summary>
    public (IReadOnlyList<ContextEntry> Entries, IReadOnlyList<Source> Sources) Match(string pattern)
    {
        var normal = Normalize(pattern);
        if (normal.Length == 0)
            return ([.. _entries.Values], Sources);
        var glob = Glob(normal, below: true);
        var entries = _entries.Values.Where(entry => glob.IsMatch(entry.Path)).ToList();
        var parts = normal.Split('/', 3);
        var sources = !Glob(parts[0]).IsMatch(FetchFolder) ? []
            : parts.Length == 1 ? Sources
            : Sources.Where(source => Glob(parts[1]).IsMatch(source.Name)).ToList();
        return (entries, sources);
    }

    /// <summary>The same, but only what the argument itself names, and nothing in folders that it names.</summary>
    public (IReadOnlyList<ContextEntry> Entries, IReadOnlyList<Source> Sources) MatchNamed(string pattern)
    {
        var glob = Glob(Normalize(pattern));
        return ([.. _entries.Values.Where(entry => glob.IsMatch(entry.Path))], [.. Sources.Where(source => glob.IsMatch($"{FetchFolder}/{source.Name}"))]);
    }

    /// <summary>Of a file's bytes, read once: what went into a key is what <see cref="Write"/> must deliver.</summary>
    public Digest DigestOf(ContextEntry file)
    {
        if (!_digests.TryGetValue(file, out var digest))
            _digests[file] = digest = file.LocalFile is null ? Digest.Of(System.Text.Encoding.UTF8.GetBytes(file.Text!)) : Digest.OfFile(file.LocalFile);
        return digest;
    }

    /// <summary>A source's key, its patches read once.</summary>
    public Digest KeyOf(Source source)
    {
        if (!_keys.TryGetValue(source, out var key))
            _keys[source] = key = source.Key();
        return key;
    }

    /// <summary>Writes entries and extracted sources into an empty folder that engines take as context.</summary>
    /// <exception cref="StageXException"><see cref="ErrorCode.ChangedInput"/>: something is no longer what went into a key.</exception>
    public void Write(string folder, SourceCache cache, CancellationToken cancellation)
    {
        foreach (var entry in _entries.Values)
        {
            var path = Path.Combine(folder, entry.Path);
            Directory.CreateDirectory(entry.Kind == ContextKind.Directory ? path : Path.GetDirectoryName(path)!);
            switch (entry.Kind)
            {
                case ContextKind.File when entry.LocalFile is not null:
                    File.Copy(entry.LocalFile, path);
                    if (Digest.OfFile(path) != DigestOf(entry))
                        throw Changed(entry.LocalFile);
                    break;
                case ContextKind.File:
                    File.WriteAllText(path, entry.Text);
                    break;
                case ContextKind.SymbolicLink:
                    File.CreateSymbolicLink(path, entry.Text!);
                    break;
                case ContextKind.Archive:
                    SourceTree.ExtractLocal(entry.LocalFile!, DigestOf(entry), path, cancellation);
                    break;
            }
        }
        foreach (var source in Sources)
        {
            var key = KeyOf(source);
            SourceTree.Extract(source, cache, Path.Combine(folder, FetchFolder), cancellation);
            if (source.Key() != key)
                throw Changed(source.Patches[0]);
        }
        if (!OperatingSystem.IsWindows())
            foreach (var entry in _entries.Values.Where(entry => entry.Kind is ContextKind.File or ContextKind.Directory))
                File.SetUnixFileMode(Path.Combine(folder, entry.Path), (UnixFileMode)entry.Mode);
        SetTimes(folder);
    }

    // Deepest first: making an entry changes its folder's time.
    private void SetTimes(string folder)
    {
        var paths = new SortedSet<string>(_entries.Keys, StringComparer.Ordinal);
        foreach (var path in _entries.Keys.Concat(Sources.Select(source => $"{FetchFolder}/{source.Name}")))
            for (var parent = Path.GetDirectoryName(path); !string.IsNullOrEmpty(parent); parent = Path.GetDirectoryName(parent))
            {
                if (paths.Add(parent) && !OperatingSystem.IsWindows())
                    File.SetUnixFileMode(Path.Combine(folder, parent), (UnixFileMode)0b111_101_101);
            }
        foreach (var path in paths.Reverse())
        {
            var full = Path.Combine(folder, path);
            if (_entries.TryGetValue(path, out var entry) && entry.Kind == ContextKind.File)
                File.SetLastWriteTimeUtc(full, DateTime.UnixEpoch.AddSeconds(1));
            else if (entry?.Kind != ContextKind.SymbolicLink)
                Directory.SetLastWriteTimeUtc(full, DateTime.UnixEpoch.AddSeconds(1));
        }
    }

    public static int ModeOf(string localFile) =>
        !OperatingSystem.IsWindows() && (File.GetUnixFileMode(localFile) & UnixFileMode.UserExecute) != 0 ? 0b111_101_101 : 0b110_100_100;

    private static StageXException Changed(string file) =>
        new(ErrorCode.ChangedInput, "the file changed while the package was built; build again", file);

    /// <summary>A path of the context without what does not matter; nothing leads out of it.</summary>
    internal static string Normalize(string path) => Images.EntryPath.Resolve("", path);

    // '*' and '?' stay within one path component.
    private static Regex Glob(string pattern, bool below = false) => new(
        "^" + GlobToken().Replace(pattern, match => match.Value switch
        {
            "*" => "[^/]*",
            "?" => "[^/]",
            ['[', ..] set => set.Replace("[^", "[^/"),
            var other => Regex.Escape(other),
        }) + (below ? "(/.*)?$" : "$"), RegexOptions.CultureInvariant | RegexOptions.Singleline);

    [GeneratedRegex(@"\*|\?|\[[^\]/]+\]|[^*?\[]+|\[")]
    private static partial Regex GlobToken();
}
