namespace StageX.Build.Tests;

/// <summary>What eng/unpack.sh takes from a newer Debian and does not install.</summary>
internal static class UnpackedTools
{
    /// <summary>The root of what it unpacked under a name.</summary>
    public static string Folder(string name) => Path.Combine(
        Environment.GetEnvironmentVariable("XDG_CACHE_HOME") is { Length: > 0 } caches
            ? caches
            : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache"), "stagex-tools", name);
}
