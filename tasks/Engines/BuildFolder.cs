namespace StageX.Build.Engines;

/// <summary>
/// The private folder of one run of the engine: its containers, its intermediate images, its temporary files. Ending a run
/// is removing its folder, whatever state that is in. A lock beside it, which everything that the run starts inherits,
/// tells the living from what a killed run left behind.
/// </summary>
internal sealed class BuildFolder : IDisposable
{
    private const string LockSuffix = ".lock";
    private const string Outputs = "out";
    private readonly Action<string> _remove;
    private FileLock? _lock;

    private BuildFolder(string path, FileLock held, Action<string> remove) => (Path, _lock, _remove) = (path, held, remove);

    public string Path { get; }

    /// <summary>To be held shared by every process of the run.</summary>
    public string LockFile => Path + LockSuffix;

    public string this[string name] => System.IO.Path.Combine(Path, name);

    /// <summary>A link from here to a file outside, which is removed with the folder unless it has been moved to its place.</summary>
    public string LinkToOutput(string name, string file)
    {
        Directory.CreateDirectory(this[Outputs]);
        var link = System.IO.Path.Combine(Outputs, name);
        File.CreateSymbolicLink(this[link], file);
        return link;
    }

    /// <summary>Makes a new one below <paramref name="parent"/>, after removing those whose runs are dead.</summary>
    /// <param name="parent">Where all runs have theirs.</param>
    /// <param name="remove">Removes a folder with all that is in it.</param>
    /// <param name="cancellation">Gives up.</param>
    public static BuildFolder Create(string parent, Action<string> remove, CancellationToken cancellation)
    {
        // Short: the kernel limits what mount options with many of these paths may amount to.
        var path = System.IO.Path.Combine(parent, Guid.NewGuid().ToString("n")[..12]);
        List<BuildFolder> dead = [];
        BuildFolder created;
        // Without it a new run could be taken for a dead one between the making of its lock and the taking.
        var mutex = System.IO.Path.Combine(parent, "runs" + LockSuffix);
        using (FileLock.Take(mutex, cancellation: cancellation))
        {
            foreach (var old in Directory.EnumerateFiles(parent, "*" + LockSuffix).Where(file => file != mutex).ToList())
                if (FileLock.TryTake(old) is { } taken)
                    dead.Add(new BuildFolder(old[..^LockSuffix.Length], taken, remove));
            created = new BuildFolder(path, FileLock.Take(path + LockSuffix, shared: true, cancellation: cancellation), remove);
            Directory.CreateDirectory(path);
        }
        foreach (var old in dead)
            old.Remove();
        return created;
    }

    public void Dispose()
    {
        if (_lock is null)
            return;
        _lock.Dispose();
        _lock = FileLock.TryTake(LockFile);
        // If something of the run still lives, a later run removes what is left.
        if (_lock is not null)
            Remove();
    }

    private void Remove()
    {
        if (Directory.Exists(Path))
        {
            ControlGroups.Remove(this["tmp"]);
            if (Directory.Exists(this[Outputs]))
                foreach (var link in Directory.EnumerateFileSystemEntries(this[Outputs]))
                    if (new FileInfo(link).LinkTarget is { } target && Directory.Exists(System.IO.Path.GetDirectoryName(target)))
                        File.Delete(target);
            _remove(Path);
        }
        if (!Directory.Exists(Path))
            File.Delete(LockFile);
        _lock?.Dispose();
        _lock = null;
    }
}
