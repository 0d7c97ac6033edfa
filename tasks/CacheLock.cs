namespace StageX.Build;

/// <summary>
/// The lock of the whole cache: whoever works with it holds it shared, and -t:Prune alone. Between two tasks of a build the
/// cache may lose what the second needs; then that is made or taken from the images again.
/// </summary>
internal static class CacheLock
{
    public static FileLock Use(string cache, IBuildLog log, CancellationToken cancellation) =>
        FileLock.Take(FileIn(cache), shared: true, () => log.Milestone("waiting for the cache to be pruned"), cancellation);

    public static FileLock TakeAlone(string cache, IBuildLog log, CancellationToken cancellation) =>
        FileLock.Take(FileIn(cache), onWait: () => log.Milestone($"waiting for the builds that use {cache}"), cancellation: cancellation);

    private static string FileIn(string cache) => Path.Combine(cache, "lock");
}
