using System.Buffers.Binary;

namespace StageX.Build.Images;

/// <summary>Some literals, and then a copy of what stands that far before.</summary>
internal readonly record struct DeflateSequence(int Literals, ushort Length, ushort Distance);

/// <summary>Writes blocks of deflate (RFC 1951, 3.2), each in the shortest of its three forms.</summary>
internal sealed class DeflateBlockWriter
{
    /// <summary>What a block holds at most: as much as one that is stored can.</summary>
    public const int LargestBlock = ushort.MaxValue;

    private const int EndOfBlock = 256, FirstLength = 257, LengthSymbols = 286, DistanceSymbols = 30, CodeSymbols = 19;
    private const int StoredOverhead = 32 + 7;

    private static readonly (byte[] Symbols, int[] Bases, byte[] Extras) Length = LengthTables();
    private static readonly (byte[] Symbols, int[] Bases, byte[] Extras) Distance = DistanceTables();
    private static readonly HuffmanCode FixedLiterals = Fixed(288, symbol => symbol switch { < 144 => 8, < 256 => 9, < 280 => 7, _ => 8 });
    private static readonly HuffmanCode FixedDistances = Fixed(32, _ => 5);

    // The order in which the lengths of the third code stand, so that the last are those that are seldom used.
    private static ReadOnlySpan<byte> CodeOrder => [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15];

    private readonly HuffmanCode _literals = new(LengthSymbols, 15);
    private readonly HuffmanCode _distances = new(DistanceSymbols, 15);
    private readonly HuffmanCode _codes = new(CodeSymbols, 7);
    private readonly byte[] _lengths = new byte[LengthSymbols + DistanceSymbols];
    private readonly ushort[] _runs = new ushort[LengthSymbols + DistanceSymbols];
    private readonly uint[] _literalTable = new uint[EndOfBlock + 1];
    private readonly uint[] _lengthTable = new uint[DeflateEncoder.LongestMatch + 1];
    private readonly uint[] _distanceTable = new uint[DistanceSymbols];
    private readonly int[] _frequencies = new int[4 * 256];

    /// <param name="writer">Where to.</param>
    /// <param name="block">The bytes, at most <see cref="LargestBlock"/>.</param>
    /// <param name="sequences">What they are made of; literals that are left follow the last one.</param>
    /// <param name="last">Whether the stream ends with it.</param>
    public void Write(ref BitWriter writer, ReadOnlySpan<byte> block, ReadOnlySpan<DeflateSequence> sequences, bool last)
    {
        var extraBits = Count(block, sequences);
        _literals.Build();
        _distances.Build();
        var (literalCount, distanceCount) = (UsedLengths(_literals, FirstLength), UsedLengths(_distances, 1));
        var runs = DescribeLengths(literalCount, distanceCount);
        _codes.Build();
        var codeCount = CodeSymbols;
        while (codeCount > 4 && _codes.Lengths[CodeOrder[codeCount - 1]] == 0)
            codeCount--;

        var header = 14 + (3 * codeCount) + _codes.Cost() + (2 * _codes.Frequencies[16]) + (3 * _codes.Frequencies[17]) + (7 * _codes.Frequencies[18]);
        var dynamicBits = header + _literals.Cost() + _distances.Cost() + extraBits;
        var fixedBits = Cost(_literals.Frequencies, FixedLiterals) + Cost(_distances.Frequencies, FixedDistances) + extraBits;
        var storedBits = StoredOverhead + (8 * block.Length);
        writer.Add(last ? 1u : 0, 1);
        if (storedBits <= Math.Min(dynamicBits, fixedBits))
            WriteStored(ref writer, block);
        else if (fixedBits <= dynamicBits)
        {
            writer.Add(1, 2);
            writer.Flush();
            WriteCoded(ref writer, block, sequences, FixedLiterals, FixedDistances);
        }
        else
        {
            writer.Add(2, 2);
            WriteLengths(ref writer, literalCount, distanceCount, codeCount, _runs.AsSpan(0, runs));
            WriteCoded(ref writer, block, sequences, _literals, _distances);
        }
    }

    private int Count(ReadOnlySpan<byte> block, ReadOnlySpan<DeflateSequence> sequences)
    {
        var (literals, distances, extraBits) = (_literals.Frequencies, _distances.Frequencies, 0);
        Array.Clear(literals);
        Array.Clear(distances);
        foreach (var sequence in sequences)
        {
            foreach (var literal in block[..sequence.Literals])
                literals[literal]++;
            block = block[(sequence.Literals + sequence.Length)..];
            var (length, distance) = (Length.Symbols[sequence.Length], DistanceSymbol(sequence.Distance));
            literals[FirstLength + length]++;
            distances[distance]++;
            extraBits += Length.Extras[length] + Distance.Extras[distance];
        }
        CountMany(block, literals);
        literals[EndOfBlock] = 1;
        return extraBits;
    }

    // Equal bytes one after the other would wait for one another: so they count in turn in four tables.
    private void CountMany(ReadOnlySpan<byte> bytes, int[] frequencies)
    {
        if (bytes.Length < 1024)
        {
            foreach (var literal in bytes)
                frequencies[literal]++;
            return;
        }
        var tables = _frequencies;
        Array.Clear(tables);
        while (bytes.Length >= 4)
        {
            var four = BinaryPrimitives.ReadUInt32LittleEndian(bytes);
            tables[four & 0xff]++;
            tables[256 + ((four >> 8) & 0xff)]++;
            tables[512 + ((four >> 16) & 0xff)]++;
            tables[768 + (four >> 24)]++;
            bytes = bytes[4..];
        }
        foreach (var literal in bytes)
            frequencies[literal]++;
        for (var literal = 0; literal < 256; literal++)
            frequencies[literal] += tables[literal] + tables[256 + literal] + tables[512 + literal] + tables[768 + literal];
    }

    private static int UsedLengths(HuffmanCode code, int atLeast)
    {
        var count = code.Lengths.Length;
        while (count > atLeast && code.Lengths[count - 1] == 0)
            count--;
        return count;
    }

    // The lengths of both codes as one list, repetitions as such: symbol and, above eight bits, its extra bits.
    private int DescribeLengths(int literalCount, int distanceCount)
    {
        var lengths = _lengths.AsSpan(0, literalCount + distanceCount);
        _literals.Lengths.AsSpan(0, literalCount).CopyTo(lengths);
        _distances.Lengths.AsSpan(0, distanceCount).CopyTo(lengths[literalCount..]);
        Array.Clear(_codes.Frequencies);
        var runs = 0;
        while (lengths.Length > 0)
        {
            var length = lengths[0];
            var same = lengths.IndexOfAnyExcept(length) is > 0 and var end ? end : lengths.Length;
            lengths = lengths[same..];
            if (length == 0)
            {
                for (; same >= 11; same -= Math.Min(same, 138))
                    Add(18, Math.Min(same, 138) - 11);
                if (same >= 3)
                {
                    Add(17, same - 3);
                    same = 0;
                }
            }
            else if (same >= 4)
            {
                Add(length, 0);
                for (same--; same >= 3; same -= Math.Min(same, 6))
                    Add(16, Math.Min(same, 6) - 3);
            }
            for (; same > 0; same--)
                Add(length, 0);
        }
        return runs;

        void Add(int symbol, int extra)
        {
            _codes.Frequencies[symbol]++;
            _runs[runs++] = (ushort)(symbol | (extra << 8));
        }
    }

    private void WriteLengths(ref BitWriter writer, int literalCount, int distanceCount, int codeCount, ReadOnlySpan<ushort> runs)
    {
        writer.Add((uint)(literalCount - FirstLength), 5);
        writer.Add((uint)(distanceCount - 1), 5);
        writer.Add((uint)(codeCount - 4), 4);
        writer.Flush();
        foreach (var symbol in CodeOrder[..codeCount])
        {
            writer.Add(_codes.Lengths[symbol], 3);
            writer.Flush();
        }
        foreach (var run in runs)
        {
            var symbol = run & 0xff;
            writer.Add(_codes.Words[symbol], _codes.Lengths[symbol]);
            writer.Add((uint)run >> 8, symbol switch { 16 => 2, 17 => 3, 18 => 7, _ => 0 });
            writer.Flush();
        }
    }

    private static void WriteStored(ref BitWriter writer, ReadOnlySpan<byte> block)
    {
        writer.Add(0, 2);
        writer.Align();
        writer.Add((uint)block.Length | ((uint)~block.Length << 16), 32);
        writer.Flush();
        writer.Copy(block);
    }

    private void WriteCoded(ref BitWriter writer, ReadOnlySpan<byte> block, ReadOnlySpan<DeflateSequence> sequences, HuffmanCode literalCode, HuffmanCode distanceCode)
    {
        for (var symbol = 0; symbol <= EndOfBlock; symbol++)
            _literalTable[symbol] = Entry(literalCode, symbol);
        for (var length = DeflateEncoder.ShortestMatch; length <= DeflateEncoder.LongestMatch; length++)
        {
            var symbol = Length.Symbols[length];
            var word = Entry(literalCode, FirstLength + symbol);
            _lengthTable[length] = Join(word, length - Length.Bases[symbol], Length.Extras[symbol]);
        }
        for (var symbol = 0; symbol < DistanceSymbols; symbol++)
            _distanceTable[symbol] = Entry(distanceCode, symbol);

        foreach (var sequence in sequences)
        {
            WriteLiterals(ref writer, block[..sequence.Literals]);
            block = block[(sequence.Literals + sequence.Length)..];
            var length = _lengthTable[sequence.Length];
            writer.Add(length & 0xffffff, (int)(length >> 24));
            var symbol = DistanceSymbol(sequence.Distance);
            var distance = _distanceTable[symbol];
            writer.Add(distance & 0xffffff, (int)(distance >> 24));
            writer.Add((uint)(sequence.Distance - Distance.Bases[symbol]), Distance.Extras[symbol]);
            writer.Flush();
        }
        WriteLiterals(ref writer, block);
        var end = _literalTable[EndOfBlock];
        writer.Add(end & 0xffffff, (int)(end >> 24));
        writer.Flush();
    }

    private void WriteLiterals(ref BitWriter writer, ReadOnlySpan<byte> literals)
    {
        var table = _literalTable;
        while (literals.Length >= 3)
        {
            var (one, two, three) = (table[literals[0]], table[literals[1]], table[literals[2]]);
            writer.Add(one & 0xffffff, (int)(one >> 24));
            writer.Add(two & 0xffffff, (int)(two >> 24));
            writer.Add(three & 0xffffff, (int)(three >> 24));
            writer.Flush();
            literals = literals[3..];
        }
        foreach (var literal in literals)
        {
            var word = table[literal];
            writer.Add(word & 0xffffff, (int)(word >> 24));
        }
        writer.Flush();
    }

    // A word and, above 24 bits, how long it is.
    private static uint Entry(HuffmanCode code, int symbol) => code.Words[symbol] | ((uint)code.Lengths[symbol] << 24);

    private static uint Join(uint word, int extra, int extraBits)
    {
        var length = (int)(word >> 24);
        return (word & 0xffffff) | ((uint)extra << length) | ((uint)(length + extraBits) << 24);
    }

    private static int Cost(int[] frequencies, HuffmanCode code)
    {
        var bits = 0;
        for (var symbol = 0; symbol < frequencies.Length; symbol++)
            bits += frequencies[symbol] * code.Lengths[symbol];
        return bits;
    }

    // Far distances are told apart by their upper bits alone.
    private static int DistanceSymbol(int distance) =>
        distance <= 256 ? Distance.Symbols[distance - 1] : Distance.Symbols[256 + ((distance - 1) >> 7)];

    private static (byte[], int[], byte[]) LengthTables()
    {
        var (symbols, bases, extras) = (new byte[DeflateEncoder.LongestMatch + 1], new int[29], new byte[29]);
        var length = DeflateEncoder.ShortestMatch;
        for (var symbol = 0; symbol < 28; symbol++)
        {
            bases[symbol] = length;
            extras[symbol] = (byte)(symbol < 8 ? 0 : (symbol >> 2) - 1);
            for (var i = 0; i < 1 << extras[symbol]; i++)
                symbols[length++] = (byte)symbol;
        }
        // The longest has a symbol of its own.
        bases[28] = DeflateEncoder.LongestMatch;
        symbols[DeflateEncoder.LongestMatch] = 28;
        return (symbols, bases, extras);
    }

    private static (byte[], int[], byte[]) DistanceTables()
    {
        var (symbols, bases, extras) = (new byte[512], new int[DistanceSymbols], new byte[DistanceSymbols]);
        var distance = 1;
        for (var symbol = 0; symbol < DistanceSymbols; symbol++)
        {
            bases[symbol] = distance;
            extras[symbol] = (byte)(symbol < 4 ? 0 : (symbol >> 1) - 1);
            for (var i = 0; i < 1 << extras[symbol]; i++, distance++)
                symbols[distance <= 256 ? distance - 1 : 256 + ((distance - 1) >> 7)] = (byte)symbol;
        }
        return (symbols, bases, extras);
    }

    private static HuffmanCode Fixed(int symbols, Func<int, int> lengthOf)
    {
        var code = new HuffmanCode(symbols, 15);
        code.Build([.. Enumerable.Range(0, symbols).Select(symbol => (byte)lengthOf(symbol))]);
        return code;
    }
}
