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
    private readonly SortedDictionary<(string From, string To), bool> _edges = new();

    /// <summary>Ids, sorted.</summary>
    public IReadOnlyCollection<string> Packages => _packages;

    /// <summary>Sorted by both ids.</summary>
    public IEnumerable<PackageEdge> Edges => _edges.Select(edge => new PackageEdge(edge.Key.From, edge.Key.To, edge.Value));

    /// <summary>The projects and everything that they reach.</summary>
    public static PackageGraph Read(IEnumerable<string> projects)
    {
        var graph = new PackageGraph();
        foreach (var project in projects)
            graph.Add(Path.GetFullPath(project));
        return graph;
    }

    private void Add(string project)
    {
        var id = IdOf(project);
        if (!_packages.Add(id))
            return;
        var definition = XDocument.Load(project);
        foreach (var reference in definition.Descendants().Where(element => element.Name.LocalName == "ImageReference"))
            if (ImageReference.TryParse(reference.Attribute("Include")?.Value ?? "") is { } image)
            {
                _packages.Add(image.Id);
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

    private static bool IsRuntime(XElement reference) => string.Equals(
        reference.Attribute("Runtime")?.Value ?? reference.Elements().FirstOrDefault(element => element.Name.LocalName == "Runtime")?.Value, "true", StringComparison.OrdinalIgnoreCase);

    private static string IdOf(string project)
    {
        var folder = Path.GetDirectoryName(project)!;
        return $"{Path.GetFileName(Path.GetDirectoryName(folder))}-{Path.GetFileName(folder)}";
    }
}
