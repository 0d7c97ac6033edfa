using System.Xml;
using System.Xml.Linq;

namespace StageX.Build.AtWork;

/// <summary>A definition as it stands in its project. Nothing is evaluated: what only MSBuild can tell is left out.</summary>
internal sealed class DefinitionText
{
    private readonly XDocument _document;

    private DefinitionText(XDocument document) => _document = document;

    /// <exception cref="StageXException">It is no XML.</exception>
    public static DefinitionText Read(string project)
    {
        try
        {
            return new DefinitionText(XDocument.Load(project));
        }
        catch (XmlException e)
        {
            throw new StageXException(ErrorCode.UnreadableProject, $"the project is no XML: {e.Message}", project, e.LineNumber, e);
        }
    }

    /// <summary>Blanks and line ends in it count as one; of several the last holds. Empty where there is none.</summary>
    public string Property(string name) =>
        Elements(name).LastOrDefault(element => element.Parent?.Name.LocalName == "PropertyGroup")?.Value is { } value
            && !value.Contains("$(", StringComparison.Ordinal) ? string.Join(' ', value.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)) : "";

    /// <summary>Items of a type, each with the element that it stands in.</summary>
    public IEnumerable<(string Include, XElement Element)> Items(string type) => Elements(type).SelectMany(element =>
        (Metadata(element, "Include") ?? "").Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Where(include => include.IndexOfAny(['$', '@', '%', '*', '?']) < 0).Select(include => (include, element)));

    /// <summary>Elements of items of a type, whatever they include.</summary>
    public IEnumerable<XElement> Elements(string type) => _document.Descendants().Where(element => element.Name.LocalName == type);

    /// <summary>In an attribute or an element; null where it is not given.</summary>
    public static string? Metadata(XElement item, string name) =>
        item.Attribute(name)?.Value ?? item.Elements().FirstOrDefault(element => element.Name.LocalName == name)?.Value.Trim();
}
