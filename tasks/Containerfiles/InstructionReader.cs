using System.Text;
using System.Text.RegularExpressions;

namespace StageX.Build.Containerfiles;

/// <summary>
/// The text of a Containerfile as lines that belong together: joined at the escape character, without comment lines and,
/// inside of an instruction, empty ones.
/// </summary>
internal sealed partial class InstructionReader
{
    private readonly string[] _lines;
    private int _next;

    public InstructionReader(string text)
    {
        _lines = text.TrimStart('\uFEFF').Split('\n');
        // Directives are what comments look like that stand before everything else.
        while (_next < _lines.Length && Directive().Match(_lines[_next]) is { Success: true } directive)
        {
            if (directive.Groups["name"].Value.Equals("escape", StringComparison.OrdinalIgnoreCase))
            {
                if (directive.Groups["value"].Value is not (['\\' or '`'] and [var escape]))
                    BadDirective = _next + 1;
                else
                    Escape = escape;
            }
            _next++;
        }
    }

    public char Escape { get; private set; } = '\\';

    /// <summary>The line of an escape directive that is none, or 0.</summary>
    public int BadDirective { get; }

    /// <summary>The next instruction with the number of its first line, or null at the end.</summary>
    public (int Line, string Text)? Next()
    {
        var text = new StringBuilder();
        var start = 0;
        while (_next < _lines.Length)
        {
            var line = _lines[_next++].TrimEnd();
            if (line.Length == 0 || line.AsSpan().TrimStart().StartsWith('#'))
                continue;
            if (start == 0)
                start = _next;
            // One that is escaped itself continues nothing.
            var continues = line[^1] == Escape && (line.Length == 1 || line[^2] != Escape);
            text.Append(line, 0, line.Length - (continues ? 1 : 0));
            if (!continues)
                break;
        }
        return text.ToString().Trim() is { Length: > 0 } instruction ? (start, instruction) : start > 0 ? Next() : null;
    }

    /// <summary>Reads the lines of a here-document; null when the file ends before it does.</summary>
    public HereDocument? Read(HereDocument document)
    {
        var content = new StringBuilder();
        while (_next < _lines.Length)
        {
            var line = _lines[_next++];
            if (document.EndsAt(line))
                return document with { Content = content.ToString() };
            content.Append(line).Append('\n');
        }
        return null;
    }

    [GeneratedRegex(@"^\s*#\s*(?<name>escape|syntax|check)\s*=\s*(?<value>.+?)\s*$", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    private static partial Regex Directive();
}
