using System.Text;
using System.Text.RegularExpressions;

namespace StageX.Build.Containerfiles;

/// <summary>
/// A file of patterns that says what of a folder is no part of the build context: <c>*</c> and <c>?</c> within a name, <c>**</c>
/// across folders, <c>!</c> takes back. The last pattern that matches a path, or a folder above it, decides.
/// </summary>
public sealed class IgnoreFile
{
    // The one beside the Containerfile that carries its name goes before those of the folder, as with BuildKit.
    private static readonly string[] Names = ["Containerfile.dockerignore", ".containerignore", ".dockerignore"];

    private readonly List<(Regex Pattern, bool Ignores)> _patterns = [];

    private IgnoreFile(string file)
    {
        foreach (var (number, line) in File.ReadLines(file).Index())
        {
            var text = line.Trim();
            if (line.StartsWith('#') || text.Length == 0)
                continue;
            var ignores = !text.StartsWith('!');
            if (!ignores)
                text = text[1..].Trim();
            var parts = text.Split('/', StringSplitOptions.RemoveEmptyEntries).Where(part => part != ".").ToList();
            for (int up; (up = parts.IndexOf("..")) >= 0;)
                parts.RemoveRange(Math.Max(0, up - 1), Math.Min(2, up + 1));
            if (parts.Count == 0)
                continue;
            try
            {
                _patterns.Add((Compile(string.Join('/', parts)), ignores));
            }
            catch (RegexParseException e)
            {
                throw new StageXException(ErrorCode.ContainerfileSyntax, $"'{text}' is no pattern", file, number + 1, e);
            }
        }
    }

    /// <summary>The folder's, or null where it has none.</summary>
    /// <exception cref="StageXException"><see cref="ErrorCode.ContainerfileSyntax"/>, with the line.</exception>
    public static IgnoreFile? In(string folder) =>
        Names.Select(name => Path.Combine(folder, name)).FirstOrDefault(File.Exists) is { } file ? new IgnoreFile(file) : null;

    /// <summary>Whether a file of that path, relative and with '/', is left out.</summary>
    public bool Ignores(string path)
    {
        var ignored = false;
        foreach (var (pattern, ignores) in _patterns)
            if (ignores != ignored && Prefixes(path).Any(pattern.IsMatch))
                ignored = ignores;
        return ignored;
    }

    private static IEnumerable<string> Prefixes(string path)
    {
        for (var end = path.Length; end > 0; end = path.LastIndexOf('/', end - 1))
            yield return path[..end];
    }

    private static Regex Compile(string pattern)
    {
        var text = new StringBuilder("^");
        for (var i = 0; i < pattern.Length; i++)
            switch (pattern[i])
            {
                case '*' when pattern.AsSpan(i).StartsWith("**"):
                    i++;
                    if (i + 1 < pattern.Length && pattern[i + 1] == '/')
                        i++;
                    text.Append(i + 1 == pattern.Length ? ".*" : "(.*/)?");
                    break;
                case '*':
                    text.Append("[^/]*");
                    break;
                case '?':
                    text.Append("[^/]");
                    break;
                case '\\' when i + 1 < pattern.Length:
                    text.Append(Regex.Escape(pattern[++i].ToString()));
                    break;
                case '[' or ']' or '^' or '-':
                    text.Append(pattern[i]);
                    break;
                default:
                    text.Append(Regex.Escape(pattern[i].ToString()));
                    break;
            }
        return new Regex(text.Append('$').ToString(), RegexOptions.CultureInvariant | RegexOptions.Singleline);
    }
}
