using System.Buffers.Binary;
using System.Globalization;

namespace StageX.Build.Tests.Bootstrap;

/// <summary>
/// The language of hex1 once more, by other means: one pass, and afterwards the places are filled in where they are
/// missing. It believes that its text is well formed.
/// </summary>
internal sealed class Hex1Language
{
    private const int Base = 0x400000;

    private readonly List<byte> _bytes;
    private readonly Dictionary<string, string> _definitions = [];
    private readonly Dictionary<string, int> _places = [];
    private readonly List<(int At, string Name, bool Relative)> _missing = [];

    private Hex1Language(byte[] headers) => _bytes = [.. headers];

    /// <summary>What hex1 makes of a text; the headers are those of hex1 itself, with the size of the program.</summary>
    public static byte[] Assemble(string text, byte[] hex1)
    {
        var program = new Hex1Language(hex1[..120]);
        foreach (var line in text.Split('\n'))
            program.Line(line);
        return program.Finish();
    }

    public static IReadOnlyDictionary<string, string> Definitions(string text)
    {
        var program = new Hex1Language([]);
        foreach (var line in text.Split('\n'))
            program.Line(line);
        return program._definitions;
    }

    private void Line(string line)
    {
        var at = 0;
        while (at < line.Length && line[at] != '#')
        {
            var first = line[at];
            if (first == ' ')
                at++;
            else if (first == '"')
            {
                var end = line.IndexOf('"', at + 1);
                _bytes.AddRange(line[(at + 1)..end].Select(character => (byte)character));
                at = end + 1;
            }
            else if (char.IsAsciiHexDigitUpper(first))
            {
                _bytes.Add(byte.Parse(line.AsSpan(at, 2), NumberStyles.AllowHexSpecifier, null));
                at += 2;
            }
            else
            {
                var end = line.IndexOf(' ', at);
                end = end < 0 ? line.Length : end;
                var word = line[at..end];
                at = end;
                if (first == '=')
                {
                    _definitions.Add(word[1..], line[end..]);
                    return;
                }
                Word(word);
            }
        }
    }

    private void Word(string word)
    {
        switch (word[0])
        {
            case ':':
                _places.Add(word[1..], _bytes.Count);
                break;
            case '@' or '&':
                _missing.Add((_bytes.Count, word[1..], word[0] == '@'));
                _bytes.AddRange(new byte[4]);
                break;
            case '%':
                var number = new byte[4];
                BinaryPrimitives.WriteUInt32LittleEndian(number, uint.Parse(word.AsSpan(1), NumberStyles.None, null));
                _bytes.AddRange(number);
                break;
            default:
                Line(_definitions[word]);
                break;
        }
    }

    private byte[] Finish()
    {
        var bytes = _bytes.ToArray();
        foreach (var (at, name, relative) in _missing)
            BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(at), relative ? _places[name] - at - 4 : Base + _places[name]);
        BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(0x60), bytes.Length);
        return bytes;
    }
}
