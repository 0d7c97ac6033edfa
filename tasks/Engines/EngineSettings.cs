namespace StageX.Build.Engines;

/// <summary>What an engine is told once.</summary>
public sealed record EngineSettings
{
    /// <summary>A folder for the engine's own storage and state, under StageXCache. Never shared with the user's containers.</summary>
    public required string StateFolder { get; init; }

    /// <summary>Where programs are looked for, as PATH is written. The process's own PATH at construction if not set.</summary>
    public string SearchPath { get; init; } = Environment.GetEnvironmentVariable("PATH") ?? "";
}
