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
        string text;
        try
        {
            text = new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(content);
        }
        catch (DecoderFallbackException e)
        {
            throw new StageXException(code, "not UTF-8", path, inner: e);
        }
        var number = 0;
        foreach (var line in text.Split('\n'))
        {
            number++;
            if (line.Length == 0 || line[0] == '#')
                continue;
            if (line.Split(": ", 2) is not [{ Length: > 0 } name, { Length: > 0 } value] || value != value.Trim() || value.Any(char.IsControl))
                throw new StageXException(code, "expected 'name: value'", path, number);
            if (!_values.TryAdd(name, (value, number)))
                throw new StageXException(code, $"'{name}' stands here twice", path, number);
        }
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
}
