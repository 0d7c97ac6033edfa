using StageX.Build.Images;

namespace StageX.Build.Stages;

/// <summary>A built image that a package depends on.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Image">Manifest and config.</param>
/// <param name="Digest">The manifest's digest.</param>
/// <param name="Layout">The folder of its OCI layout.</param>
/// <param name="Runtime">The ids that it needs when it runs, direct ones only.</param>
public sealed record Dependency(string Id, Image Image, Digest Digest, string Layout, IReadOnlyList<string> Runtime)
{
    /// <summary>The annotation of an image that names, separated by blanks, the packages it needs when it runs.</summary>
    public const string RuntimeAnnotation = "build.stagex.runtime";

    public static IReadOnlyList<string> RuntimeOf(Image image) => image.Annotations.GetValueOrDefault(RuntimeAnnotation)?.Split(' ', StringSplitOptions.RemoveEmptyEntries) ?? [];
}

/// <summary>The dependencies of a package and, through runtime edges, theirs.</summary>
public sealed class DependencySet
{
    private readonly SortedDictionary<string, Dependency> _byId = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _direct;

    /// <param name="layouts">Layout folders of the direct dependencies, each named by its id; a runtime dependency's that is none of them lies beside the one that needs it.</param>
    /// <param name="store">Where their layers are, or are taken to.</param>
    /// <exception cref="StageXException">An image that was not built into the store breaks a canonical rule.</exception>
    public DependencySet(IEnumerable<string> layouts, LayerStore store)
    {
        _direct = layouts.Distinct().ToDictionary(layout => Path.GetFileName(layout), StringComparer.Ordinal);
        foreach (var layout in _direct.Values)
            Add(layout, store);
    }

    public IEnumerable<Dependency> All => _byId.Values;

    public Dependency? Find(string id) => _byId.GetValueOrDefault(id);

    /// <summary>The named dependencies and everything that they need when they run, by id.</summary>
    public IReadOnlyList<Dependency> RuntimeClosure(IEnumerable<string> ids)
    {
        var closure = new SortedDictionary<string, Dependency>(StringComparer.Ordinal);
        void Visit(string id)
        {
            if (closure.TryAdd(id, _byId[id]))
                foreach (var needed in _byId[id].Runtime)
                    Visit(needed);
        }
        foreach (var id in ids)
            Visit(id);
        return [.. closure.Values];
    }

    private void Add(string layout, LayerStore store)
    {
        var id = Path.GetFileName(layout);
        if (_byId.ContainsKey(id))
            return;
        var (image, manifest) = ImageLayout.Read(layout);
        if (!image.Layers.All(layer => store.Blobs.Contains(layer.Digest)))
        {
            ImageValidator.Validate(layout);
            ImageLayout.Import(layout, store);
        }
        var runtime = Dependency.RuntimeOf(image);
        _byId[id] = new Dependency(id, image, manifest.Digest, layout, runtime);
        foreach (var needed in runtime)
        {
            var place = _direct.GetValueOrDefault(needed) ?? Path.Combine(Path.GetDirectoryName(layout)!, needed);
            Add(Directory.Exists(place) ? place : throw new StageXException(ErrorCode.UnknownTarget, $"{id} needs {needed} when it runs, which was not built here: reference it too"), store);
        }
    }
}
