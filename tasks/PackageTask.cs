using Microsoft.Build.Framework;
using StageX.Build.Engines;
using StageX.Build.Packages;
using StageX.Build.Sources;
using StageX.Build.Stages;

namespace StageX.Build;

/// <summary>A task about one package: takes its definition as items, each with its type, and where to work.</summary>
public abstract class PackageTask : StageXTask
{
    private const string TypeMetadata = "DefinitionType";

    // Stands for all properties of the definition, which are its metadata.
    private const string PropertiesType = "Properties";

    /// <summary>The project file of the package.</summary>
    [Required]
    public required string Project { get; set; }

    /// <summary>The definition's items and properties, each with the metadata DefinitionType.</summary>
    [Required]
    public required ITaskItem[] Definition { get; set; }

    /// <summary>The folder of results (StageXArtifacts).</summary>
    [Required]
    public required string Artifacts { get; set; }

    /// <summary>The folder that all clones share (StageXCache).</summary>
    [Required]
    public required string Cache { get; set; }

    /// <summary>auto, or the name of an engine (StageXEngine).</summary>
    public string Engine { get; set; } = EngineSelection.Automatic;

    /// <summary>Never touch the network (StageXOffline).</summary>
    public bool Offline { get; set; }

    /// <summary>Suites of Debian's source archive to look sources up in (StageXDebianSuites).</summary>
    public string[] DebianSuites { get; set; } = [];

    /// <summary>The built images of the references, with the metadata Layout.</summary>
    public ITaskItem[] Dependencies { get; set; } = [];

    protected override string ProjectFile => Project;

    private protected override IDisposable? Hold()
    {
        try
        {
            return CacheLock.Use(Path.GetFullPath(Cache), BuildLog, Cancellation);
        }
        catch (UnauthorizedAccessException e)
        {
            throw new StageXException(ErrorCode.SourceCacheUnusable, $"the cache {Path.GetFullPath(Cache)} cannot be written: {e.Message} Give it to the user who builds, or set StageXCache.", inner: e);
        }
    }

    protected PackageDefinition ReadDefinition() => DefinitionReader.Read(Project, ReadItems());

    protected IReadOnlyList<DefinitionItem> ReadItems() => [.. Definition.SelectMany(ToItems)];

    protected DependencySet ReadDependencies(PackageDefinition package, params IReadOnlyList<string> others)
    {
        var layouts = Dependencies.Where(item => item.GetMetadata("Layout").Length > 0)
            .GroupBy(item => item.ItemSpec).ToDictionary(group => group.Key, group => group.First().GetMetadata("Layout"), StringComparer.Ordinal);
        var wanted = new List<string>();
        foreach (var reference in package.References)
        {
            // Where the references were built only what came out counts, not what an earlier build left.
            var layout = reference.Published is { } digest ? BuildEnvironment.LayoutOf(Environment.Artifacts, reference.Id, digest)
                : Dependencies.Length > 0 ? layouts.GetValueOrDefault(reference.Id) : Environment.LayoutOf(reference.Id);
            if (!Directory.Exists(layout))
                throw new StageXException(ErrorCode.UnknownTarget, reference.Published is null ? $"{reference.Include} made no image {reference.Id}" : $"{reference.Include} was not fetched yet: build the package", Project) { Item = (reference.ItemType, reference.Include) };
            wanted.Add(layout);
        }
        return new DependencySet(wanted.Concat(others), Environment.Stages.Layers);
    }

    /// <summary>What the package is for, as the definition says before it is read.</summary>
    protected string Platform => Definition.FirstOrDefault(item => item.GetMetadata(TypeMetadata) == PropertiesType)?.GetMetadata("StageXPlatform") ?? "";

    protected BuildEnvironment Environment => new()
    {
        Artifacts = Path.GetFullPath(Artifacts),
        Cache = Path.GetFullPath(Cache),
        Fetch = new FetchOptions { Offline = Offline, Debian = DebianSuites.Length == 0 ? null : new DebianMirror(Path.GetFullPath(Cache), DebianSuites) },
        Engine = () => EngineSelection.Create(Engine, EngineSettings),
        Log = BuildLog,
    };

    protected EngineSettings EngineSettings => new() { StateFolder = Path.Combine(Path.GetFullPath(Cache), "engines") };

    private static IEnumerable<DefinitionItem> ToItems(ITaskItem item)
    {
        var type = item.GetMetadata(TypeMetadata);
        var metadata = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (string name in item.CloneCustomMetadata().Keys)
            if (name != TypeMetadata)
                metadata[name] = item.GetMetadata(name);
        return type == PropertiesType
            ? metadata.Select(property => new DefinitionItem("Property", property.Key, new Dictionary<string, string> { ["Value"] = property.Value }))
            : [new DefinitionItem(type, item.ItemSpec, metadata)];
    }
}
