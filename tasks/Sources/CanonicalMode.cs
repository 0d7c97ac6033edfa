using System.Runtime.Versioning;

namespace StageX.Build.Sources;

/// <summary>The two modes and the one time that files of a source have, whatever the umask and the archive say.</summary>
internal static class CanonicalMode
{
    private const UnixFileMode ReadableByAll =
        UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead;

    private const UnixFileMode ExecutableByAll =
        ReadableByAll | UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    private static readonly DateTime Time = DateTime.UnixEpoch.AddSeconds(1);

    /// <summary>755 or 644. Windows has no such bit; there the tree loses it.</summary>
    public static void SetExecutable(string file, bool executable)
    {
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(file, executable ? ExecutableByAll : ReadableByAll);
    }

    public static bool IsExecutable(string file) =>
        !OperatingSystem.IsWindows() && (File.GetUnixFileMode(file) & UnixFileMode.UserExecute) != 0;

    /// <summary>Gives every folder below (and including) a root 755, and everything the one time; links are not followed.</summary>
    public static void Settle(DirectoryInfo root)
    {
        foreach (var entry in root.EnumerateFileSystemInfos())
        {
            if (entry is DirectoryInfo folder && folder.LinkTarget is null)
                Settle(folder);
            else
                File.SetLastWriteTimeUtc(entry.FullName, Time);
        }

        if (!OperatingSystem.IsWindows())
            SetFolderMode(root);
        Directory.SetLastWriteTimeUtc(root.FullName, Time);
    }

    public static void Settle(FileInfo file)
    {
        SetExecutable(file.FullName, false);
        File.SetLastWriteTimeUtc(file.FullName, Time);
    }

    [UnsupportedOSPlatform("windows")]
    private static void SetFolderMode(DirectoryInfo folder) => folder.UnixFileMode = ExecutableByAll;
}
