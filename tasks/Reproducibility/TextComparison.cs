using System.Security.Cryptography;
using System.Text;
using System.Text.Unicode;

namespace StageX.Build.Reproducibility;

/// <summary>Compares two texts line by line, or two tables of strings, with a bounded view ahead to find where they meet again.</summary>
internal sealed class TextComparison(ContentComparison content, Place place, byte separator, string unit)
{
    private const int LongestLine = 1 << 16;
    private const int Ahead = 300;
    private const int Context = 3;
    private const int MostHunks = 4;
    private const int MostLines = 8;

    /// <summary>Nothing that no text has, in its first bytes.</summary>
    public static bool IsText(ReadOnlySpan<byte> start)
    {
        if (start.ContainsAny((byte)0, (byte)0x7F))
            return false;
        foreach (var value in start)
            if (value < 0x20 && value is not ((byte)'\t' or (byte)'\n' or (byte)'\r' or (byte)'\f' or 0x1B or 8))
                return false;
        // The window may end inside a character; what is not UTF-8 may be an older character set, which has few such letters.
        var cut = Math.Max(0, start.Length - 4);
        while (cut > 0 && cut < start.Length && (start[cut] & 0xC0) == 0x80)
            cut--;
        return Utf8.IsValid(start[..cut]) || start.Count((byte)'\n') * 20 > start.Length / 10;
    }

    public void Compare(Stream first, Stream second)
    {
        var (a, b) = (new Lines(first, separator), new Lines(second, separator));
        var before = new Queue<string>();
        var hunks = new List<Hunk>();
        // Whole lists in another order are noticed by sums that no order changes; how the lists are sorted counts from where they differ to where they no longer do.
        var (orderA, orderB) = (new Observer(), new Observer());
        var (sortingA, sortingB) = (Sorting.Both, Sorting.Both);
        while (true)
        {
            var (lineA, lineB) = (a.Peek(0), b.Peek(0));
            if (lineA is null && lineB is null)
                break;
            if (lineA == lineB)
            {
                Keep(before, lineA!);
                Take(a, orderA);
                Take(b, orderB);
                continue;
            }
            if (hunks.Count == MostHunks)
                break;
            if (hunks.Count == 0)
                (orderA.Sorting, orderB.Sorting) = (new SortingObserver(), new SortingObserver());
            var (skipA, skipB) = Meet(a, b);
            hunks.Add(new Hunk(a.Number + 1, b.Number + 1, [.. before], Head(a, skipA), Head(b, skipB), skipA, skipB));
            for (var i = 0; i < skipA; i++)
                Take(a, orderA);
            for (var i = 0; i < skipB; i++)
                Take(b, orderB);
            before.Clear();
            (sortingA, sortingB) = (orderA.Sorting.Sorting, orderB.Sorting.Sorting);
        }
        var isAll = a.Peek(0) is null && b.Peek(0) is null;
        while (a.Peek(0) is not null)
            Take(a, orderA);
        while (b.Peek(0) is not null)
            Take(b, orderB);
        if (!isAll)
            (sortingA, sortingB) = (orderA.Sorting.Sorting, orderB.Sorting.Sorting);
        if (orderA.HasSameLines(orderB))
        {
            var causes = CauseRules.OfOrder(sortingA, sortingB, unit + "s");
            var hunk = hunks[0];
            content.Report(place, DifferenceKind.Order, $"the order of {orderA.Count} {unit}s, from {unit} {hunk.NumberA} on", null, null, causes, hunk.Detail());
            return;
        }
        foreach (var hunk in hunks)
            content.Report(place, DifferenceKind.Line, hunk.NumberA == hunk.NumberB ? $"{unit} {hunk.NumberA}" : $"{unit} {hunk.NumberA}, in the second {hunk.NumberB}",
                hunk.First is [var ours, ..] ? ours : null, hunk.Second is [var theirs, ..] ? theirs : null, CausesOf(hunk), hunk.Detail());
    }

    private IReadOnlyList<Cause> CausesOf(Hunk hunk)
    {
        if (CauseRules.OfOrder(hunk.First, hunk.Second, unit + "s") is { Count: > 0 } order && hunk.Count == (hunk.First.Count, hunk.Second.Count))
            return order;
        var subject = hunk.Before is [.., var last] ? last : "";
        var causes = new List<Cause>();
        foreach (var (a, b) in hunk.First.Zip(hunk.Second))
            // What the line before says only counts where the lines themselves say nothing.
            causes.AddRange(content.Rules.OfTexts(a, b) is { Count: > 0 } found && found[0].Confidence > 45 ? found : content.Rules.OfTexts(a, b, subject));
        foreach (var line in hunk.First.Skip(hunk.Second.Count))
            causes.AddRange(content.Rules.OfPresence(line, inFirst: true));
        foreach (var line in hunk.Second.Skip(hunk.First.Count))
            causes.AddRange(content.Rules.OfPresence(line, inFirst: false));
        return Cause.Ranked(causes);
    }

    // How many lines of each to pass until the two are alike again, the fewest together.
    private static (int, int) Meet(Lines a, Lines b)
    {
        var places = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var i = 0; i <= Ahead; i++)
        {
            // Empty lines are alike everywhere.
            if (b.Peek(i) is { } lineB && lineB.Length > 0)
                places.TryAdd(lineB, i);
        }
        var best = (A: -1, B: -1);
        for (var i = 0; i <= Ahead && (best.A < 0 || i < best.A + best.B); i++)
            if (a.Peek(i) is { Length: > 0 } lineA && places.TryGetValue(lineA, out var j) && (best.A < 0 || i + j < best.A + best.B))
                best = (i, j);
        // Nowhere in sight: to the ends, or as far as was looked.
        var (skipA, skipB) = best.A >= 0 ? best : (Math.Min(Left(a), Ahead), Math.Min(Left(b), Ahead));
        while (skipA > 0 && skipB > 0 && a.Peek(skipA - 1) == b.Peek(skipB - 1))
            (skipA, skipB) = (skipA - 1, skipB - 1);
        return (skipA, skipB);
    }

    private static int Left(Lines lines)
    {
        for (var i = 0; i <= Ahead; i++)
            if (lines.Peek(i) is null)
                return i;
        return Ahead + 1;
    }

    private static List<string> Head(Lines lines, int count) => [.. Enumerable.Range(0, Math.Min(count, MostLines)).Select(i => lines.Peek(i)!)];

    private static void Take(Lines lines, Observer observer) => observer.Add(lines.Take());

    private static void Keep(Queue<string> before, string line)
    {
        if (before.Count == Context)
            before.Dequeue();
        before.Enqueue(line);
    }

    private sealed record Hunk(
        long NumberA, long NumberB, IReadOnlyList<string> Before, IReadOnlyList<string> First, IReadOnlyList<string> Second, int CountA, int CountB)
    {
        public (int, int) Count => (CountA, CountB);

        public IReadOnlyList<string> Detail() =>
        [
            .. Before.Select(line => "  " + Printable.Of(line)),
            .. First.Select(line => "- " + Printable.Of(line)), .. CountA > First.Count ? [$"- … {CountA - First.Count} more"] : (string[])[],
            .. Second.Select(line => "+ " + Printable.Of(line)), .. CountB > Second.Count ? [$"+ … {CountB - Second.Count} more"] : (string[])[],
        ];
    }

    /// <summary>Sums over lines that no order changes, and how they are sorted.</summary>
    private sealed class Observer
    {
        private UInt128 _sum;

        public long Count { get; private set; }

        public SortingObserver Sorting { get; set; } = new();

        public void Add(string line)
        {
            Count++;
            _sum += System.Buffers.Binary.BinaryPrimitives.ReadUInt128LittleEndian(SHA256.HashData(Encoding.UTF8.GetBytes(line)));
            Sorting.Add(line);
        }

        public bool HasSameLines(Observer other) => Count > 1 && Count == other.Count && _sum == other._sum;
    }

    /// <summary>Lines of a stream one after another, with a view ahead. One that is too long counts as several.</summary>
    private sealed class Lines(Stream stream, byte separator)
    {
        private readonly List<string> _ahead = [];
        private readonly byte[] _buffer = new byte[LongestLine];
        private int _start, _end, _first;
        private long _position;

        /// <summary>How many were taken.</summary>
        public long Number { get; private set; }

        public string? Peek(int index)
        {
            while (_ahead.Count - _first <= index)
            {
                if (Read() is not { } line)
                    return null;
                _ahead.Add(line);
            }
            return _ahead[_first + index];
        }

        public string Take()
        {
            var line = Peek(0)!;
            Number++;
            if (++_first > 1000)
            {
                _ahead.RemoveRange(0, _first);
                _first = 0;
            }
            return line;
        }

        private string? Read()
        {
            while (true)
            {
                var rest = _buffer.AsSpan(_start, _end - _start);
                var length = rest.IndexOf(separator);
                if (length >= 0)
                {
                    _start += length + 1;
                    return Text(rest[..length]);
                }
                if (rest.Length == _buffer.Length)
                {
                    _start = _end = 0;
                    return Text(rest);
                }
                rest.CopyTo(_buffer);
                (_start, _end) = (0, rest.Length);
                // The two streams may be parts of one.
                stream.Position = _position;
                var read = stream.Read(_buffer.AsSpan(_end));
                _position += read;
                _end += read;
                if (read > 0)
                    continue;
                _start = _end;
                return rest.Length > 0 ? Text(_buffer.AsSpan(0, rest.Length)) : null;
            }
        }

        // Latin-1 keeps apart what is no UTF-8.
        private static string Text(ReadOnlySpan<byte> line) => Utf8.IsValid(line) ? Encoding.UTF8.GetString(line) : Encoding.Latin1.GetString(line);
    }
}
