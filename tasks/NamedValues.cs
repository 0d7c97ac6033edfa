using System.Text;

namespace StageX.Build;

/// <summary>A text of lines <c>name: value</c>, each name once, in the order that the writer likes; empty lines and lines with # do not count.</summary>
internal sealed class NamedValues
{
    private readonly string _path, _code;
    private readonly Dictionary<string, (string Value, int Line)> _values = new(StringComparer.Ordinal);
    private readonly HashSet<string> _known = new(StringComparer.Ordinal);

    /// <param name="path">What errors name.</param>
    /// <param name="content">UTF-8.</param>
    /// <param name="code">Of the error where it is malformed.</param>
    public NamedValues(string path, byte[] content, string code)
    {
        (_path, _code) = (path, code);
        foreach (var (line, number) in LinesOf(path, content, code))
            Add(line, number);
    }

    private NamedValues(string path, string code) => (_path, _code) = (path, code);

    /// <summary>A text that has parts: what stands before the first line like <c>[title]</c>, and what stands below each, in their order, each title once.</summary>
    public static (NamedValues Head, IReadOnlyList<NamedSection> Sections) ReadSections(string path, byte[] content, string code)
    {
        var (head, sections) = (new NamedValues(path, code), new List<NamedSection>());
        foreach (var (line, number) in LinesOf(path, content, code))
            if (line is ['[', .. var title, ']'])
            {
                var section = new NamedSection(title, new NamedValues(path, code), message => new StageXException(code, message, path, number));
                if (sections.Any(other => other.Title == title))
                    throw section.Fault($"'{line}' stands here twice");
                sections.Add(section);
            }
            else
                (sections.Count > 0 ? sections[^1].Values : head).Add(line, number);
        return (head, sections);
    }

    public string? Optional(string name)
    {
        _known.Add(name);
        return _values.TryGetValue(name, out var entry) ? entry.Value : null;
    }

    public string Required(string name) => Optional(name) ?? throw new StageXException(_code, $"'{name}: …' is missing", _path);

    public void RefuseOthers()
    {
        if (_values.Keys.FirstOrDefault(name => !_known.Contains(name)) is { } name)
            throw Fault(name, $"'{name}' is unknown; known are {string.Join(", ", _known.Order(StringComparer.Ordinal))}");
    }

    public StageXException Fault(string name, string message, Exception? inner = null) =>
        new(_code, message, _path, _values.TryGetValue(name, out var entry) ? entry.Line : 0, inner);

    private void Add(string line, int number)
    {
        if (line.Split(": ", 2) is not [{ Length: > 0 } name, { Length: > 0 } value] || value != value.Trim() || value.Any(char.IsControl))
            throw new StageXException(_code, "expected 'name: value'", _path, number);
        if (!_values.TryAdd(name, (value, number)))
            throw new StageXException(_code, $"'{name}' stands here twice", _path, number);
    }

    // Those that count, with their numbers.
    private static IEnumerable<(string Line, int Number)> LinesOf(string path, byte[] content, string code)
    {
        string text;
        try
        {
            text = new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(content);
        }
        catch (DecoderFallbackException e)
        {
            throw new StageXException(code, "not UTF-8", path, inner: e);
        }
        return text.Split('\n').Select((line, index) => (line, index + 1)).Where(pair => pair.line.Length > 0 && pair.line[0] != '#');
    }
}

/// <summary>A part of such a text, below a line of its own.</summary>
/// <param name="Title">What stands between the brackets of that line.</param>
/// <param name="Values">What stands below it.</param>
/// <param name="Fault">Makes an error at that line.</param>
internal sealed record NamedSection(string Title, NamedValues Values, Func<string, StageXException> Fault);
