using System.Xml.Linq;
using StageX.Build.Packages;

namespace StageX.Build.AtWork;

/// <summary>A dependency of one package on another.</summary>
/// <param name="From">The id of the package that needs the other.</param>
/// <param name="To">The id of the package that it needs.</param>
/// <param name="Runtime">Whether whoever uses the first needs the other too; otherwise only its build does.</param>
public sealed record PackageEdge(string From, string To, bool Runtime);

/// <summary>Packages and what they need, read from the text of their projects: nothing is evaluated or built.</summary>
public sealed class PackageGraph
{
    private readonly SortedSet<string> _packages = new(StringComparer.Ordinal);

    // By both ids, as ordinals: a tuple of strings is sorted by the culture of whoever builds.
    private readonly SortedDictionary<(string From, string To), bool> _edges = new(Comparer<(string From, string To)>.Create((one, other) =>
        string.CompareOrdinal(one.From, other.From) is not 0 and var order ? order : string.CompareOrdinal(one.To, other.To)));
    private readonly SortedSet<string> _roots = new(StringComparer.Ordinal);
    private readonly Dictionary<string, (string Project, DefinitionText Text)> _definitions = new(StringComparer.Ordinal);
    private readonly Dictionary<string, SortedSet<Digest>> _published = new(StringComparer.Ordinal);

    /// <summary>Those that the graph starts from, sorted.</summary>
    public IReadOnlyCollection<string> Roots => _roots;

    /// <summary>Ids, sorted.</summary>
    public IReadOnlyCollection<string> Packages => _packages;

    /// <summary>Sorted by both ids.</summary>
    public IEnumerable<PackageEdge> Edges => _edges.Select(edge => new PackageEdge(edge.Key.From, edge.Key.To, edge.Value));

    /// <summary>The project of a package; null where another tree published it.</summary>
    public string? ProjectOf(string id) => _definitions.GetValueOrDefault(id).Project;

    /// <summary>Where there is a project, what stands in it.</summary>
    internal DefinitionText? TextOf(string id) => _definitions.GetValueOrDefault(id).Text;

    /// <summary>The digests by which definitions name the image of a package that another tree published.</summary>
    public IEnumerable<Digest> PublishedOf(string id) => _published.GetValueOrDefault(id) ?? [];

    /// <summary>The projects and everything that they reach.</summary>
    public static PackageGraph Read(IEnumerable<string> projects)
    {
        var graph = new PackageGraph();
        foreach (var project in projects)
        {
            graph.Add(Path.GetFullPath(project));
            graph._roots.Add(IdOf(Path.GetFullPath(project)));
        }
        return graph;
    }

    private void Add(string project)
    {
        var id = IdOf(project);
        if (!_packages.Add(id))
            return;
        var definition = DefinitionText.Read(project);
        _definitions.Add(id, (project, definition));
        foreach (var reference in definition.Elements("ImageReference"))
            if (ImageReference.TryParse(reference.Attribute("Include")?.Value ?? "") is { } image)
            {
                _packages.Add(image.Id);
                if (Digest.TryParse(reference.Attribute("Digest")?.Value, out var digest) && !_published.TryAdd(image.Id, [digest]))
                    _published[image.Id].Add(digest);
                _edges[(id, image.Id)] = IsRuntime(reference);
            }
        foreach (var (include, reference) in definition.Items("ProjectReference"))
        {
            var target = Path.GetFullPath(include.Replace('\\', '/'), Path.GetDirectoryName(project)!);
            if (!File.Exists(target))
                continue;
            var edge = (id, IdOf(target));
            _edges[edge] = (_edges.TryGetValue(edge, out var before) && before) || IsRuntime(reference);
            Add(target);
        }
    }

    private static bool IsRuntime(XElement reference) => string.Equals(DefinitionText.Metadata(reference, "Runtime"), "true", StringComparison.OrdinalIgnoreCase);

    private static string IdOf(string project)
    {
        var folder = Path.GetDirectoryName(project)!;
        return $"{Path.GetFileName(Path.GetDirectoryName(folder))}-{Path.GetFileName(folder)}";
    }
}
