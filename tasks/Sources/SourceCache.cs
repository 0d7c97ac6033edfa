namespace StageX.Build.Sources;

/// <summary>
/// Verified source files by hash, shared by every package and clone of a user: <c>sha256/&lt;hex&gt;</c>, read-only.
/// A file is there only once its hash was checked, and is checked again whenever it is read.
/// </summary>
public sealed class SourceCache(string folder)
{
    public string Folder { get; } = folder;

    public string PathOf(Digest digest) => Path.Combine(Folder, "sha256", digest.Hex);

    public bool Contains(Digest digest) => File.Exists(PathOf(digest));

    /// <summary>Opens a source's file at its beginning, its content just verified.</summary>
    public FileStream OpenVerified(Source source)
    {
        var path = PathOf(source.Sha256);
        FileStream file;
        try
        {
            file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, 1 << 16);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw source.Fault(ErrorCode.SourceNotFetched, $"The source {source.Name} ({source.Sha256}) is not in the cache. Run the Fetch target.", inner: e);
        }

        var actual = Digest.Of(file);
        if (actual == source.Sha256)
        {
            file.Position = 0;
            return file;
        }

        file.Dispose();
        Discard(path);
        throw source.Fault(
            ErrorCode.SourceCacheDamaged,
            $"The cached file of {source.Name} should have {source.Sha256} and has {actual}. It was removed; fetch it again, and check the disk.");
    }

    /// <summary>Held while a hash is being fetched, so that two builds do not fetch it twice.</summary>
    internal FileLock Lock(Digest digest, Action onWait, CancellationToken cancellation) =>
        FileLock.Take(LockOf(digest), onWait: onWait, cancellation: cancellation);

    /// <summary>Where what has arrived so far is kept; to be touched under <see cref="Lock"/> only.</summary>
    internal string PartialPathOf(Digest digest) => Path.Combine(Folder, "partial", digest.Hex);

    /// <summary>Removes what was fetched of files that nobody has gone on fetching for <paramref name="age"/>.</summary>
    public void RemoveAbandoned(TimeSpan age)
    {
        var folder = Path.Combine(Folder, "partial");
        AtomicFile.RemoveAbandoned(folder, age);
        if (!Directory.Exists(folder))
            return;
        var before = DateTime.UtcNow - age;
        foreach (var partial in Directory.EnumerateFileSystemEntries(folder).Where(path => !path.EndsWith(".lock", StringComparison.Ordinal)))
        {
            if (File.GetLastWriteTimeUtc(partial) >= before || !Digest.TryFromHex(Path.GetFileName(partial).Split('.')[0], out var digest))
                continue;
            using var taken = FileLock.TryTake(LockOf(digest));
            if (taken is null)
                continue;
            if (Directory.Exists(partial))
                GitTree.DeleteRepository(partial);
            else
                File.Delete(partial);
        }
    }

    /// <summary>Moves a file that was verified into its place.</summary>
    internal void Admit(Digest digest, string verified)
    {
        var path = PathOf(digest);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.SetAttributes(verified, File.GetAttributes(verified) | FileAttributes.ReadOnly);
        File.Move(verified, path, overwrite: true);
    }

    private string LockOf(Digest digest) => PartialPathOf(digest) + ".lock";

    private static void Discard(string path)
    {
        // Windows does not delete what is read-only.
        File.SetAttributes(path, FileAttributes.Normal);
        File.Delete(path);
    }
}
