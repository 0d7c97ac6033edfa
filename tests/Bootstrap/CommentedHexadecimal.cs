using System.Globalization;
using System.Text.RegularExpressions;

namespace StageX.Build.Tests.Bootstrap;

/// <summary>
/// A page of commented hexadecimal, read by other means than the seed: lines of bytes, each with a comment
/// that gives their offset and the field or instruction they are, then why.
/// </summary>
internal sealed partial class CommentedHexadecimal
{
    private readonly List<Line> _lines = [];
    private readonly Dictionary<string, int> _labels = [];
    private readonly List<byte> _bytes = [];

    /// <summary>Bytes, where they are, and where their comment says that they are (-1 where it does not say).</summary>
    internal sealed record Line(int Number, int Start, int Length, int Offset, string Comment)
    {
        public bool IsField => FieldName().IsMatch(Comment);
        public string FirstWord => Comment.Split(' ')[0];
        public override string ToString() => $"line {Number}, offset {Start:X2}: {Comment}";
    }

    public CommentedHexadecimal(string text)
    {
        var number = 0;
        foreach (var line in text.Split('\n'))
        {
            number++;
            var parts = line.Split('#', 2);
            var bytes = Convert.FromHexString(parts[0].Replace(" ", "", StringComparison.Ordinal));
            var comment = parts.Length > 1 ? parts[1] : "";
            if (bytes.Length > 0)
            {
                var said = OffsetAndClaim().Match(comment);
                _lines.Add(new Line(number, _bytes.Count, bytes.Length,
                    said.Success ? int.Parse(said.Groups[1].Value, NumberStyles.HexNumber, null) : -1,
                    said.Success ? said.Groups[2].Value : ""));
                _bytes.AddRange(bytes);
            }
            else if (Label().Match(comment) is { Success: true } label)
                _labels[label.Groups[1].Value] = _bytes.Count;
        }
    }

    public byte[] Bytes => [.. _bytes];

    public IReadOnlyList<Line> Lines => _lines;

    /// <summary>The stretches of instructions between the fields of the headers.</summary>
    public IEnumerable<IReadOnlyList<Line>> Code()
    {
        var stretch = new List<Line>();
        foreach (var line in _lines)
        {
            if (!line.IsField)
                stretch.Add(line);
            else if (stretch.Count > 0)
            {
                yield return stretch;
                stretch = [];
            }
        }
        if (stretch.Count > 0)
            yield return stretch;
    }

    /// <summary>An instruction as objdump prints it, in the form the page has it: one blank, targets by name.</summary>
    public string Named(string instruction)
    {
        var words = instruction.Split((char[]?)null, 2, StringSplitOptions.RemoveEmptyEntries);
        var operands = words.Length > 1 ? words[1].Trim() : "";
        if ((words[0].StartsWith('j') || words[0] == "call") && operands.StartsWith("0x", StringComparison.Ordinal))
        {
            var target = Convert.ToInt32(operands, 16);
            operands = _labels.FirstOrDefault(label => label.Value == target).Key ?? operands;
        }
        return $"{words[0]} {operands}".TrimEnd();
    }

    [GeneratedRegex("^ ([0-9A-F]{2,3})  (.+)$")]
    private static partial Regex OffsetAndClaim();

    [GeneratedRegex("^ ([a-z]+):")]
    private static partial Regex Label();

    [GeneratedRegex("^(EI|e|p)_")]
    private static partial Regex FieldName();
}
