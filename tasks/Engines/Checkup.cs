using System.Globalization;
using System.Runtime.InteropServices;

namespace StageX.Build.Engines;

/// <summary>What a machine has for building: engines, and room.</summary>
/// <param name="chosen">What StageXEngine is.</param>
/// <param name="settings">Where engines keep their state.</param>
/// <param name="folders">Where builds write, each with the name of its property.</param>
public sealed class Checkup(string chosen, EngineSettings settings, IReadOnlyList<(string Name, string Path)> folders)
{
    /// <summary>Looks, and says what it sees.</summary>
    public IEnumerable<string> Lines(CancellationToken cancellation)
    {
        yield return $"machine: {RuntimeInformation.OSDescription}, {RuntimeInformation.OSArchitecture}, {Environment.ProcessorCount} processors, {(Environment.IsPrivilegedProcess ? "root" : "an ordinary user")}";
        foreach (var (name, path) in folders)
            yield return $"{name}: {path}, {Room(path)}";
        foreach (var name in EngineSelection.Names)
            foreach (var line in LinesOf(name, cancellation))
                yield return line;
        yield return Conclusion(cancellation);
    }

    private List<string> LinesOf(string name, CancellationToken cancellation)
    {
        EngineInfo info;
        try
        {
            info = EngineSelection.Create(name, settings).Probe(cancellation);
        }
        catch (StageXException e)
        {
            return [$"{name}: does not work here. {e.Code}: {e.Message}"];
        }
        List<string> lines = [$"{name}: works. Version {info.Version}, {info.Reached}, {(info.Rootless ? "rootless" : "as root")}, storage driver {info.StorageDriver}"];
        if (info.StorageDriver == "vfs")
            lines.Add($"{name}: slow, because vfs copies every layer ({ErrorCode.SlowStorage}). Move StageXCache to a local file system such as ext4, xfs or btrfs.");
        return lines;
    }

    private string Conclusion(CancellationToken cancellation)
    {
        try
        {
            return $"StageXEngine={chosen}: builds use {EngineSelection.Create(chosen, settings).Probe(cancellation).Name}";
        }
        catch (StageXException e)
        {
            return $"StageXEngine={chosen}: nothing can be built. {e.Code}";
        }
    }

    private static string Room(string path)
    {
        // The folder may not be there yet; what holds it is.
        while (!Directory.Exists(path) && Path.GetDirectoryName(path) is { } parent)
            path = parent;
        try
        {
            var drive = new DriveInfo(path);
            return string.Create(CultureInfo.InvariantCulture, $"{drive.DriveFormat}, {drive.AvailableFreeSpace / (double)(1 << 30):0.0} GiB free");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return e.Message;
        }
    }
}
