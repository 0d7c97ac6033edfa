using Microsoft.Build.Framework;

namespace StageX.Build.Packages;

/// <summary>Refuses missing and circular references, and ids given twice, before MSBuild follows them.</summary>
public sealed class CheckReferences : StageXTask
{
    /// <summary>The projects to start from.</summary>
    [Required]
    public required string[] Projects { get; set; }

    protected override void Run()
    {
        // One graph for all projects that this node builds, so that each project file is read once.
        const string key = "StageX.Build.ReferenceGraph";
        var engine = (IBuildEngine4)BuildEngine;
        if (engine.GetRegisteredTaskObject(key, RegisteredTaskObjectLifetime.Build) is not ReferenceGraph graph)
            engine.RegisterTaskObject(key, graph = new ReferenceGraph(), RegisteredTaskObjectLifetime.Build, false);
        foreach (var project in Projects)
            graph.Check(project);
    }
}
