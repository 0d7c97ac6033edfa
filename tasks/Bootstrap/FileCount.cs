using StageX.Build.Sources;

namespace StageX.Build.Bootstrap;

/// <summary>Counts what files are made of: lines of source, texts that tools generated, data.</summary>
internal sealed class FileCount(IReadOnlyList<string> generated)
{
    private readonly (string Text, PathPattern Pattern)[] _patterns = [.. generated.Select(text => (text, PathPattern.Parse(text)))];
    private readonly HashSet<string> _used = new(StringComparer.Ordinal);
    private readonly List<GeneratedText> _generated = [];
    private long _lines;
    private int _dataFiles;
    private long _dataBytes;

    /// <param name="path">The file's path, as patterns see it.</param>
    /// <param name="bytes">The file, or null where it is too large to be text.</param>
    /// <param name="length">Its length.</param>
    public void Add(string path, byte[]? bytes, long length)
    {
        if (bytes is null || bytes.Contains((byte)0))
        {
            _dataFiles++;
            _dataBytes += length;
            return;
        }
        var lines = bytes.AsSpan().Count((byte)'\n') + (bytes.Length > 0 && bytes[^1] != '\n' ? 1 : 0);
        var tool = GeneratorMark.Find(bytes);
        var isDeclared = false;
        foreach (var (text, pattern) in _patterns)
            if (pattern.Matches(path))
            {
                isDeclared = true;
                _used.Add(text);
            }
        if (tool is null && !isDeclared)
            _lines += lines;
        else
            _generated.Add(new GeneratedText(path, tool ?? "declared", lines, isDeclared));
    }

    public Verdict Verdict(IReadOnlyList<Finding> findings) => new()
    {
        Findings = findings,
        Generated = [.. _generated.OrderBy(text => text.Path, StringComparer.Ordinal)],
        Useless = [.. _patterns.Select(pattern => pattern.Text).Where(text => !_used.Contains(text))],
        Lines = _lines,
        DataFiles = _dataFiles,
        DataBytes = _dataBytes,
    };
}
