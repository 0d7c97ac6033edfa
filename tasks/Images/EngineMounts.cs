namespace StageX.Build.Images;

/// <summary>The paths that container engines mount over, and leave traces at, while they run a step.</summary>
internal static class EngineMounts
{
    private static readonly string[] Folders = ["dev", "proc", "run", "sys"];
    private static readonly string[] Files = ["etc/hostname", "etc/hosts", "etc/resolv.conf"];

    /// <summary>The directory that an engine makes for the files it mounts.</summary>
    public const string FilesFolder = "etc";

    public static bool Contains(string path) =>
        Folders.Any(folder => path == folder || EntryPath.IsBelow(path, folder))
        || Files.Any(file => path == file || EntryPath.IsBelow(path, file));
}
