using Microsoft.Build.Framework;

namespace StageX.Build.Engines;

/// <summary>Prints what <see cref="Checkup"/> finds.</summary>
public sealed class ReportEngines : StageXTask
{
    /// <summary>auto, or the name of an engine (StageXEngine).</summary>
    public string Engine { get; set; } = EngineSelection.Automatic;

    /// <summary>The folder that all clones share (StageXCache).</summary>
    [Required]
    public required string Cache { get; set; }

    /// <summary>The folder of results (StageXArtifacts).</summary>
    [Required]
    public required string Artifacts { get; set; }

    protected override void Run()
    {
        var settings = new EngineSettings { StateFolder = Path.Combine(Path.GetFullPath(Cache), "engines") };
        foreach (var line in new Checkup(Engine, settings, [("StageXCache", Path.GetFullPath(Cache)), ("StageXArtifacts", Path.GetFullPath(Artifacts))]).Lines(Cancellation))
            BuildLog.Milestone(line);
    }
}
