namespace StageX.Build.Engines;

/// <summary>What an engine is told once.</summary>
public sealed record EngineSettings
{
    /// <summary>A folder for the engine's own storage and state, under StageXCache. Never shared with the user's containers.</summary>
    public required string StateFolder { get; init; }

    /// <summary>Where programs are looked for, as PATH is written. The process's own PATH at construction if not set.</summary>
    public string SearchPath { get; init; } = System.Environment.GetEnvironmentVariable("PATH") ?? "";

    /// <summary>
    /// The user's environment, of which an engine takes only what says where it is reached (DOCKER_HOST, …).
    /// The process's own at construction if not set.
    /// </summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = System.Environment.GetEnvironmentVariables()
        .Cast<System.Collections.DictionaryEntry>().ToDictionary(variable => (string)variable.Key, variable => (string?)variable.Value ?? "", StringComparer.Ordinal);

    /// <summary>
    /// Variables that the engine's own process finds in its environment, whatever it does with them. Steps see none of them.
    /// </summary>
    public IReadOnlyDictionary<string, string> ClientVariables { get; init; } = new Dictionary<string, string>();

    /// <summary>Why <see cref="EngineBuild.OnTmpfs"/> would make no difference, or null.</summary>
    /// <param name="engine">Its name.</param>
    public string? ObstacleToTmpfs(string engine) => engine == DockerEngine.EngineName ? "docker's daemon has its own storage, which its client cannot choose"
        : new DriveInfo(Path.GetFullPath(StateFolder)).DriveFormat == "tmpfs" ? "the engine's storage lies on a tmpfs anyway" : null;

    /// <summary>For how long an image of ours stays in a daemon that all builds of a machine share when none of them uses it.</summary>
    public TimeSpan KeepUnusedImages { get; init; } = TimeSpan.FromDays(1);
}
