using Microsoft.Build.Framework;

namespace StageX.Build.AtWork;

/// <summary>Writes the graph of some packages and all that they need, as DOT, as SVG, and as a page that shows what is known of each.</summary>
public sealed class WriteGraph : StageXTask
{
    /// <summary>The projects to start from.</summary>
    [Required]
    public required string[] Projects { get; set; }

    /// <summary>What the files are called.</summary>
    [Required]
    public required string Name { get; set; }

    /// <summary>The folder of results.</summary>
    [Required]
    public required string Artifacts { get; set; }

    /// <summary>The folder that all clones share (StageXCache).</summary>
    [Required]
    public required string Cache { get; set; }

    /// <summary>The three files.</summary>
    [Output]
    public string[] Files { get; private set; } = [];

    protected override void Run()
    {
        var graph = PackageGraph.Read(Projects);
        var file = Path.Combine(Path.GetFullPath(Artifacts), "graph", Name);
        AtomicFile.WriteIfChanged(file + ".dot", GraphWriter.Dot(graph, Name));
        AtomicFile.WriteIfChanged(file + ".svg", GraphWriter.Svg(graph, Name));
        var facts = new FactFinder(Path.GetFullPath(Artifacts), Path.GetFullPath(Cache));
        AtomicFile.WriteIfChanged(file + ".html", GraphPage.Write(graph, Name, graph.Packages.ToDictionary(id => id, id => facts.Find(graph, id), StringComparer.Ordinal)));
        Files = [file + ".dot", file + ".svg", file + ".html"];
        BuildLog.Milestone($"{graph.Packages.Count} packages, {graph.Edges.Count()} dependencies: {file}.html");
    }
}
