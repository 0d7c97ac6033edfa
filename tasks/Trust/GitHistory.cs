using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using StageX.Build.Sources;

namespace StageX.Build.Trust;

/// <summary>
/// A bare copy of a repository's history, for judging it. Nothing of the repository runs: git sends its objects to the copy,
/// which hashes each anew (git looks for the marks of SHA-1 collisions when it does), and is configured by us alone. What is
/// read from the copy is compared with its name once more.
/// </summary>
internal sealed class GitHistory : IDisposable
{
    private const string HeadRef = "refs/stagex/head";
    private readonly string _copy;
    private readonly FileLock _lock;
    private readonly CancellationToken _cancellation;
    private GitObjects? _objects;

    private GitHistory(string copy, FileLock held, CancellationToken cancellation) => (_copy, _lock, _cancellation) = (copy, held, cancellation);

    /// <summary>The commit that the repository has checked out.</summary>
    public string Head { get; private set; } = "";

    /// <summary>Brings the copy up to date.</summary>
    /// <param name="repository">A repository, bare or with a checkout.</param>
    /// <param name="folder">Where copies are kept.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <exception cref="StageXException"><see cref="ErrorCode.HistoryUnusable"/>.</exception>
    public static GitHistory Open(string repository, string folder, CancellationToken cancellation)
    {
        var copy = Path.Combine(folder, Digest.Of(Encoding.UTF8.GetBytes(Path.GetFullPath(repository))).Hex[..16] + ".git");
        var history = new GitHistory(copy, FileLock.Take(copy + ".lock", cancellation: cancellation), cancellation);
        try
        {
            history.Update(Path.GetFullPath(repository));
            return history;
        }
        catch
        {
            history.Dispose();
            throw;
        }
    }

    public bool Has(string commit) => Git(["--git-dir", _copy, "cat-file", "-e", commit + "^{commit}"]).ExitCode == 0;

    public bool IsAncestor(string older, string newer) => Git(["--git-dir", _copy, "merge-base", "--is-ancestor", older, newer]).ExitCode == 0;

    /// <summary>Those that can be reached from one commit and not from another.</summary>
    public IReadOnlyDictionary<string, GitCommit> Commits(string since, string head) =>
        Encoding.ASCII.GetString(Require(["--git-dir", _copy, "rev-list", head, "--not", since])).Split('\n', StringSplitOptions.RemoveEmptyEntries).ToDictionary(id => id, Commit, StringComparer.Ordinal);

    /// <summary>Those of the first parents of a commit, and itself, that changed a file, newest first.</summary>
    public IReadOnlyList<string> ChangesOf(string path, string head) =>
        Encoding.ASCII.GetString(Require(["--git-dir", _copy, "--literal-pathspecs", "rev-list", "--first-parent", head, "--", path])).Split('\n', StringSplitOptions.RemoveEmptyEntries);

    public GitCommit Commit(string id)
    {
        try
        {
            return GitCommit.Read(id, Read(id, "commit"));
        }
        catch (RefusedException e)
        {
            throw new StageXException(ErrorCode.ChangeRefused, $"the commit {id} is not in the form that git writes: {e.Message}", inner: e);
        }
    }

    /// <summary>The id of what a path leads to below a tree; null for nothing.</summary>
    public string? Find(string tree, string path)
    {
        var id = tree;
        foreach (var name in path.Split('/'))
        {
            if (id is null)
                return null;
            id = Entries(id).Where(entry => entry.Name == name).Select(entry => entry.Id).FirstOrDefault();
        }
        return id;
    }

    /// <summary>The files in a folder; what is no file in it has no content.</summary>
    public IReadOnlyDictionary<string, byte[]> ReadFolder(string tree) =>
        Entries(tree).ToDictionary(entry => entry.Name, entry => entry.Mode is "100644" or "100755" ? Read(entry.Id, "blob") : [], StringComparer.Ordinal);

    /// <summary>Whether a file on this machine, or a folder with all that is in it, is exactly what a tree has at a path.</summary>
    public bool Holds(string tree, string path, string copy)
    {
        var name = path[(path.LastIndexOf('/') + 1)..];
        var parent = name.Length == path.Length ? tree : Find(tree, path[..^(name.Length + 1)]);
        return parent is not null && Entries(parent).Exists(entry => entry.Name == name && IsSame(entry.Id, entry.Mode, copy));
    }

    private bool IsSame(string id, string mode, string copy)
    {
        if (mode == "40000")
        {
            var entries = Entries(id);
            return new DirectoryInfo(copy) is { Exists: true, LinkTarget: null } folder && folder.EnumerateFileSystemInfos().Count() == entries.Count
                && entries.TrueForAll(entry => IsSame(entry.Id, entry.Mode, Path.Combine(copy, entry.Name)));
        }
        return mode is "100644" or "100755" && new FileInfo(copy) is { Exists: true, LinkTarget: null } file
            && (OperatingSystem.IsWindows() || (mode == "100755") == ((file.UnixFileMode & UnixFileMode.UserExecute) != 0))
            && File.ReadAllBytes(copy).AsSpan().SequenceEqual(ReadBlob(id));
    }

    public byte[] ReadBlob(string id) => Read(id, "blob");

    public void Dispose()
    {
        _objects?.Dispose();
        _lock.Dispose();
    }

    private void Update(string repository)
    {
        if (!File.Exists(Path.Combine(_copy, "HEAD")))
        {
            if (Directory.Exists(_copy))
                GitTree.DeleteRepository(_copy);
            Require(["init", "--quiet", "--bare", "--template=", _copy]);
        }
        // The repository may belong to somebody else.
        File.WriteAllText(Path.Combine(_copy, "reader.config"), "[safe]\n\tdirectory = *\n");

        string[] places = [.. Encoding.UTF8.GetString(Require(["-C", repository, "rev-parse", "--path-format=absolute", "--git-common-dir", "HEAD"])).Split('\n', StringSplitOptions.RemoveEmptyEntries)];
        if (places is not [var common, { Length: 40 or 64 } head])
            throw Unusable($"{repository} has no commit checked out");
        if (File.Exists(Path.Combine(common, "shallow")))
            throw Unusable($"{repository} is a shallow clone, which leaves out history. Complete it with 'git fetch --unshallow'.");
        if (File.Exists(Path.Combine(common, "info", "grafts")))
            throw Unusable($"{repository} has grafts, which show another history than the commits have. Remove {Path.Combine(common, "info", "grafts")}.");
        if (Require(["-C", repository, "for-each-ref", "--count=1", "refs/replace"]).Length > 0)
            throw Unusable($"{repository} replaces objects, which shows another history than the commits have. Remove what 'git replace -l' lists.");
        Require(["-c", "protocol.allow=never", "-c", "protocol.file.allow=always", "-c", "fetch.fsckObjects=true", "-c", "gc.auto=0", "-c", "core.hooksPath=/dev/null",
            "--git-dir", _copy, "fetch", "--quiet", "--no-tags", "--no-write-fetch-head", "--no-recurse-submodules", "--no-auto-maintenance", repository, $"+HEAD:{HeadRef}"]);
        Head = Encoding.ASCII.GetString(Require(["--git-dir", _copy, "rev-parse", "--verify", HeadRef])).Trim();
        if (Head != head)
            throw Unusable($"{repository} changed while it was read; try again");
        if (File.Exists(Path.Combine(_copy, "shallow")))
            throw Unusable($"{repository} leaves out history");
    }

    // "<mode> <name>\0<id>"
    private List<(string Mode, string Name, string Id)> Entries(string tree)
    {
        var content = Read(tree, "tree");
        var entries = new List<(string, string, string)>();
        for (var at = 0; at < content.Length;)
        {
            var blank = Array.IndexOf(content, (byte)' ', at);
            var end = Array.IndexOf(content, (byte)0, at);
            var next = end + 1 + tree.Length / 2;
            entries.Add((Encoding.ASCII.GetString(content, at, blank - at), Encoding.UTF8.GetString(content, blank + 1, end - blank - 1), Convert.ToHexStringLower(content.AsSpan((end + 1)..next))));
            at = next;
        }
        return entries;
    }

    private byte[] Read(string id, string type)
    {
        _objects ??= GitObjects.Open(["--git-dir", _copy], Isolate, _cancellation) ?? throw NoGit();
        _cancellation.ThrowIfCancellationRequested();
        var header = _objects.Ask(id) ?? throw Unusable("git ended while its objects were read");
        if (header.Split(' ') is not [var answered, var found, var size] || answered != id || found != type)
            throw Unusable($"{id} is no {type}: git says '{header}'");
        var content = new byte[int.Parse(size, CultureInfo.InvariantCulture)];
        _objects.Content.ReadExactly(content);
        _objects.EndContent();
        byte[] named = [.. Encoding.ASCII.GetBytes($"{type} {size}\0"), .. content];
#pragma warning disable CA5350 // The names of git's objects.
        var hash = id.Length == 40 ? SHA1.HashData(named) : SHA256.HashData(named);
#pragma warning restore CA5350
        return Convert.ToHexStringLower(hash) == id ? content : throw Unusable($"the {type} {id} has another hash than its name");
    }

    private byte[] Require(string[] arguments)
    {
        var (exitCode, output, errors) = Git(arguments);
        return exitCode == 0 ? output : throw Unusable($"git {arguments.First(argument => argument[0] != '-')}: {errors.Trim()}");
    }

    private (int ExitCode, byte[] Output, string Errors) Git(string[] arguments) => ChildProcess.Run("git", arguments, Isolate, _cancellation) ?? throw NoGit();

    private void Isolate(IDictionary<string, string?> environment)
    {
        GitEnvironment.Isolate(environment, Path.Combine(_copy, "reader.config"));
        environment["GIT_NO_LAZY_FETCH"] = "1";
    }

    private static StageXException Unusable(string message) => new(ErrorCode.HistoryUnusable, message);

    private static StageXException NoGit() => Unusable("git is not installed");
}
