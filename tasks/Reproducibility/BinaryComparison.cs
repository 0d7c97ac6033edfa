using System.Buffers.Binary;
using System.Text;

namespace StageX.Build.Reproducibility;

/// <summary>Compares bytes without a form that is known: says where they differ first, and looks for strings and numbers there.</summary>
internal sealed class BinaryComparison(ContentComparison content, Place place, Func<long, string?>? symbolAt = null)
{
    private const int Row = 16;
    private const int MostPlaces = 16;
    private const int Surroundings = 512;

    public void Compare(Stream first, Stream second)
    {
        var causes = new List<Cause>();
        var start = content.FirstDifference(first, second);
        if (start < 0)
            return;
        var at = start;
        for (var places = 0; places < MostPlaces && at >= 0; places++)
        {
            var (from, a, b) = Windows(first, second, at);
            causes.AddRange(CausesAt(a, b, (int)(at - from), at));
            // Past what belongs together: the string or number that was just judged. After a change of length nothing is where it was.
            if (first.Length != second.Length)
                break;
            var end = (int)(at - from);
            for (var same = 0; end < Math.Min(a.Length, b.Length) && same < 8; end++)
                same = a[end] == b[end] ? same + 1 : 0;
            at = content.FirstDifference(first, second, from + end);
        }
        var row = start / Row * Row;
        var what = $"offset {start} (0x{start:x}){(symbolAt?.Invoke(start) is { } symbol ? $", in {symbol}" : "")}";
        if (first.Length != second.Length)
            what += $", {first.Length} and {second.Length} bytes";
        content.Report(place, DifferenceKind.Bytes, what, null, null, Cause.Ranked(causes), [.. Dump('-', first, row), .. Dump('+', second, row)]);
    }

    private static IEnumerable<string> Dump(char mark, Stream stream, long row) =>
        stream.Window(row, 2 * Row).Chunk(Row).Select((bytes, i) => $"{mark} {Printable.Hex(row + i * Row, bytes)}");

    private static (long From, byte[] First, byte[] Second) Windows(Stream first, Stream second, long at)
    {
        var from = Math.Max(0, at - Surroundings) & ~7L;
        return (from, first.Window(from, 3 * Surroundings), second.Window(from, 3 * Surroundings));
    }

    private IReadOnlyList<Cause> CausesAt(byte[] a, byte[] b, int at, long offset)
    {
        if (StringAt(a, at) is { } textA && StringAt(b, at) is { } textB && Math.Min(textA.Length, textB.Length) >= 4)
            return content.Rules.OfTexts(textA, textB);
        return [.. Numbers(a, b, at, offset)];
    }

    private IEnumerable<Cause> Numbers(byte[] a, byte[] b, int at, long offset)
    {
        // Python's compiled files: four bytes of version, flags, then the source's time.
        if (offset is >= 8 and < 12 && at >= offset && IsPython(a.AsSpan(at - (int)offset)) && IsPython(b.AsSpan(at - (int)offset)))
            yield return new(Variations.Date, 80, "the source's time in a compiled file of Python");
        var (dateA, dateB) = (content.Rules.First.Date, content.Rules.Second.Date);
        for (var start = Math.Max(0, at - 7); start <= at && start + 4 <= Math.Min(a.Length, b.Length); start++)
        {
            foreach (var isLittle in new[] { true, false })
            {
                if (start <= at - 4)
                    continue;
                var (x, y) = (Word(a, start, isLittle), Word(b, start, isLittle));
                if (dateA is not null && CauseRules.IsNear(x, dateA) && CauseRules.IsNear(y, dateB))
                    yield return new(Variations.Date, 95, "times at which the two runs were, in binary");
                // Within this century, and at an even place.
                else if (start % 4 == 0 && IsRecent(x) && IsRecent(y))
                    yield return new(Variations.Date, 55, "numbers that would be times of this century");
                foreach (var (variation, reason) in new[] { (Variations.Processors, "numbers of processors"), (Variations.Jobs, "numbers of jobs") })
                    if (IsFact(variation, x, y))
                        yield return new(variation, 75, $"the two runs' {reason}, in binary");
                if (start % 4 == 0 && Math.Min(x, y) == 1 && Math.Max(x, y) is > 1 and <= 256)
                    yield return new(Variations.Processors, 40, "the numbers 1 and a few, as of processors");
            }
            if (start + 8 <= Math.Min(a.Length, b.Length) && IsAddress(a, start) && IsAddress(b, start))
                yield return new(Variations.Addresses, 75, "addresses of a process's memory, in binary");
        }
        if (IsRandom(a, b, at))
            yield return new(Variations.Random, 40, "bytes that have nothing in common");
    }

    private bool IsFact(string variation, uint x, uint y) =>
        content.Rules.First.Of(variation) is [var a, ..] && content.Rules.Second.Of(variation) is [var b, ..] && a != b && a == $"{x}" && b == $"{y}";

    private static bool IsPython(ReadOnlySpan<byte> start) => start.Length >= 12 && start[2] == '\r' && start[3] == '\n' && BinaryPrimitives.ReadUInt32LittleEndian(start[4..]) == 0;

    private static uint Word(byte[] bytes, int at, bool isLittle) =>
        isLittle ? BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(at)) : BinaryPrimitives.ReadUInt32BigEndian(bytes.AsSpan(at));

    // From 2001 to 2038.
    private static bool IsRecent(uint time) => time is >= 1_000_000_000 and <= int.MaxValue;

    private static bool IsAddress(byte[] bytes, int at) => BinaryPrimitives.ReadUInt64LittleEndian(bytes.AsSpan(at)) >> 40 is 0x7F or 0x7E or 0x55 or 0x56;

    private static bool IsRandom(byte[] a, byte[] b, int at)
    {
        var differing = 0;
        var length = Math.Min(16, Math.Min(a.Length, b.Length) - at);
        for (var i = 0; i < length; i++)
            differing += a[at + i] != b[at + i] ? 1 : 0;
        return length >= 4 && differing >= length * 3 / 4 && differing >= 4;
    }

    // The printable bytes around a place, which may be the zero that ends the shorter of two.
    private static string? StringAt(byte[] bytes, int at)
    {
        if (at > bytes.Length)
            return null;
        var (from, to) = (at, at);
        while (from > 0 && IsPrintable(bytes[from - 1]))
            from--;
        while (to < bytes.Length && IsPrintable(bytes[to]))
            to++;
        return to > from ? Encoding.Latin1.GetString(bytes, from, to - from) : null;
    }

    private static bool IsPrintable(byte value) => value is >= 0x20 and < 0x7F or (byte)'\t' or (byte)'\n';
}
