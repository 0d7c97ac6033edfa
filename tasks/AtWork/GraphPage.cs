using System.Text;
using System.Text.RegularExpressions;
using System.Xml;
using System.Xml.Linq;

namespace StageX.Build.AtWork;

/// <summary>
/// A page about packages down to the seed, one file that needs nothing else: the picture, and below it each package once,
/// foldable, with what is known of it. It can be read without its script, which searches. Definitions are not trusted: what
/// they say is put in as text of an element or attribute, never as markup, and nothing runs or is drawn but what is named by
/// its hash.
/// </summary>
public static partial class GraphPage
{
    /// <param name="graph">The packages.</param>
    /// <param name="name">What was asked for.</param>
    /// <param name="facts">Of each package.</param>
    public static string Write(PackageGraph graph, string name, IReadOnlyDictionary<string, PackageFacts> facts)
    {
        var (style, script) = (Resource("page.css"), Resource("page.js"));
        var content = new Dictionary<string, string>
        {
            ["policy"] = $"default-src 'none'; style-src {HashOf(style)} {HashOf(GraphWriter.Style)}; script-src {HashOf(script)}; base-uri 'none'; form-action 'none'",
            ["title"] = Text(new XText(name)),
            ["style"] = style,
            ["script"] = script,
            ["totals"] = Text(Totals(graph, facts)),
            ["picture"] = GraphWriter.Svg(graph, name, id => "#" + Uri.EscapeDataString(id)),
            ["packages"] = Text(new PackageList(new PackageOutline(graph), facts).Write()),
        };
        // In one pass: what is put in is not looked at again.
        return Slot().Replace(Resource("page.html"), slot => content[slot.Groups[1].Value]);
    }

    private static XElement Totals(PackageGraph graph, IReadOnlyDictionary<string, PackageFacts> facts)
    {
        var all = facts.Values;
        return new XElement("ul",
            new XElement("li", Count(graph.Packages.Count, "package"), ", ", Count(graph.Edges.Count(), "dependency", "dependencies")),
            Total("lines of source", all.Where(package => package.Lines is not null), counted => Readable.Lines(counted.Sum(package => package.Lines!.Value)), "not counted: -t:VerifyBootstrap counts them"),
            Total("bytes of source", all.Where(package => package.Bytes is not null), counted => Readable.Bytes(counted.Sum(package => package.Bytes!.Value)), "not fetched"),
            Total("time of building", all.Where(package => package.Time is not null), counted => Readable.Time(new TimeSpan(counted.Sum(package => package.Time!.Value.Ticks))), "not known"));

        XElement Total(string what, IEnumerable<PackageFacts> counted, Func<List<PackageFacts>, string> sum, string none)
        {
            var known = counted.ToList();
            return new XElement("li", $"{what}: ", known.Count == 0 ? none : new XElement("b", sum(known)),
                known.Count > 0 && known.Count < all.Count() ? $" in {known.Count} of them; of the others it is not known" : null);
        }
    }

    internal static string Count(int number, string one, string? many = null) => $"{number} {(number == 1 ? one : many ?? one + "s")}";

    private static string Text(XNode node)
    {
        var text = new StringBuilder();
        using (var writer = XmlWriter.Create(text, new XmlWriterSettings { OmitXmlDeclaration = true, ConformanceLevel = ConformanceLevel.Fragment, NewLineHandling = NewLineHandling.Entitize }))
            node.WriteTo(writer);
        return text.ToString();
    }

    // As the browser sees it: whatever a checkout made of the ends of lines.
    private static string Resource(string file)
    {
        using var reader = new StreamReader(typeof(GraphPage).Assembly.GetManifestResourceStream(file)!, Encoding.UTF8);
        return reader.ReadToEnd().ReplaceLineEndings("\n");
    }

    private static string HashOf(string text) => $"'sha256-{Convert.ToBase64String(System.Security.Cryptography.SHA256.HashData(Encoding.UTF8.GetBytes(text)))}'";

    [GeneratedRegex(@"\{\{(\w+)\}\}")]
    private static partial Regex Slot();
}
