using System.Runtime.InteropServices;
using System.Text.Json.Nodes;

namespace StageX.Build.Reproducibility;

/// <summary>What a rebuild ran on, for its record.</summary>
public static class Machine
{
    /// <summary>Vendor and model of the processor, their number, kernel and system.</summary>
    public static JsonObject Describe() => new()
    {
        ["vendor"] = Field("vendor_id"),
        ["model"] = Field("model name"),
        ["processors"] = Environment.ProcessorCount,
        ["architecture"] = RuntimeInformation.OSArchitecture.ToString().ToLowerInvariant(),
        ["kernel"] = Kernel,
        ["system"] = RuntimeInformation.OSDescription,
    };

    /// <summary>The kernel's release.</summary>
    public static string Kernel => File.Exists("/proc/sys/kernel/osrelease") ? File.ReadAllText("/proc/sys/kernel/osrelease").Trim() : Environment.OSVersion.VersionString;

    /// <summary>Whether its kernel loads programs at other addresses each time; a machine that does not say so is taken for one that does.</summary>
    public static bool RandomizesAddresses => !File.Exists(Randomize) || File.ReadAllText(Randomize).Trim() != "0";

    private const string Randomize = "/proc/sys/kernel/randomize_va_space";

    private static string? Field(string name) => File.Exists("/proc/cpuinfo")
        ? File.ReadLines("/proc/cpuinfo").Select(line => line.Split(':', 2, StringSplitOptions.TrimEntries)).FirstOrDefault(parts => parts.Length == 2 && parts[0] == name)?[1]
        : null;
}
