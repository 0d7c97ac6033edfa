using System.Diagnostics.CodeAnalysis;

namespace StageX.Build.Sources;

/// <summary>
/// A relative path in which <c>?</c> stands for one character of a name, <c>*</c> for any part of a name,
/// and a name <c>**</c> for any number of folders. Everything else means itself.
/// </summary>
public sealed class PathPattern
{
    private readonly string[] _names;

    private PathPattern(string[] names) => _names = names;

    public static bool TryParse(string text, [NotNullWhen(true)] out PathPattern? pattern)
    {
        pattern = EntryPath.Split(text) is { Length: > 0 } names ? new PathPattern(names) : null;
        return pattern is not null;
    }

    /// <exception cref="FormatException">It is no path inside a tree.</exception>
    public static PathPattern Parse(string text) =>
        TryParse(text, out var pattern) ? pattern : throw new FormatException($"'{text}' is no path inside a tree");

    /// <summary>Whether the whole path matches.</summary>
    public bool Matches(string path)
    {
        var names = path.Split('/');
        // matched[i]: the pattern's names seen so far match the path's first i names.
        var matched = new bool[names.Length + 1];
        matched[0] = true;
        foreach (var wanted in _names)
        {
            var next = new bool[names.Length + 1];
            if (wanted == "**")
            {
                next[0] = matched[0];
                for (var i = 1; i <= names.Length; i++)
                    next[i] = matched[i] || next[i - 1];
            }
            else
            {
                for (var i = 1; i <= names.Length; i++)
                    next[i] = matched[i - 1] && NameMatches(wanted, names[i - 1]);
            }

            matched = next;
        }

        return matched[^1];
    }

    // Greedy, going back to the last star only: linear for real names, never exponential.
    private static bool NameMatches(ReadOnlySpan<char> wanted, ReadOnlySpan<char> name)
    {
        int w = 0, n = 0, star = -1, resume = 0;
        while (n < name.Length)
        {
            if (w < wanted.Length && wanted[w] == '*')
            {
                star = w++;
                resume = n;
            }
            else if (w < wanted.Length && (wanted[w] == '?' || wanted[w] == name[n]))
            {
                w++;
                n++;
            }
            else if (star >= 0)
            {
                w = star + 1;
                n = ++resume;
            }
            else
                return false;
        }

        while (w < wanted.Length && wanted[w] == '*')
            w++;
        return w == wanted.Length;
    }
}
