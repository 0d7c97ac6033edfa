using System.Text;

namespace StageX.Build.Sources;

/// <summary>
/// Paths as archives and patches write them: '/' between names whatever the machine. Only what names something
/// strictly inside a tree is one.
/// </summary>
internal static class EntryPath
{
    // What file systems and the kernel allow; longer ones fail later with a worse message.
    private const int LongestName = 255;
    private const int LongestPath = 3800;

    /// <summary>
    /// The names of a path, "." and empty ones left out, so that none is left for the root itself.
    /// Null when it is absolute, climbs, or holds what no file name should.
    /// </summary>
    public static string[]? Split(string path)
    {
        if (path.StartsWith('/') || Encoding.UTF8.GetByteCount(path) > LongestPath)
            return null;
        var names = path.Split('/').Where(name => name is not ("" or ".")).ToArray();
        return names.All(IsName) ? names : null;
    }

    public static string Join(IEnumerable<string> names) => string.Join('/', names);

    /// <summary>Where a path of '/' lies below a folder of this machine.</summary>
    public static string Under(string root, string path) =>
        path.Length == 0 ? root : Path.Combine(root, path.Replace('/', Path.DirectorySeparatorChar));

    private static bool IsName(string name) =>
        name != ".."
        && Encoding.UTF8.GetByteCount(name) <= LongestName
        // A replacement character stands for bytes that were no UTF-8; unpaired surrogates would become one.
        && !name.Any(c => char.IsControl(c) || c == '\uFFFD')
        && name.EnumerateRunes().All(rune => rune != Rune.ReplacementChar)
        && !(OperatingSystem.IsWindows() && IsForbiddenOnWindows(name));

    private static bool IsForbiddenOnWindows(string name) =>
        name.IndexOfAny(['\\', ':', '*', '?', '"', '<', '>', '|']) >= 0 || name.EndsWith('.') || name.EndsWith(' ');
}
