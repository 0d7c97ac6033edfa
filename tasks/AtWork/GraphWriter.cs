using System.Globalization;
using System.Security;
using System.Text;

namespace StageX.Build.AtWork;

/// <summary>Writes a graph for people: as DOT, with every edge, and as a picture.</summary>
public static class GraphWriter
{
    // By the order of the stages' names.
    private static readonly string[] Fills = ["#fde9c9", "#d5e8fb", "#e3d9f6", "#d6f0d8", "#f9d9df", "#e6e6e6"];

    /// <summary>The language of Graphviz; runtime edges are dashed.</summary>
    public static string Dot(PackageGraph graph, string name)
    {
        var text = new StringBuilder($"digraph \"{name}\" {{\n  rankdir=RL;\n  node [shape=box, fontname=\"sans-serif\"];\n");
        foreach (var id in graph.Packages)
            text.Append($"  \"{id}\";\n");
        foreach (var edge in graph.Edges)
            text.Append($"  \"{edge.From}\" -> \"{edge.To}\"{(edge.Runtime ? " [style=dashed, color=\"#c0392b\", label=\"runtime\"]" : "")};\n");
        return text.Append("}\n").ToString();
    }

    /// <summary>The style of the picture, as it stands in it.</summary>
    internal const string Style = """

        rect.n { stroke: #555; stroke-width: 0.8 }
        path { fill: none; stroke: #8a94a0; stroke-width: 1; stroke-opacity: 0.75 }
        path.r { stroke: #c0392b; stroke-width: 1.4; stroke-dasharray: 5 3; stroke-opacity: 1 }
        path:hover { stroke: #000; stroke-width: 2.5 }

        """;

    /// <summary>A picture that any browser shows: a package stands to the right of what it needs.</summary>
    /// <param name="graph">The packages.</param>
    /// <param name="name">What was asked for.</param>
    /// <param name="linkTo">Where a package leads to, by its id; null for nowhere.</param>
    public static string Svg(PackageGraph graph, string name, Func<string, string>? linkTo = null)
    {
        var layout = new GraphLayout(graph);
        var stages = graph.Packages.Select(StageOf).Distinct().Order(StringComparer.Ordinal).ToList();
        var legend = Legend(stages);
        var (width, height) = (Math.Max(layout.Width, 640), layout.Height + 50);
        var hidden = graph.Edges.Count() - layout.Edges.Count;
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"""
            <svg xmlns="http://www.w3.org/2000/svg" width="{width:0}" height="{height:0}" viewBox="0 0 {width:0} {height:0}" font-family="sans-serif" font-size="12">
            <title>{SecurityElement.Escape(name)}</title>
            <style>{Style}</style>
            <rect width="100%" height="100%" fill="#fff"/>
            {legend}<text x="20" y="44" fill="#555">{graph.Packages.Count} packages, {graph.Edges.Count()} dependencies{(hidden > 0 ? $"; {hidden} that others imply are not drawn" : "")}</text>
            <g transform="translate(0 50)">

            """);
        foreach (var edge in layout.Edges.OrderBy(edge => edge.Runtime))
            text.Append($"<path{(edge.Runtime ? " class=\"r\"" : "")} d=\"{Curve([.. layout.Path(edge)])}\"><title>{SecurityElement.Escape(edge.From)} needs {SecurityElement.Escape(edge.To)}{(edge.Runtime ? " when it runs" : " to build")}</title></path>\n");
        foreach (var (id, x, y, boxWidth) in layout.Nodes)
        {
            var (begin, end) = linkTo is null ? ("", "") : ($"<a href=\"{SecurityElement.Escape(linkTo(id))}\">", "</a>");
            text.Append(CultureInfo.InvariantCulture,
                $"{begin}<rect class=\"n\" x=\"{x:0.#}\" y=\"{y - 9:0.#}\" width=\"{boxWidth:0.#}\" height=\"18\" rx=\"4\" fill=\"{Fill(stages.IndexOf(StageOf(id)))}\"/><text x=\"{x + boxWidth / 2:0.#}\" y=\"{y + 4:0.#}\" text-anchor=\"middle\" textLength=\"{boxWidth - 10:0.#}\" lengthAdjust=\"spacingAndGlyphs\">{SecurityElement.Escape(id)}</text>{end}\n");
        }
        return text.Append("</g>\n</svg>\n").ToString();
    }

    private static string Legend(List<string> stages)
    {
        var text = new StringBuilder();
        var x = 20;
        for (var i = 0; i < stages.Count; i++)
        {
            text.Append($"<rect class=\"n\" x=\"{x}\" y=\"10\" width=\"14\" height=\"14\" rx=\"3\" fill=\"{Fill(i)}\"/><text x=\"{x + 20}\" y=\"21\">{SecurityElement.Escape(stages[i])}</text>\n");
            x += 40 + stages[i].Length * 8;
        }
        text.Append($"<path d=\"M{x} 17h30\"/><text x=\"{x + 36}\" y=\"21\">to build</text>\n<path class=\"r\" d=\"M{x + 100} 17h30\"/><text x=\"{x + 136}\" y=\"21\">when it runs</text>\n");
        return text.ToString();
    }

    // Level where it leaves and arrives, and through every point between.
    private static string Curve(IReadOnlyList<(double X, double Y)> points)
    {
        var text = new StringBuilder(string.Create(CultureInfo.InvariantCulture, $"M{points[0].X:0.#} {points[0].Y:0.#}"));
        for (var i = 1; i < points.Count; i++)
        {
            var ((x0, y0), (x1, y1)) = (points[i - 1], points[i]);
            // Only the gap between two columns bends.
            var start = Math.Max(x0, x1 - 80);
            var middle = (start + x1) / 2;
            text.Append(CultureInfo.InvariantCulture, $"H{start:0.#}C{middle:0.#} {y0:0.#} {middle:0.#} {y1:0.#} {x1:0.#} {y1:0.#}");
        }
        return text.ToString();
    }

    private static string StageOf(string id) => id.Split('-', 2)[0];

    private static string Fill(int stage) => Fills[Math.Min(stage, Fills.Length - 1)];
}
