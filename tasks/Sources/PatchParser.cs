using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace StageX.Build.Sources;

/// <summary>Reads unified diffs strictly: what stands between files is commentary, what looks like a broken hunk is an error.</summary>
internal sealed partial class PatchParser(Source source, string path, byte[] bytes)
{
    private readonly ReadOnlyMemory<byte>[] _lines = Patch.SplitLines(bytes);
    private readonly List<PatchFile> _files = [];
    private int _at;

    public IReadOnlyList<PatchFile> Parse()
    {
        while (_at < _lines.Length)
        {
            var text = Text(_at);
            if (text.StartsWith("diff --git ", StringComparison.Ordinal))
                ParseGitHeader();
            else if (IsFileHeader(_at))
                ParseFile(new PatchFile { Line = _at + 1 });
            else if (HunkHeader().IsMatch(text))
                throw Malformed(_at, "a hunk stands without the '---' and '+++' of its file");
            else
                _at++;
        }

        return _files.Count > 0 ? _files : throw Malformed(0, "it changes no file: no '---', '+++' and '@@' lines");
    }

    [GeneratedRegex(@"^@@ -(\d{1,9})(?:,(\d{1,9}))? \+(\d{1,9})(?:,(\d{1,9}))? @@")]
    private static partial Regex HunkHeader();

    private bool IsFileHeader(int line) =>
        line + 1 < _lines.Length
        && Text(line).StartsWith("--- ", StringComparison.Ordinal)
        && Text(line + 1).StartsWith("+++ ", StringComparison.Ordinal);

    private void ParseGitHeader()
    {
        var file = new PatchFile { Line = _at + 1 };
        var header = Text(_at++)["diff --git ".Length..];
        var says = false;
        for (; _at < _lines.Length; _at++)
        {
            var text = Text(_at);
            if (Value(text, "new file mode ") is { } mode)
                (file.Creates, file.Executable) = (true, IsExecutable(mode));
            else if (Value(text, "deleted file mode ") is not null)
                file.Deletes = true;
            else if (Value(text, "old mode ") is not null)
                continue;
            else if (Value(text, "new mode ") is { } changed)
                file.Executable = IsExecutable(changed);
            else if ((Value(text, "rename from ") ?? Value(text, "copy from ")) is { } from)
                (file.OldPath, file.Renames, file.Copies) = (Check(Unquote(from)), true, text[0] == 'c');
            else if ((Value(text, "rename to ") ?? Value(text, "copy to ")) is { } to)
                file.NewPath = Check(Unquote(to));
            else if (text.StartsWith("GIT binary patch", StringComparison.Ordinal) || text.StartsWith("Binary files ", StringComparison.Ordinal))
                throw Malformed(_at, "binary patches are not applied: what they bring could not be read");
            else if (text.StartsWith("similarity index ", StringComparison.Ordinal)
                || text.StartsWith("dissimilarity index ", StringComparison.Ordinal)
                || text.StartsWith("index ", StringComparison.Ordinal))
                continue;
            else
                break;
            says = true;
        }

        if (_at < _lines.Length && IsFileHeader(_at))
            ParseFile(file);
        else if (file.Renames && (file.OldPath is null || file.NewPath is null))
            throw Malformed(file.Line - 1, "a rename or copy lacks one of its two paths");
        else if (says)
        {
            // No hunks: an empty file that comes or goes, a mode, a rename.
            if (!file.Renames)
                file.OldPath = file.NewPath = Check(Strip(SameName(header) ?? throw Malformed(file.Line - 1, "its two paths are not the same")));
            _files.Add(file);
        }
    }

    private void ParseFile(PatchFile file)
    {
        var (oldName, oldIsEpoch) = FileName(_at);
        var (newName, newIsEpoch) = FileName(_at + 1);
        var headerLine = _at;
        if (oldName == "/dev/null" && newName == "/dev/null")
            throw Malformed(_at, "both of its paths are /dev/null");
        file.Creates |= oldName == "/dev/null";
        file.Deletes |= newName == "/dev/null";
        if (!file.Renames)
        {
            file.OldPath = oldName == "/dev/null" ? null : Check(Strip(oldName));
            file.NewPath = newName == "/dev/null" ? null : Check(Strip(newName));
        }
        else if (file.OldPath is null || file.NewPath is null)
            throw Malformed(file.Line - 1, "a rename or copy lacks one of its two paths");

        _at += 2;
        while (_at < _lines.Length && HunkHeader().Match(Text(_at)) is { Success: true } match)
            file.Hunks.Add(ParseHunk(match));
        if (file.Hunks.Count == 0)
            throw Malformed(headerLine, "no hunk follows the '---' and '+++' of a file");
        RefuseStrayLine();

        // diff -N without /dev/null: a file that does not exist has the time zero.
        if (file.Hunks is [{ New.Count: 0 }] && newIsEpoch)
            file.Deletes = true;
        if (file.Hunks is [{ Old.Count: 0, OldStart: 0 }] && oldIsEpoch)
            file.Creates = true;
        if (file.Creates && file.Hunks is not [{ Old.Count: 0 }])
            throw Malformed(headerLine, "it takes lines from a file that it says is new");
        file.OldPath ??= file.NewPath;
        file.NewPath ??= file.OldPath;
        _files.Add(file);
    }

    private PatchHunk ParseHunk(Match header)
    {
        var headerLine = _at++;
        int Number(int group, int missing) =>
            header.Groups[group].Success ? int.Parse(header.Groups[group].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture) : missing;
        var oldStart = Number(1, 0);
        var oldLeft = Number(2, 1);
        var newLeft = Number(4, 1);
        if (oldStart == 0 && oldLeft > 0)
            throw Malformed(headerLine, "a hunk takes lines from line 0");

        var lines = new List<(char Mark, ReadOnlyMemory<byte> Text)>();
        while (oldLeft > 0 || newLeft > 0)
        {
            if (_at == _lines.Length)
                throw Malformed(headerLine, "a hunk has fewer lines than it says");
            var line = _lines[_at];
            // Some editors take the blank from an empty line of context.
            var mark = line.Span[0] == '\n' ? ' ' : (char)line.Span[0];
            var text = line.Span[0] == '\n' ? line : line[1..];
            if (mark is not (' ' or '-' or '+'))
                throw Malformed(_at, "a hunk has fewer lines than it says, or a line without ' ', '-' or '+'");
            if (mark != '+' && oldLeft-- == 0 || mark != '-' && newLeft-- == 0)
                throw Malformed(_at, "a hunk has other lines than it says");
            _at++;
            if (_at < _lines.Length && _lines[_at].Span[0] == '\\')
            {
                text = text[..^1];
                _at++;
            }

            lines.Add((mark, text));
        }

        return new PatchHunk(headerLine + 1, oldStart, lines);
    }

    // A hunk whose count is too small must not lose its last lines silently. "-- " begins the signature of a mail.
    private void RefuseStrayLine()
    {
        if (_at >= _lines.Length || IsFileHeader(_at))
            return;
        var text = Text(_at);
        if (text is not ("--" or "-- ") && text.Length > 0 && text[0] is ' ' or '+' or '-')
            throw Malformed(_at, "a hunk has more lines than it says");
    }

    /// <summary>The name of a '---' or '+++' line, and whether its time says that the file does not exist.</summary>
    private (string Name, bool IsEpoch) FileName(int line)
    {
        var text = Text(line)[4..];
        if (text.StartsWith('"'))
            return (Unquote(text), false);
        var tab = text.IndexOf('\t');
        if (tab < 0)
            return (text.TrimEnd(' '), false);
        var isEpoch = DateTimeOffset.TryParse(text[(tab + 1)..], CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time)
            && time == DateTimeOffset.UnixEpoch;
        return (text[..tab], isEpoch);
    }

    private static string? Value(string text, string key) => text.StartsWith(key, StringComparison.Ordinal) ? text[key.Length..] : null;

    private bool IsExecutable(string mode) => mode.Trim() switch
    {
        "100644" => false,
        "100755" => true,
        _ => throw Malformed(_at, $"it makes something of mode {mode}: only files, 100644 or 100755, can be patched"),
    };

    /// <summary>Of "a/x b/x" (names may hold blanks) the half.</summary>
    private static string? SameName(string header)
    {
        if (header.StartsWith('"'))
            return Unquote(header);
        var middle = header.Length / 2;
        return header.Length % 2 == 1 && header[middle] == ' ' && AfterFirst(header[..middle]) == AfterFirst(header[(middle + 1)..])
            ? header[..middle]
            : null;
    }

    private string Strip(string name) => AfterFirst(name) ?? throw Malformed(_at, $"'{name}' has no first name to leave out: paths begin with a/ and b/");

    private static string? AfterFirst(string name) => name.IndexOf('/') is >= 0 and var slash ? name[(slash + 1)..].TrimStart('/') : null;

    private string Check(string name) =>
        EntryPath.Split(name) is { Length: > 0 } names
            ? EntryPath.Join(names)
            : throw source.Fault(ErrorCode.PatchPathUnsafe, $"The patch {Path.GetFileName(path)} names '{name}', which is no path inside the source.", path, _at + 1);

    /// <summary>Takes git's quotes off: octal bytes and the escapes of C.</summary>
    private static string Unquote(string text)
    {
        if (!text.StartsWith('"'))
            return text;
        var result = new List<byte>();
        for (var i = 1; i < text.Length && text[i] != '"'; i++)
        {
            if (text[i] != '\\' || i + 1 == text.Length)
            {
                result.AddRange(Encoding.UTF8.GetBytes(text[i].ToString()));
                continue;
            }

            i++;
            if (text[i] is >= '0' and <= '3' && i + 2 < text.Length)
            {
                result.Add((byte)((text[i] - '0') * 64 + (text[i + 1] - '0') * 8 + (text[i + 2] - '0')));
                i += 2;
            }
            else
                result.Add((byte)(text[i] switch { 'a' => '\a', 'b' => '\b', 't' => '\t', 'n' => '\n', 'v' => '\v', 'f' => '\f', 'r' => '\r', var other => other }));
        }

        return Encoding.UTF8.GetString([.. result]);
    }

    // Header lines only; the lines of hunks stay bytes.
    private string Text(int line) => Encoding.UTF8.GetString(_lines[line].Span).TrimEnd('\n').TrimEnd('\r');

    private StageXException Malformed(int line, string because) =>
        source.Fault(ErrorCode.PatchMalformed, $"The patch {Path.GetFileName(path)} cannot be read: {because}.", path, line + 1);
}
