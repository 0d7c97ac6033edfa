namespace StageX.Build.Engines;

/// <summary>Control groups outlive the container that they were made for when its runtime is killed.</summary>
internal static class ControlGroups
{
    private const string Root = "/sys/fs/cgroup";

    /// <summary>Removes those of the containers whose bundles are left in a folder for temporary files.</summary>
    public static void Remove(string temporaryFolder)
    {
        if (!Directory.Exists(temporaryFolder) || !Directory.Exists(Root))
            return;
        var containers = Directory.EnumerateDirectories(temporaryFolder, "buildah*")
            .Select(bundle => "buildah-" + Path.GetFileName(bundle)).ToHashSet(StringComparer.Ordinal);
        if (containers.Count == 0)
            return;
        var all = new EnumerationOptions { RecurseSubdirectories = true, IgnoreInaccessible = true };
        foreach (var group in Directory.EnumerateDirectories(Root, "buildah-buildah*", all).ToList())
        {
            if (!containers.Contains(Path.GetFileName(group)))
                continue;
            try
            {
                Directory.Delete(group);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // An empty group costs nothing; one that is not empty is not dead.
            }
        }
    }
}
