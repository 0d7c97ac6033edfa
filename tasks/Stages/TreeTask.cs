using Microsoft.Build.Framework;

namespace StageX.Build.Stages;

/// <summary>A task about a tree project and the stamp of its last build.</summary>
public abstract class TreeTask : StageXTask
{
    /// <summary>The tree's references.</summary>
    [Required]
    public required ITaskItem[] Projects { get; set; }

    /// <summary>The SDK's folder.</summary>
    [Required]
    public required string Sdk { get; set; }

    /// <summary>The folder of results.</summary>
    [Required]
    public required string Artifacts { get; set; }

    /// <summary>What else plays a role: the engine's version and settings that are no global properties.</summary>
    public string[] Settings { get; set; } = [];

    private protected string StampFile => Path.Combine(Path.GetFullPath(Artifacts), "logs", $"tree-{Digest.Of(System.Text.Encoding.UTF8.GetBytes(ProjectFile)).Hex[..12]}.stamp");

    private protected IEnumerable<string> ProjectFiles => Projects.Select(project => project.GetMetadata("FullPath"));

    private protected Digest? Inputs()
    {
        var globals = ((IBuildEngine6)BuildEngine).GetGlobalProperties().OrderBy(property => property.Key, StringComparer.Ordinal).Select(property => $"{property.Key}={property.Value}");
        // What the tree's items say beside the path goes to the packages as properties.
        var metadata = Projects.SelectMany(project => project.CloneCustomMetadata().Keys.Cast<string>().Order(StringComparer.Ordinal).Select(name => $"{project.ItemSpec} {name}={project.GetMetadata(name)}"));
        var code = Path.GetDirectoryName(GetType().Assembly.Location)!;
        return new TreeInputs([.. ProjectFiles], [Path.GetFullPath(Sdk), code], [ProjectFile, .. Settings, .. globals, .. metadata]).Now();
    }
}
