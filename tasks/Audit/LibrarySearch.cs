using StageX.Build.Images;

namespace StageX.Build.Audit;

/// <summary>Looks for what executables need in an image and in what that needs when it runs, as a loader does where they are composed.</summary>
public sealed class LibrarySearch
{
    // Which of them a loader asks, and which of them are links to others, is the matter of the image that a program runs in.
    private static readonly string[] Folders = ["lib", "lib64", "usr/lib", "usr/lib64", "usr/local/lib"];
    private const string Merged = "usr/lib";

    private readonly HashSet<string> _files = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _links = new(StringComparer.Ordinal);

    /// <param name="entries">Of all these images.</param>
    public LibrarySearch(IEnumerable<LayerEntry> entries)
    {
        foreach (var entry in entries)
            if (entry.Kind is EntryKind.File or EntryKind.HardLink)
                _files.Add(Merge(entry.Path));
            else if (entry.Kind == EntryKind.SymbolicLink)
                // From where the link really is: merged, another folder would be above it.
                _links.TryAdd(Merge(entry.Path), "/" + EntryPath.Resolve(EntryPath.Parent(entry.Path), entry.LinkTarget!));
    }

    /// <summary>What of it is not there, in words, each once.</summary>
    public IEnumerable<string> Missing(Executable executable)
    {
        if (executable.Interpreter is { } loader && !IsFile(loader))
            yield return $"loaded by {loader}";
        var folders = executable.RunPath.Select(folder => Expand(folder, executable.Path)).Where(folder => folder.StartsWith('/')).Prepend("/" + Merged).ToList();
        foreach (var library in executable.Needed.Distinct(StringComparer.Ordinal))
            if (library.Contains('/', StringComparison.Ordinal) ? !IsFile(library) : !folders.Any(folder => IsFile($"{folder}/{library}")))
                yield return $"needing {library}";
    }

    private bool IsFile(string path) => EntryPath.Follow(path, LinkAt) is { } end && _files.Contains(end);

    private string? LinkAt(string path) =>
        Folders.Contains(path) ? path == Merged ? null : "/" + Merged
        // A link from one of the folders to the same name in another.
        : _files.Contains(path) ? null : _links.GetValueOrDefault(path);

    private static string Merge(string path) =>
        Folders.FirstOrDefault(folder => EntryPath.IsBelow(path, folder)) is { } folder ? Merged + path[folder.Length..] : path;

    private static string Expand(string folder, string executable)
    {
        var origin = "/" + EntryPath.Parent(executable);
        return folder.Replace("${ORIGIN}", origin, StringComparison.Ordinal).Replace("$ORIGIN", origin, StringComparison.Ordinal);
    }
}
