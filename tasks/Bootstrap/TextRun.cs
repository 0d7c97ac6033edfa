namespace StageX.Build.Bootstrap;

/// <summary>What lines next to each other decode to, read in one way.</summary>
internal sealed class TextRun(string encoding)
{
    // Lines without bytes that may stand between two with some: comments, blank ones, labels.
    private const int LongestGap = 30;

    private readonly List<byte> _bytes = [];
    private int _firstLine;
    private int _lastLine;

    public string Encoding { get; } = encoding;

    public int FirstLine => _firstLine;

    public ReadOnlySpan<byte> Bytes => System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_bytes);

    public bool EndsBefore(int line) => _bytes.Count > 0 && line > _lastLine + LongestGap;

    public void Add(int line, ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length == 0)
            return;
        if (_bytes.Count == 0)
            _firstLine = line;
        _lastLine = line;
        _bytes.AddRange(bytes);
    }

    public void Clear() => _bytes.Clear();
}
