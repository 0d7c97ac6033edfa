using System.Runtime.InteropServices;

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

    /// <summary>The architecture of the machine that steps run on, as OCI names it (amd64, arm64, …).</summary>
    public string Architecture { get; init; } = OciName(RuntimeInformation.OSArchitecture.ToString());

    /// <summary>Whether programs for a platform (linux/amd64, …) run there. An emulator that the machine may have does not count.</summary>
    public bool Runs(string platform)
    {
        var parts = platform.Split('/');
        return parts[0] == "linux" && (parts[1] == Architecture || (parts[1] == "386" && Architecture == "amd64"));
    }

    /// <summary>The name that OCI gives an architecture which .NET or a kernel names otherwise.</summary>
    internal static string OciName(string architecture) => architecture.ToLowerInvariant() switch
    {
        "x64" or "x86_64" => "amd64",
        "x86" or "i386" or "i686" => "386",
        "aarch64" => "arm64",
        "armv6" or "armv6l" or "armv7l" => "arm",
        "loongarch64" => "loong64",
        var name => name,
    };
}
