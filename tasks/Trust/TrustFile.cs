using System.Text;

namespace StageX.Build.Trust;

/// <summary>A text of lines <c>name: value</c>, each name once, in the order that the writer likes; empty lines and lines with # do not count.</summary>
internal sealed class TrustFile
{
    private readonly string _path;
    private readonly Dictionary<string, (string Value, int Line)> _values = new(StringComparer.Ordinal);
    private readonly HashSet<string> _known = new(StringComparer.Ordinal);

    public TrustFile(string path, byte[] content)
    {
        _path = path;
        string text;
        try
        {
            text = new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(content);
        }
        catch (DecoderFallbackException e)
        {
            throw new StageXException(ErrorCode.MaintainersUnreadable, "not UTF-8", path, inner: e);
        }
        var number = 0;
        foreach (var line in text.Split('\n'))
        {
            number++;
            if (line.Length == 0 || line[0] == '#')
                continue;
            if (line.Split(": ", 2) is not [{ Length: > 0 } name, { Length: > 0 } value] || value != value.Trim() || value.Any(char.IsControl))
                throw new StageXException(ErrorCode.MaintainersUnreadable, "expected 'name: value'", path, number);
            if (!_values.TryAdd(name, (value, number)))
                throw new StageXException(ErrorCode.MaintainersUnreadable, $"'{name}' stands here twice", path, number);
        }
    }

    public string? Optional(string name)
    {
        _known.Add(name);
        return _values.TryGetValue(name, out var entry) ? entry.Value : null;
    }

    public string Required(string name) => Optional(name) ?? throw new StageXException(ErrorCode.MaintainersUnreadable, $"'{name}: …' is missing", _path);

    public void RefuseOthers()
    {
        if (_values.Keys.FirstOrDefault(name => !_known.Contains(name)) is { } name)
            throw Fault(name, $"'{name}' is unknown; known are {string.Join(", ", _known.Order(StringComparer.Ordinal))}");
    }

    public StageXException Fault(string name, string message, Exception? inner = null) =>
        new(ErrorCode.MaintainersUnreadable, message, _path, _values.TryGetValue(name, out var entry) ? entry.Line : 0, inner);
}
