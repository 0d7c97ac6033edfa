using System.Text.RegularExpressions;

namespace StageX.Build.Packages;

/// <summary>
/// <c>&lt;stage&gt;-&lt;name&gt;</c>, from the package's folder and the folder above. A stage holds no dash, so that an id
/// reads one way only; a subpackage appends <c>-&lt;subpackage&gt;</c>.
/// </summary>
public sealed partial record PackageId(string Stage, string Name)
{
    /// <summary>Derives the id from where the project file lies.</summary>
    /// <exception cref="StageXException"><see cref="ErrorCode.InvalidName"/>.</exception>
    public static PackageId FromProject(string projectFile)
    {
        var folder = Path.GetDirectoryName(Path.GetFullPath(projectFile))!;
        return Create(Path.GetFileName(Path.GetDirectoryName(folder)) ?? "", Path.GetFileName(folder), projectFile);
    }

    public static PackageId Create(string stage, string name, string? projectFile = null)
    {
        if (!StagePattern().IsMatch(stage))
            throw new StageXException(ErrorCode.InvalidName, $"the stage '{stage}' (the folder above the package's) must be lower-case letters and digits", projectFile);
        CheckName(name, "package", projectFile);
        return new PackageId(stage, name);
    }

    /// <summary>Stage and subpackage names follow the rule of package names, which is what an image reference allows.</summary>
    public static void CheckName(string name, string what, string? file = null, (string, string)? item = null)
    {
        if (name.Length > 100 || !NamePattern().IsMatch(name))
            throw new StageXException(ErrorCode.InvalidName,
                $"the {what} name '{name}' must be lower-case letters and digits, joined by single '.', '_' or '-'", file) { Item = item };
    }

    public string Subpackage(string? name) => string.IsNullOrEmpty(name) ? ToString() : $"{this}-{name}";

    public override string ToString() => $"{Stage}-{Name}";

    [GeneratedRegex("^[a-z0-9]+$", RegexOptions.CultureInvariant)]
    private static partial Regex StagePattern();

    [GeneratedRegex("^[a-z0-9]+([._-][a-z0-9]+)*$", RegexOptions.CultureInvariant)]
    private static partial Regex NamePattern();
}
