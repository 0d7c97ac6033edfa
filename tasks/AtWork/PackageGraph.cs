using System.Xml;
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
    private readonly Dictionary<string, string> _projects = new(StringComparer.Ordinal);
    private readonly Dictionary<string, SortedSet<Digest>> _published = new(StringComparer.Ordinal);

    /// <summary>Those that the graph starts from, sorted.</summary>
    public IReadOnlyCollection<string> Roots => _roots;

    /// <summary>Ids, sorted.</summary>
    public IReadOnlyCollection<string> Packages => _packages;

    /// <summary>Sorted by both ids.</summary>
    public IEnumerable<PackageEdge> Edges => _edges.Select(edge => new PackageEdge(edge.Key.From, edge.Key.To, edge.Value));

    /// <summary>The project of a package; null where another tree published it.</summary>
    public string? ProjectOf(string id) => _projects.GetValueOrDefault(id);

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
        _projects.Add(id, project);
        var definition = Load(project);
        foreach (var reference in definition.Descendants().Where(element => element.Name.LocalName == "ImageReference"))
            if (ImageReference.TryParse(reference.Attribute("Include")?.Value ?? "") is { } image)
            {
                _packages.Add(image.Id);
                if (Digest.TryParse(reference.Attribute("Digest")?.Value, out var digest) && !_published.TryAdd(image.Id, [digest]))
                    _published[image.Id].Add(digest);
                _edges[(id, image.Id)] = IsRuntime(reference);
            }
        foreach (var reference in definition.Descendants().Where(element => element.Name.LocalName == "ProjectReference"))
            foreach (var include in (reference.Attribute("Include")?.Value ?? "").Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
            {
                // What only MSBuild can evaluate is left out.
                if (include.IndexOfAny(['$', '@', '%', '*', '?']) >= 0)
                    continue;
                var target = Path.GetFullPath(include.Replace('\\', '/'), Path.GetDirectoryName(project)!);
                if (!File.Exists(target))
                    continue;
                var edge = (id, IdOf(target));
                _edges[edge] = (_edges.TryGetValue(edge, out var before) && before) || IsRuntime(reference);
                Add(target);
            }
    }

    private static XDocument Load(string project)
    {
        try
        {
            return XDocument.Load(project);
        }
        catch (XmlException e)
        {
            throw new StageXException(ErrorCode.UnreadableProject, $"the project is no XML: {e.Message}", project, e.LineNumber, e);
        }
    }

    private static bool IsRuntime(XElement reference) => string.Equals(
        reference.Attribute("Runtime")?.Value ?? reference.Elements().FirstOrDefault(element => element.Name.LocalName == "Runtime")?.Value, "true", StringComparison.OrdinalIgnoreCase);

    private static string IdOf(string project)
    {
        var folder = Path.GetDirectoryName(project)!;
        return $"{Path.GetFileName(Path.GetDirectoryName(folder))}-{Path.GetFileName(folder)}";
    }
}
