using Microsoft.Build.Framework;

namespace StageX.Build.Packages;

/// <summary>Refuses missing and circular references, and ids given twice, before MSBuild follows them.</summary>
public sealed class CheckReferences : StageXTask
{
    /// <summary>The projects to start from.</summary>
    [Required]
    public required string[] Projects { get; set; }

    /// <summary>Those of the projects that can be built: what is wrong with the others is reported once.</summary>
    [Output]
    public string[] Sound { get; private set; } = [];

    protected override void Run()
    {
        var graph = GraphOf(BuildEngine);
        var faults = new Dictionary<(string Message, string? File, int Line), StageXException>();
        var sound = new List<string>();
        foreach (var project in Projects)
            try
            {
                graph.Check(project);
                sound.Add(project);
            }
            catch (StageXException e)
            {
                faults.TryAdd((e.Message, e.File, e.Line), e);
            }
        Sound = [.. sound];
        if (faults.Count > 0)
            throw new AggregateException(faults.Values);
    }

    // One graph for all projects that this node builds, so that each project file is read once.
    internal static ReferenceGraph GraphOf(IBuildEngine buildEngine)
    {
        const string key = "StageX.Build.ReferenceGraph";
        var engine = (IBuildEngine4)buildEngine;
        if (engine.GetRegisteredTaskObject(key, RegisteredTaskObjectLifetime.Build) is not ReferenceGraph graph)
            engine.RegisterTaskObject(key, graph = new ReferenceGraph(), RegisteredTaskObjectLifetime.Build, false);
        return graph;
    }
}
