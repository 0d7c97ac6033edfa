using System.Text;

namespace StageX.Build.Bootstrap;

/// <summary>
/// A text whose bytes are written in hexadecimal for a person to read: each line that brings bytes brings few, and says what
/// they are, in a comment or by names beside them. That makes it a page and not a dump; whether what it says is true, only
/// a reader can tell, so that the gate counts and prints what there is to read.
/// </summary>
public sealed record HexadecimalPage(int Lines, int Bytes)
{
    private const int MostBytesOnLine = 16;

    // A checksum or two are no page.
    private const int FewBytes = 65;

    /// <summary>Whether most lines of a text are nothing but bytes and comments.</summary>
    public static bool Resembles(byte[] text)
    {
        if (text.Contains((byte)0))
            return false;
        int bytes = 0, lines = 0, others = 0;
        foreach (var line in Encoding.Latin1.GetString(text).Split('\n'))
        {
            var end = line.IndexOfAny(['#', ';']);
            var words = (end < 0 ? line : line[..end]).Split([' ', '\t', '\r'], StringSplitOptions.RemoveEmptyEntries);
            if (words.Length == 0)
                continue;
            if (words.All(word => word.Length % 2 == 0 && word.All(char.IsAsciiHexDigit)))
                (lines, bytes) = (lines + 1, bytes + words.Sum(word => word.Length / 2));
            else
                others++;
        }
        return lines > others && bytes >= FewBytes;
    }

    /// <exception cref="StageXException"><see cref="ErrorCode.UnexplainedBytes"/> at the first line that explains nothing.</exception>
    public static HexadecimalPage Read(string file)
    {
        var (number, bytes) = (0, 0);
        foreach (var line in Encoding.UTF8.GetString(File.ReadAllBytes(file)).TrimEnd('\n').Split('\n'))
        {
            number++;
            var end = line.IndexOfAny(['#', ';']);
            var comment = end < 0 ? "" : line[end..];
            var words = (end < 0 ? line : line[..end]).Split([' ', '\t', '\r'], StringSplitOptions.RemoveEmptyEntries);
            // Longer words of digits are bytes too, even where someone means a name by them.
            var onLine = words.Where(word => word.Length % 2 == 0 && word.All(char.IsAsciiHexDigit)).Sum(word => word.Length / 2);
            var isExplained = comment.Count(char.IsAsciiLetter) > 1 || words.Any(word => word.Any(char.IsAsciiLetter) && !word.All(char.IsAsciiHexDigit));
            if (onLine > MostBytesOnLine || (onLine > 0 && !isExplained))
                throw new StageXException(ErrorCode.UnexplainedBytes, onLine > MostBytesOnLine
                    ? $"{onLine} bytes on one line: a page of hexadecimal has at most {MostBytesOnLine}, so that each can be explained"
                    : "nothing on this line says what its bytes are: write a comment, or it is a dump and no source", file, number);
            bytes += onLine;
        }
        return new HexadecimalPage(number, bytes);
    }
}
