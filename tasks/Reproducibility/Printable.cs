using System.Text;

namespace StageX.Build.Reproducibility;

/// <summary>Bytes as text that can be printed on a terminal, whatever they are.</summary>
internal static class Printable
{
    private const int Longest = 300;

    public static string Of(ReadOnlySpan<byte> bytes) => Of(Encoding.UTF8.GetString(bytes));

    public static string Of(string text)
    {
        var printable = new StringBuilder();
        foreach (var rune in text.EnumerateRunes())
        {
            if (printable.Length >= Longest)
            {
                printable.Append('…');
                break;
            }
            if (Rune.IsControl(rune) || Rune.GetUnicodeCategory(rune) is System.Globalization.UnicodeCategory.Format)
                printable.Append($"\\x{rune.Value:x2}");
            else
                printable.Append(rune.ToString());
        }
        return printable.ToString();
    }

    /// <summary>As hexadecimal dumps are written, sixteen bytes a line.</summary>
    public static string Hex(long offset, ReadOnlySpan<byte> bytes)
    {
        var hex = new StringBuilder();
        var text = new StringBuilder();
        foreach (var value in bytes)
        {
            hex.Append($"{value:x2} ");
            text.Append(value is >= 0x20 and < 0x7F ? (char)value : '.');
        }
        return $"{offset:x8}  {hex.ToString().PadRight(48)} {text}";
    }
}
