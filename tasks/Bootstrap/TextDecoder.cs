using System.Globalization;
using System.Text;

namespace StageX.Build.Bootstrap;

/// <summary>
/// Reads a text as what encoders make of binaries: base64, hexadecimal in its many shapes (bare, with 0x or \x, as a dump
/// with offsets), lists of decimal or octal numbers, string escapes, uuencoding. What comes out is looked at like a file.
/// </summary>
internal sealed class TextDecoder
{
    private const int ShortestToken = 16;
    private const int SmallestHeader = 24;

    public delegate void Handler(string encoding, int line, ReadOnlySpan<byte> decoded);

    private readonly Handler _handler;
    private readonly TextRun _hexadecimal = new("hexadecimal");
    private readonly TextRun _swapped = new("hexadecimal words");
    private readonly TextRun _decimal = new("decimal numbers");
    private readonly TextRun _octal = new("octal numbers");
    private readonly TextRun _escapes = new("escapes");
    private readonly TextRun _digits = new("hexadecimal");
    private readonly TextRun _base64 = new("base64");
    private readonly List<Range> _tokens = [];
    private byte[] _scratch = new byte[256];

    private TextDecoder(Handler handler) => _handler = handler;

    public static void Decode(ReadOnlySpan<byte> text, Handler handler) => new TextDecoder(handler).Run(text);

    private void Run(ReadOnlySpan<byte> text)
    {
        var number = 0;
        foreach (var range in text.Split((byte)'\n'))
        {
            number++;
            var line = text[range];
            if (line.Length > 0 && line[^1] == '\r')
                line = line[..^1];
            foreach (var run in (ReadOnlySpan<TextRun>)[_hexadecimal, _swapped, _decimal, _octal, _escapes, _digits, _base64])
                if (run.EndsBefore(number))
                    Flush(run);
            if (line.Length < 2)
                continue;
            ReadLongTokens(line, number);
            ReadNumbers(WithoutComment(line), number);
            ReadEscapes(line, number);
            if (line.StartsWith("begin "u8) && line.Length > 10 && IsOctal(line[6..9]))
                ReadUuencoded(text[range.Start..], number);
        }
        foreach (var run in (ReadOnlySpan<TextRun>)[_hexadecimal, _swapped, _decimal, _octal, _escapes, _digits, _base64])
            Flush(run);
    }

    private void Flush(TextRun run)
    {
        if (run == _base64)
            FlushBase64(run);
        else if (run.Bytes.Length >= SmallestHeader)
            _handler(run.Encoding, run.FirstLine, run.Bytes);
        run.Clear();
    }

    // Whoever wrote the lines may have broken them anywhere, or encoded each for itself; and something may stand before the first.
    private void FlushBase64(TextRun run)
    {
        var characters = run.Bytes;
        if (characters.Length < SmallestHeader * 4 / 3)
            return;
        for (var skip = 0; skip < 4; skip++)
            _handler(run.Encoding, run.FirstLine, Base64(characters[skip..], restart: false));
        _handler(run.Encoding, run.FirstLine, Base64(characters, restart: true));
    }

    private static byte[] Base64(ReadOnlySpan<byte> characters, bool restart)
    {
        var bytes = new List<byte>(characters.Length * 3 / 4);
        int bits = 0, count = 0;
        foreach (var c in characters)
        {
            if (c is (byte)'=' or (byte)' ')
            {
                if (restart || c == '=')
                    (bits, count) = (0, 0);
                continue;
            }
            bits = (bits << 6 | Base64Value(c)) & 0xFFFFFF;
            if ((count += 6) >= 8)
                bytes.Add((byte)(bits >> (count -= 8)));
        }
        return [.. bytes];
    }

    private static int Base64Value(byte c) => c switch
    {
        >= (byte)'A' and <= (byte)'Z' => c - 'A',
        >= (byte)'a' and <= (byte)'z' => c - 'a' + 26,
        >= (byte)'0' and <= (byte)'9' => c - '0' + 52,
        (byte)'+' or (byte)'-' => 62,
        (byte)'/' or (byte)'_' => 63,
        _ => -1,
    };

    // Words of 16 and more characters of base64 or hexadecimal, wherever on the line they stand; then the line that ends such a run.
    private void ReadLongTokens(ReadOnlySpan<byte> line, int number)
    {
        var found = false;
        for (var start = 0; start < line.Length; start++)
        {
            var end = start;
            var isHexadecimal = true;
            while (end < line.Length && Base64Value(line[end]) >= 0)
                isHexadecimal &= char.IsAsciiHexDigit((char)line[end++]);
            if (end - start >= ShortestToken)
            {
                AddToken(line, start, end, isHexadecimal, number);
                found = true;
            }
            start = end;
        }
        var trimmed = line.Trim(" \t\"',"u8);
        if (!found && _base64.Bytes.Length > 0 && trimmed.Length is > 1 and < ShortestToken && !trimmed.TrimEnd((byte)'=').ContainsAnyExcept(Base64Characters))
            AddToken(trimmed, 0, trimmed.TrimEnd((byte)'=').Length, !trimmed.ContainsAnyExcept(HexadecimalCharacters), number);
    }

    private static readonly System.Buffers.SearchValues<byte> Base64Characters =
        System.Buffers.SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/-_"u8);

    private static readonly System.Buffers.SearchValues<byte> HexadecimalCharacters = System.Buffers.SearchValues.Create("0123456789abcdefABCDEF"u8);

    private void AddToken(ReadOnlySpan<byte> line, int start, int end, bool isHexadecimal, int number)
    {
        _base64.Add(number, line[start..end]);
        _base64.Add(number, end < line.Length && line[end] == '=' ? "="u8 : " "u8);
        if (isHexadecimal)
            _digits.Add(number, Hexadecimal(line[start..end]));
    }

    private ReadOnlySpan<byte> Hexadecimal(ReadOnlySpan<byte> digits)
    {
        Grow(digits.Length / 2);
        for (var i = 0; i < digits.Length / 2; i++)
            _scratch[i] = (byte)(HexadecimalValue(digits[2 * i]) << 4 | HexadecimalValue(digits[2 * i + 1]));
        return _scratch.AsSpan(0, digits.Length / 2);
    }

    private static int HexadecimalValue(byte c) => c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10;

    private void Grow(int length)
    {
        if (_scratch.Length < length)
            _scratch = new byte[length * 2];
    }

    private static ReadOnlySpan<byte> WithoutComment(ReadOnlySpan<byte> line)
    {
        for (var i = 0; i < line.Length; i++)
            if (line[i] == ';' || (line[i] == '#' && (i == 0 || line[i - 1] is (byte)' ' or (byte)'\t')) || (line[i] == '/' && i + 1 < line.Length && line[i + 1] is (byte)'/' or (byte)'*'))
                return line[..i];
        return line;
    }

    private static readonly System.Buffers.SearchValues<byte> Separators = System.Buffers.SearchValues.Create(" \t,{}()[]\"'`\\+:|=$&<>"u8);

    // The longest row of numbers on a line, by each way to read them.
    private void ReadNumbers(ReadOnlySpan<byte> line, int number)
    {
        _tokens.Clear();
        for (var start = 0; start < line.Length;)
        {
            var skipped = line[start..].IndexOfAnyExcept(Separators);
            if (skipped < 0)
                break;
            start += skipped;
            var length = line[start..].IndexOfAny(Separators);
            if (length < 0)
                length = line.Length - start;
            _tokens.Add(start..(start + length));
            start += length;
        }
        if (_tokens.Count == 0)
            return;
        var first = FirstIsOffset(line) ? 1 : 0;
        AddRow(line, first, number, _hexadecimal, HexadecimalToken);
        if (_tokens.Count - first >= 2)
        {
            AddRow(line, first, number, _swapped, SwappedToken);
            AddRow(line, first, number, _decimal, DecimalToken);
            AddRow(line, first, number, _octal, OctalToken);
        }
    }

    // As dumps begin their lines: with more digits than their words have, or with a colon.
    private bool FirstIsOffset(ReadOnlySpan<byte> line)
    {
        if (_tokens.Count < 2)
            return false;
        var first = line[_tokens[0]];
        var second = line[_tokens[1]];
        return first.Length is >= 4 and <= 16 && !first.ContainsAnyExcept(HexadecimalCharacters)
            && (line[.._tokens[1].Start.Value].Contains((byte)':') || (first.Length >= 6 && first.Length != second.Length && !second.StartsWith("0x"u8)));
    }

    private delegate int Reading(ReadOnlySpan<byte> token, Span<byte> into);

    private void AddRow(ReadOnlySpan<byte> line, int first, int number, TextRun run, Reading read)
    {
        Grow(line.Length);
        int length = 0, bestStart = 0, bestLength = 0, start = 0;
        for (var i = first; i < _tokens.Count; i++)
        {
            var count = read(line[_tokens[i]], _scratch.AsSpan(length));
            if (count == 0)
            {
                start = length;
                continue;
            }
            length += count;
            if (length - start > bestLength)
                (bestStart, bestLength) = (start, length - start);
        }
        run.Add(number, _scratch.AsSpan(bestStart, bestLength));
    }

    private static ReadOnlySpan<byte> Bare(ReadOnlySpan<byte> token, out bool isMarked)
    {
        isMarked = true;
        if (token.Length > 2 && token[0] == '0' && (token[1] | 0x20) == 'x')
            return token[2..].TrimEnd("uUlL"u8);
        if (token.Length > 1 && (token[0] | 0x20) == 'x')
            return token[1..];
        if (token.Length > 1 && (token[^1] | 0x20) == 'h')
            return token[^2] == '0' || token.Length > 2 ? token[..^1].TrimStart((byte)'0') is { Length: > 0 } rest ? rest : "0"u8 : token;
        isMarked = false;
        return token;
    }

    private static int HexadecimalToken(ReadOnlySpan<byte> token, Span<byte> into)
    {
        var digits = Bare(token, out var isMarked);
        if (digits.Length == 0 || digits.ContainsAnyExcept(HexadecimalCharacters))
            return 0;
        if (digits.Length == 1 && isMarked)
        {
            into[0] = (byte)HexadecimalValue(digits[0]);
            return 1;
        }
        if (digits.Length % 2 != 0)
            return 0;
        for (var i = 0; i < digits.Length / 2; i++)
            into[i] = (byte)(HexadecimalValue(digits[2 * i]) << 4 | HexadecimalValue(digits[2 * i + 1]));
        return digits.Length / 2;
    }

    // Words of two, four and eight bytes, as dumps and compilers for little-endian machines print them.
    private static int SwappedToken(ReadOnlySpan<byte> token, Span<byte> into)
    {
        var count = Bare(token, out _).Length is 4 or 8 or 16 ? HexadecimalToken(token, into) : 0;
        into[..count].Reverse();
        return count;
    }

    private static int DecimalToken(ReadOnlySpan<byte> token, Span<byte> into)
    {
        if (token.Length > 4 || !short.TryParse(token, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value) || value is < -128 or > 255)
            return 0;
        into[0] = (byte)value;
        return 1;
    }

    private static int OctalToken(ReadOnlySpan<byte> token, Span<byte> into)
    {
        if (token.Length is < 3 or > 6 || !IsOctal(token))
            return 0;
        var value = 0;
        foreach (var digit in token)
            value = value * 8 + digit - '0';
        if (token.Length == 6)
        {
            (into[0], into[1]) = ((byte)value, (byte)(value >> 8));
            return value <= 0xFFFF ? 2 : 0;
        }
        into[0] = (byte)value;
        return value <= 0xFF ? 1 : 0;
    }

    private static bool IsOctal(ReadOnlySpan<byte> digits) => !digits.ContainsAnyExceptInRange((byte)'0', (byte)'7');

    // What a line's strings hold, printable characters and escapes mixed.
    private void ReadEscapes(ReadOnlySpan<byte> line, int number)
    {
        if (line.Count((byte)'\\') < 4)
            return;
        var (open, close) = (line.IndexOfAny((byte)'"', (byte)'\''), line.LastIndexOfAny((byte)'"', (byte)'\''));
        if (open >= 0 && close > open)
            line = line[(open + 1)..close];
        Grow(line.Length * 2);
        var length = 0;
        for (var i = 0; i < line.Length; i++)
        {
            if (line[i] != '\\' || i + 1 == line.Length)
            {
                _scratch[length++] = line[i];
                continue;
            }
            i++;
            if (line[i] is (byte)'x' or (byte)'X' && i + 1 < line.Length && char.IsAsciiHexDigit((char)line[i + 1]))
            {
                var value = HexadecimalValue(line[++i]);
                if (i + 1 < line.Length && char.IsAsciiHexDigit((char)line[i + 1]))
                    value = value << 4 | HexadecimalValue(line[++i]);
                _scratch[length++] = (byte)value;
            }
            else if (line[i] is (byte)'u' && i + 4 < line.Length && !line.Slice(i + 1, 4).ContainsAnyExcept(HexadecimalCharacters))
            {
                _scratch[length++] = (byte)(HexadecimalValue(line[i + 3]) << 4 | HexadecimalValue(line[i + 4]));
                i += 4;
            }
            else if (line[i] is >= (byte)'0' and <= (byte)'7')
            {
                // printf allows four digits where the first is a zero.
                var most = line[i] == '0' ? 4 : 3;
                var value = 0;
                var end = i;
                while (end < line.Length && end - i < most && line[end] is >= (byte)'0' and <= (byte)'7')
                    value = value * 8 + line[end++] - '0';
                _scratch[length++] = (byte)value;
                i = end - 1;
            }
            else
                _scratch[length++] = line[i] switch
                {
                    (byte)'n' => (byte)'\n',
                    (byte)'r' => (byte)'\r',
                    (byte)'t' => (byte)'\t',
                    (byte)'a' => 7,
                    (byte)'b' => 8,
                    (byte)'f' => 12,
                    (byte)'v' => 11,
                    (byte)'e' => 27,
                    var other => other,
                };
        }
        // Concatenated strings on one line.
        _escapes.Add(number, Encoding.Latin1.GetBytes(Encoding.Latin1.GetString(_scratch, 0, length).Replace("\" \"", "", StringComparison.Ordinal).Replace("\"\"", "", StringComparison.Ordinal)));
    }

    private void ReadUuencoded(ReadOnlySpan<byte> text, int number)
    {
        var bytes = new List<byte>();
        var isFirst = true;
        foreach (var range in text.Split((byte)'\n'))
        {
            var line = text[range].TrimEnd((byte)'\r');
            if (!isFirst)
            {
                if (line.Length == 0 || line.StartsWith("end"u8))
                    break;
                var count = (line[0] - ' ') & 63;
                for (var i = 1; i + 3 < line.Length && count > 0; i += 4)
                {
                    var bits = ((line[i] - ' ') & 63) << 18 | ((line[i + 1] - ' ') & 63) << 12 | ((line[i + 2] - ' ') & 63) << 6 | ((line[i + 3] - ' ') & 63);
                    for (var shift = 16; shift >= 0 && count-- > 0; shift -= 8)
                        bytes.Add((byte)(bits >> shift));
                }
            }
            isFirst = false;
        }
        if (bytes.Count >= SmallestHeader)
            _handler("uuencoded", number, bytes.ToArray());
    }
}
