using Microsoft.Build.Framework;
using StageX.Build.Engines;

namespace StageX.Build.AtWork;

/// <summary>Bounds the cache by size and age, while no build uses it, and removes what engines elsewhere have of our images.</summary>
public sealed class PruneCache : StageXTask
{
    /// <summary>The folder that all clones share (StageXCache).</summary>
    [Required]
    public required string Cache { get; set; }

    /// <summary>How much may stay (StageXCacheSize).</summary>
    [Required]
    public required string Size { get; set; }

    /// <summary>How long what is not used may stay (StageXCacheAge).</summary>
    [Required]
    public required string Age { get; set; }

    protected override void Run()
    {
        var cache = Path.GetFullPath(Cache);
        var limits = CacheLimits.Parse(Size, Age);
        if (!Directory.Exists(cache))
            return;
        using var alone = CacheLock.TakeAlone(cache, BuildLog, Cancellation);
        var report = new CachePruner(cache, limits, DateTime.UtcNow).Prune(Cancellation);
        var named = new NamedImages(new EngineSettings { StateFolder = Path.Combine(cache, "engines") }).Remove(Cancellation);
        if (named > 0)
            BuildLog.Milestone($"removed {named} images stagex.invalid/… from the storages of docker, podman and buildah");
        BuildLog.Milestone($"{cache}: freed {Readable.Bytes(report.Freed)} ({report.Stages} stage results, {report.Layers} layers, {report.Sources} sources, "
            + $"{(report.Images ? "the engine's imported images" : "no engine's images")}, {report.Leftovers} leftovers of killed builds); {Readable.Bytes(report.Left)} left");
    }
}
