using StageX.Build.Engines;
using StageX.Build.Sources;

namespace StageX.Build.Stages;

/// <summary>What the build of any package works with.</summary>
public sealed record BuildEnvironment
{
    /// <summary>The folder of results: images, containerfiles, logs.</summary>
    public required string Artifacts { get; init; }

    /// <summary>The folder shared by all clones: sources, stage results, the engine's storage.</summary>
    public required string Cache { get; init; }

    public required FetchOptions Fetch { get; init; }

    /// <summary>Makes the engine, on first need: a build with nothing to do works where none is installed.</summary>
    public required Func<IEngine> Engine { get; init; }

    public required IBuildLog Log { get; init; }

    /// <summary>How steps run, where that is not as the contract says.</summary>
    public StepConditions Conditions { get; init; } = StepConditions.Usual;

    /// <summary>A folder for the results of stages that nobody else is to use, or null for those in the cache. Layers are shared all the same.</summary>
    public string? OwnResults { get; init; }

    public StageStore Stages => OwnResults is null ? new(Cache) : new(OwnResults, Cache);

    public SourceCache Sources => new(Path.Combine(Cache, "sources"));

    public string LayoutOf(string id) => Path.Combine(Artifacts, "images", id);

    /// <summary>That of an image which another tree published: two projects may name two of one id.</summary>
    public static string LayoutOf(string artifacts, string id, Digest digest) => Path.Combine(artifacts, "references", digest.Hex, id);

    public string ContainerfilesOf(string id) => Path.Combine(Artifacts, "containerfiles", id);

    public string LogsOf(string id) => Path.Combine(Artifacts, "logs", id);

    /// <summary>The keys of a package's stages, as its last build had them.</summary>
    public static string KeysOf(string artifacts, string id) => Path.Combine(artifacts, "logs", id, "keys.json");

    public FileLock Lock(string id, CancellationToken cancellation) =>
        FileLock.Take(Path.Combine(Artifacts, "locks", id), onWait: () => Log.Milestone($"{id}: waiting for another build of it"), cancellation: cancellation);
}
