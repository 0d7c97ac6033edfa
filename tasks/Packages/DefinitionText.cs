using System.Xml;
using System.Xml.Linq;

namespace StageX.Build.Packages;

/// <summary>Finds the line of an item in a project file: MSBuild tells tasks the values of items, not where they stand.</summary>
public static class DefinitionText
{
    /// <summary>The 1-based line of the item, of the first item of its type, or 0.</summary>
    public static int LineOf(string projectFile, string itemType, string include)
    {
        try
        {
            var items = XDocument.Load(projectFile, LoadOptions.SetLineInfo).Descendants()
                .Where(element => element.Name.LocalName == itemType).ToList();
            var item = items.Find(element => element.Attribute("Include")?.Value == include)
                ?? items.Find(element => element.Attribute("Include")?.Value.Split(';').Contains(include) == true)
                ?? items.Find(element => Resembles(element.Attribute("Include")?.Value, include))
                ?? items.FirstOrDefault();
            return item is IXmlLineInfo info && info.HasLineInfo() ? info.LineNumber : 0;
        }
        catch (Exception e) when (e is XmlException or IOException or UnauthorizedAccessException)
        {
            return 0;
        }
    }

    /// <summary>The types of the items that the project file itself states, each with the line of every use.</summary>
    public static IEnumerable<(string Type, int Line)> ItemTypes(string projectFile) =>
        XDocument.Load(projectFile, LoadOptions.SetLineInfo).Descendants()
            .Where(element => element.Parent?.Name.LocalName == "ItemGroup" && element.Ancestors().All(above => above.Name.LocalName != "Target"))
            .Select(element => (element.Name.LocalName, ((IXmlLineInfo)element).LineNumber));

    // An Include with $(Property) in it: its literal beginning must agree.
    private static bool Resembles(string? written, string include) =>
        written?.IndexOf("$(", StringComparison.Ordinal) is int at and >= 0 && include.StartsWith(written[..at], StringComparison.Ordinal);
}
