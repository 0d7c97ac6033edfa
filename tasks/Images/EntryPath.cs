namespace StageX.Build.Images;

/// <summary>Paths inside a root filesystem, as strings separated by '/', the root being the empty one.</summary>
internal static class EntryPath
{
    public const string WhiteoutPrefix = ".wh.";
    public const string OpaqueName = ".wh..wh..opq";
    private const int LinkDepth = 40;

    /// <summary>Orders by the bytes of UTF-8, which ordinal comparison of UTF-16 does not: surrogates stand before U+E000 there.</summary>
    public static readonly IComparer<string> ByteOrder = Comparer<string>.Create(CompareBytes);

    public static string Parent(string path) => path.LastIndexOf('/') is >= 0 and var slash ? path[..slash] : "";

    public static string Name(string path) => path[(path.LastIndexOf('/') + 1)..];

    public static string Join(string folder, string name) => folder.Length == 0 ? name : name.Length == 0 ? folder : $"{folder}/{name}";

    /// <summary>The directories above a path, nearest first, without the root.</summary>
    public static IEnumerable<string> Ancestors(string path)
    {
        for (var parent = Parent(path); parent.Length > 0; parent = Parent(parent))
            yield return parent;
    }

    public static bool IsBelow(string path, string folder) =>
        folder.Length == 0 || (path.Length > folder.Length && path[folder.Length] == '/' && path.StartsWith(folder, StringComparison.Ordinal));

    /// <summary>A path as somebody in a folder writes it: absolute, or relative to that; nothing leads out of the root.</summary>
    public static string Resolve(string folder, string path)
    {
        var parts = new List<string>();
        foreach (var part in (path.StartsWith('/') ? path : folder + "/" + path).Split('/', StringSplitOptions.RemoveEmptyEntries))
            if (part == "..")
                parts.RemoveRange(Math.Max(0, parts.Count - 1), Math.Min(1, parts.Count));
            else if (part != ".")
                parts.Add(part);
        return string.Join('/', parts);
    }

    /// <summary>Where a path leads through symbolic links; null where they lead in a circle. Nothing leads out of the root.</summary>
    /// <param name="path">The path.</param>
    /// <param name="linkAt">What the symbolic link at a path says; null where there is none.</param>
    public static string? Follow(string path, Func<string, string?> linkAt)
    {
        var pending = new Stack<string>(path.Split('/').Reverse());
        var done = "";
        for (var links = 0; pending.TryPop(out var part);)
        {
            if (part is "" or ".")
                continue;
            if (part == "..")
            {
                done = Parent(done);
                continue;
            }
            var next = Join(done, part);
            if (linkAt(next) is not { } target)
            {
                done = next;
                continue;
            }
            if (++links > LinkDepth)
                return null;
            if (target.StartsWith('/'))
                done = "";
            foreach (var step in target.Split('/').Reverse())
                pending.Push(step);
        }
        return done;
    }

    /// <summary>Takes away what writers of tar put around a path; null where it leads outside, "" for the root itself.</summary>
    public static string? Normalize(string path)
    {
        if (path.Contains('\0', StringComparison.Ordinal))
            return null;
        if (IsNormal(path))
            return path;
        var parts = path.Split('/').Where(part => part is not ("" or ".")).ToArray();
        return parts.Contains("..") ? null : string.Join('/', parts);
    }

    private static bool IsNormal(string path)
    {
        if (path.Length == 0)
            return true;
        var rest = path.AsSpan();
        while (true)
        {
            var slash = rest.IndexOf('/');
            var part = slash < 0 ? rest : rest[..slash];
            if (part is "" or "." or "..")
                return false;
            if (slash < 0)
                return true;
            rest = rest[(slash + 1)..];
        }
    }

    private static int CompareBytes(string left, string right)
    {
        var common = left.AsSpan().CommonPrefixLength(right);
        if (common == left.Length || common == right.Length)
            return left.Length.CompareTo(right.Length);
        return Rank(left[common]).CompareTo(Rank(right[common]));
    }

    private static int Rank(char c) => char.IsSurrogate(c) ? c + 0x10000 : c;
}
