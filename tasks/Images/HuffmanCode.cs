
namespace StageX.Build.Images;

/// <summary>
/// A prefix code for symbols that are so and so frequent, in the form that deflate describes it by: the lengths of its words,
/// of which it follows what they are (RFC 1951, 3.2.2). It is the same for the same frequencies, always.
/// </summary>
internal sealed class HuffmanCode(int symbols, int longest)
{
    private readonly ulong[] _sorted = new ulong[symbols];
    private readonly int[] _weights = new int[symbols];

    public int[] Frequencies { get; } = new int[symbols];

    /// <summary>Bits of each symbol's word; 0 where it has none.</summary>
    public byte[] Lengths { get; } = new byte[symbols];

    /// <summary>Each symbol's word, its first bit lowest.</summary>
    public ushort[] Words { get; } = new ushort[symbols];

    /// <summary>Makes the shortest code for <see cref="Frequencies"/>, but for words that would be longer than the longest.</summary>
    public void Build()
    {
        // Readers differ in what they think of a code with fewer than two words.
        for (var symbol = 0; symbol < 2; symbol++)
            if (Frequencies.AsSpan().Count(0) > symbols - 2)
                Frequencies[symbol] = Math.Max(Frequencies[symbol], 1);
        var used = 0;
        for (var symbol = 0; symbol < symbols; symbol++)
            if (Frequencies[symbol] > 0)
                _sorted[used++] = ((ulong)Frequencies[symbol] << 16) | (uint)symbol;
        var sorted = _sorted.AsSpan(0, used);
        sorted.Sort();

        Span<int> ofLength = stackalloc int[longest + 1];
        CountLengths(sorted, ofLength);
        Array.Clear(Lengths);
        var next = 0;
        for (var length = longest; length > 0; length--)
            for (var i = 0; i < ofLength[length]; i++)
                Lengths[(int)(sorted[next++] & 0xffff)] = (byte)length;
        Assign(ofLength);
    }

    /// <summary>Makes the code of given lengths.</summary>
    public void Build(ReadOnlySpan<byte> lengths)
    {
        lengths.CopyTo(Lengths);
        Span<int> ofLength = stackalloc int[longest + 1];
        ofLength.Clear();
        foreach (var length in lengths)
            ofLength[length]++;
        ofLength[0] = 0;
        Assign(ofLength);
    }

    /// <summary>Bits of all symbols as often as they occur.</summary>
    public int Cost()
    {
        var bits = 0;
        for (var symbol = 0; symbol < symbols; symbol++)
            bits += Frequencies[symbol] * Lengths[symbol];
        return bits;
    }

    // How many words have which length. In place, after Moffat and Katajainen, "In-place calculation of minimum-redundancy codes":
    // first the weights of the tree's inner nodes, then their parents, then depths.
    private void CountLengths(ReadOnlySpan<ulong> sorted, Span<int> ofLength)
    {
        ofLength.Clear();
        var nodes = _weights.AsSpan(0, sorted.Length);
        for (var i = 0; i < sorted.Length; i++)
            nodes[i] = (int)(sorted[i] >> 16);
        var (leaf, root) = (0, 0);
        for (var inner = 0; inner < nodes.Length - 1; inner++)
        {
            var weight = 0;
            for (var child = 0; child < 2; child++)
                if (leaf >= nodes.Length || (root < inner && nodes[root] < nodes[leaf]))
                {
                    weight += nodes[root];
                    nodes[root++] = inner;
                }
                else
                    weight += nodes[leaf++];
            nodes[inner] = weight;
        }
        nodes[^2] = 0;
        for (var inner = nodes.Length - 3; inner >= 0; inner--)
            nodes[inner] = nodes[nodes[inner]] + 1;

        // Of the nodes at each depth those that are no inner ones are leaves.
        var (available, depth, left) = (1, 0, nodes.Length - 2);
        while (available > 0)
        {
            var innerHere = 0;
            for (; left >= 0 && nodes[left] == depth; left--)
                innerHere++;
            ofLength[Math.Min(depth, longest)] += available - innerHere;
            available = 2 * innerHere;
            depth++;
        }
        Shorten(ofLength);
    }

    // What was too long now is as long as can be, and too much: for each word too many one that is shorter takes it as a neighbour.
    private void Shorten(Span<int> ofLength)
    {
        var space = 0;
        for (var length = 1; length <= longest; length++)
            space += ofLength[length] << (longest - length);
        for (; space > 1 << longest; space--)
        {
            var length = longest - 1;
            while (ofLength[length] == 0)
                length--;
            ofLength[length]--;
            ofLength[length + 1] += 2;
            ofLength[longest]--;
        }
    }

    private void Assign(ReadOnlySpan<int> ofLength)
    {
        Span<int> next = stackalloc int[longest + 1];
        var word = 0;
        for (var length = 1; length <= longest; length++)
        {
            word = (word + ofLength[length - 1]) << 1;
            next[length] = word;
        }
        for (var symbol = 0; symbol < symbols; symbol++)
            if (Lengths[symbol] is > 0 and var length)
                Words[symbol] = (ushort)(Reverse((uint)next[length]++) >> (32 - length));
    }

    private static uint Reverse(uint bits)
    {
        bits = ((bits >> 1) & 0x55555555) | ((bits & 0x55555555) << 1);
        bits = ((bits >> 2) & 0x33333333) | ((bits & 0x33333333) << 2);
        bits = ((bits >> 4) & 0x0f0f0f0f) | ((bits & 0x0f0f0f0f) << 4);
        return System.Buffers.Binary.BinaryPrimitives.ReverseEndianness(bits);
    }
}
