using System.Text;

namespace StageX.Build.Audit;

/// <summary>Bytes to look for.</summary>
/// <param name="Bytes">At least one.</param>
/// <param name="IsPath">What stands before and behind must not continue a path: /src/make is no part of ../src/make nor of /src/makefile.</param>
internal sealed record Mark(byte[] Bytes, bool IsPath = false)
{
    public static Mark Text(string text) => new(Encoding.UTF8.GetBytes(text));

    public static Mark Path(string path) => new(Encoding.UTF8.GetBytes(path), IsPath: true);
}

/// <summary>Looks for several marks in one pass over a file of any size.</summary>
internal static class MarkSearch
{
    private const int BufferSize = 1 << 20;

    /// <summary>Those that are there.</summary>
    public static HashSet<Mark> Find(Stream file, IReadOnlyCollection<Mark> marks)
    {
        var (missing, found) = (marks.ToList(), new HashSet<Mark>());
        // What is kept of a piece: enough for the longest mark and what is looked at around it.
        var overlap = marks.Max(mark => mark.Bytes.Length) + 2;
        var buffer = new byte[BufferSize + overlap];
        file.Position = 0;
        for (var (kept, isFirst) = (0, true); missing.Count > 0; isFirst = false)
        {
            var read = file.ReadAtLeast(buffer.AsSpan(kept), buffer.Length - kept, throwOnEndOfStream: false);
            var isLast = kept + read < buffer.Length;
            var piece = buffer.AsSpan(0, kept + read);
            for (var index = missing.Count - 1; index >= 0; index--)
                if (IsIn(piece, missing[index], isFirst, isLast))
                {
                    found.Add(missing[index]);
                    missing.RemoveAt(index);
                }
            if (isLast)
                break;
            piece[^overlap..].CopyTo(buffer);
            kept = overlap;
        }
        return found;
    }

    // A match at the very edge of a piece is judged in the other piece that has it, where its neighbour is seen.
    private static bool IsIn(ReadOnlySpan<byte> piece, Mark mark, bool isFirst, bool isLast)
    {
        if (!mark.IsPath)
            return piece.IndexOf(mark.Bytes) >= 0;
        for (var from = 0; piece[from..].IndexOf(mark.Bytes) is >= 0 and var at; from += at + 1)
        {
            var (start, end) = (from + at, from + at + mark.Bytes.Length);
            if ((start > 1 || isFirst) && BeginsPath(piece[..start]) && (end < piece.Length ? !ContinuesName(piece[end]) : isLast))
                return true;
        }
        return false;
    }

    // Of the options that take a folder the two that compilers keep in files are known.
    private static bool BeginsPath(ReadOnlySpan<byte> before) =>
        before.IsEmpty || before.EndsWith("-I"u8) || before.EndsWith("-L"u8) || !(before[^1] is (byte)'/' or (byte)'~' or (byte)'}' or (byte)')' || ContinuesName(before[^1]));

    private static bool ContinuesName(byte c) => char.IsAsciiLetterOrDigit((char)c) || c is (byte)'.' or (byte)'_' or (byte)'-' or (byte)'+' or >= 0x80;
}
