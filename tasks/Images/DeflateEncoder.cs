using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.CompilerServices;

namespace StageX.Build.Images;

/// <summary>
/// Compresses into deflate (RFC 1951). What comes out depends on the input alone: no clock, no state from before, no
/// instruction that another processor lacks; so it is the same everywhere, and is kept the same, since digests depend on it.
/// Where nothing repeats it soon looks less closely, and compressed files pass at the speed of copying.
/// Not to be used by two threads at once; all memory is taken once.
/// </summary>
internal sealed class DeflateEncoder
{
    public const int ShortestMatch = 3, LongestMatch = 258;

    private const int WindowSize = 1 << 15;
    private const int HashBits = 15;

    // Shorter ones are not looked for: few of them save anything.
    private const int ShortestSought = 4;

    // More tries: 16 save 0.4 % and cost 12 % of the time.
    private const int MostTries = 12;

    // From this length on no longer one is looked for one byte further on; from that length on none at all.
    private const int GoodLength = 32, NiceLength = 128;

    // Where nothing repeated for 512 bytes every second place is looked at, after 1024 every third, and so on.
    private const int SkipShift = 9, MostSkip = 32;

    private const int MostSequences = DeflateBlockWriter.LargestBlock / ShortestSought;
    private const int Never = -2 * WindowSize;

    // A block is ended while there is room for what the next round can add, and for the bytes at the end that are not looked at.
    private const int FullBlock = DeflateBlockWriter.LargestBlock - (GoodLength + LongestMatch + MostSkip + 1 + ShortestSought);

    private readonly int[] _heads = new int[1 << HashBits];
    private readonly int[] _previous = new int[WindowSize];
    private readonly DeflateSequence[] _sequences = new DeflateSequence[MostSequences];
    private readonly DeflateBlockWriter _blocks = new();

    /// <summary>Compresses all of the input, and returns the length of what comes out.</summary>
    /// <param name="input">At least a byte.</param>
    /// <param name="output">Has room for the input and 1/64 more, for what does not compress.</param>
    public int Compress(ReadOnlySpan<byte> input, Span<byte> output)
    {
        var writer = new BitWriter(output);
        Array.Fill(_heads, Never);
        var (block, literals, count) = (0, 0, 0);
        var last = input.Length - ShortestSought;
        for (var at = 0; at <= last;)
        {
            if (at - block > FullBlock)
            {
                _blocks.Write(ref writer, input[block..at], _sequences.AsSpan(0, count), last: false);
                (block, literals, count) = (at, at, 0);
            }
            var length = Find(input, at, ShortestSought - 1, MostTries, out var distance);
            if (length == 0)
            {
                at += 1 + Math.Min((at - literals) >> SkipShift, MostSkip);
                continue;
            }
            var known = at + 1;
            while (length < GoodLength && at < last)
            {
                var next = Find(input, at + 1, length, MostTries / 2, out var nextDistance);
                known = at + 2;
                if (next == 0)
                    break;
                (at, length, distance) = (at + 1, next, nextDistance);
            }
            _sequences[count++] = new DeflateSequence(at - literals, (ushort)length, (ushort)distance);
            at += length;
            for (var skipped = known; skipped < Math.Min(at, last + 1); skipped++)
                Insert(input, skipped);
            literals = at;
        }
        _blocks.Write(ref writer, input[block..], _sequences.AsSpan(0, count), last: true);
        writer.Align();
        return writer.Length;
    }

    // Remembers a place, once, and returns the last one before it where the same may stand.
    private int Insert(ReadOnlySpan<byte> input, int at)
    {
        ref var head = ref _heads[Hash(Word(input, at))];
        var before = head;
        _previous[at & (WindowSize - 1)] = before;
        head = at;
        return before;
    }

    // The longest match of what stands there, if it is longer than so much; the nearest of those. 0 for none.
    private int Find(ReadOnlySpan<byte> input, int at, int longerThan, int tries, out int distance)
    {
        distance = 0;
        var candidate = Insert(input, at);
        var most = Math.Min(LongestMatch, input.Length - at);
        var best = longerThan;
        if (best >= most)
            return 0;
        var previous = _previous;
        var nice = Math.Min(NiceLength, most);
        var word = Word(input, at);
        var lowest = at - WindowSize + 1;

        // The last byte that a longer one must have, with the three before it, differs most often.
        var tail = Word(input, at + best - 3);
        for (; candidate >= lowest && tries > 0; tries--, candidate = previous[candidate & (WindowSize - 1)])
        {
            if (Word(input, candidate + best - 3) != tail || Word(input, candidate) != word)
                continue;
            var length = MatchLength(input, candidate, at, most);
            if (length <= best)
                continue;
            (best, distance) = (length, at - candidate);
            if (best >= nice)
                break;
            tail = Word(input, at + best - 3);
        }
        return distance > 0 ? best : 0;
    }

    private static int MatchLength(ReadOnlySpan<byte> input, int one, int other, int most)
    {
        var length = ShortestSought;
        while (length + 8 <= most)
        {
            var difference = BinaryPrimitives.ReadUInt64LittleEndian(input[(one + length)..]) ^ BinaryPrimitives.ReadUInt64LittleEndian(input[(other + length)..]);
            if (difference != 0)
                return length + (BitOperations.TrailingZeroCount(difference) >> 3);
            length += 8;
        }
        while (length < most && input[one + length] == input[other + length])
            length++;
        return length;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint Word(ReadOnlySpan<byte> input, int at) => BinaryPrimitives.ReadUInt32LittleEndian(input[at..]);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint Hash(uint word) => (word * 0x9E3779B1) >> (32 - HashBits);
}
