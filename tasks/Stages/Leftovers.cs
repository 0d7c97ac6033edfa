namespace StageX.Build.Stages;

/// <summary>
/// What killed builds left half-written in the cache. Other builds may be writing there at any time, so that only age and
/// locks tell; it is looked for once in a while.
/// </summary>
internal static class Leftovers
{
    private static readonly TimeSpan Abandoned = TimeSpan.FromHours(1);

    // A download may be gone on with for a while.
    private static readonly TimeSpan AbandonedDownload = TimeSpan.FromDays(30);

    public static void Remove(BuildEnvironment environment)
    {
        var stamp = Path.Combine(environment.Cache, "swept");
        if (File.GetLastWriteTimeUtc(stamp) > DateTime.UtcNow - Abandoned)
            return;
        using var taken = FileLock.TryTake(stamp);
        if (taken is null)
            return;
        File.SetLastWriteTimeUtc(stamp, DateTime.UtcNow);
        foreach (var folder in environment.Stages.Folders)
            AtomicFile.RemoveAbandoned(folder, Abandoned);
        environment.Sources.RemoveAbandoned(AbandonedDownload);
    }
}
