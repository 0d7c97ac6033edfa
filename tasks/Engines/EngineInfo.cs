namespace StageX.Build.Engines;

/// <summary>What <see cref="IEngine.Probe"/> found.</summary>
/// <param name="Name">As StageXEngine names it.</param>
/// <param name="Version">As the engine prints it.</param>
/// <param name="Rootless">Runs as an ordinary user, in a user namespace.</param>
/// <param name="StorageDriver">overlay, or vfs where overlay mounts do not work.</param>
public sealed record EngineInfo(string Name, string Version, bool Rootless, string StorageDriver)
{
    /// <summary>How it is reached: the path of the program, or the address of a daemon.</summary>
    public string Reached { get; init; } = "";
}
