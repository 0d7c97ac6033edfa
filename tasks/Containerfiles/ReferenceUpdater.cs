using System.Text;
using System.Text.RegularExpressions;
using StageX.Build.Packages;

namespace StageX.Build.Containerfiles;

/// <summary>
/// Keeps the ProjectReferences of a project with a hand-written Containerfile in step with the packages that it names.
/// Lines that stay are not touched, whatever metadata they carry.
/// </summary>
public static partial class ReferenceUpdater
{
    /// <summary>The line to add to the project for a package.</summary>
    public static string LineFor(PackageDefinition package, string id)
    {
        var dash = id.IndexOf('-');
        var (stage, rest) = dash < 0 ? (id, "") : (id[..dash], id[(dash + 1)..]);
        var tree = Path.GetDirectoryName(Path.GetDirectoryName(package.Folder)!)!;
        // What follows the longest name that is a package's folder is a subpackage.
        for (var name = rest; name.Length > 0; name = name.LastIndexOf('-') is var at and > 0 ? name[..at] : "")
            if (Directory.Exists(Path.Combine(tree, stage, name)))
                return Line(stage, name, rest[name.Length..].TrimStart('-'));
        return Line(stage, rest, "");
    }

    /// <summary>Rewrites the project's text: removes references to packages that are not used, adds those that are missing.</summary>
    public static string Update(string projectText, PackageDefinition package, IReadOnlyCollection<string> usedIds)
    {
        var text = projectText;
        foreach (var unused in package.References.Where(reference => !reference.Runtime && !usedIds.Contains(reference.Id)))
            text = ReferenceLine().Replace(text, match => match.Groups["include"].Value == unused.Include ? "" : match.Value);
        var missing = usedIds.Where(id => package.References.All(reference => reference.Id != id)).Order(StringComparer.Ordinal).ToList();
        if (missing.Count == 0)
            return text;
        var lines = new StringBuilder();
        foreach (var id in missing)
            lines.Append("    ").Append(LineFor(package, id)).Append('\n');
        var first = ReferenceLine().Match(text);
        if (first.Success)
            return text.Insert(first.Index, lines.ToString());
        var import = text.LastIndexOf("  <Import ", StringComparison.Ordinal);
        return text.Insert(import < 0 ? text.LastIndexOf("</Project>", StringComparison.Ordinal) : import, $"  <ItemGroup>\n{lines}  </ItemGroup>\n");
    }

    private static string Line(string stage, string name, string subpackage) =>
        $"<ProjectReference Include=\"../../{stage}/{name}/{name}.msbuildproj\"{(subpackage.Length > 0 ? $" Subpackage=\"{subpackage}\"" : "")} />";

    [GeneratedRegex("""^[ \t]*<ProjectReference\s+Include="(?<include>[^"]*)"[^>]*/>[ \t]*\r?\n""", RegexOptions.Multiline | RegexOptions.CultureInvariant)]
    private static partial Regex ReferenceLine();
}
