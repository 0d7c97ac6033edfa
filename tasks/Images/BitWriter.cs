using System.Buffers.Binary;

namespace StageX.Build.Images;

/// <summary>Writes bits as deflate has them (RFC 1951, 3.1.1): from the lowest bit of each byte up.</summary>
internal ref struct BitWriter(Span<byte> output)
{
    private readonly Span<byte> _output = output;
    private ulong _bits;
    private int _count;

    /// <summary>Whole bytes so far.</summary>
    public int Length { get; private set; }

    /// <summary>Bits to add, at most 56 between two calls of <see cref="Flush"/>; those above the count are 0.</summary>
    public void Add(ulong bits, int count)
    {
        _bits |= bits << _count;
        _count += count;
    }

    /// <summary>Moves whole bytes out. Eight bytes beyond them must be there to be written over.</summary>
    public void Flush()
    {
        BinaryPrimitives.WriteUInt64LittleEndian(_output[Length..], _bits);
        var bytes = _count >> 3;
        Length += bytes;
        _bits >>= bytes << 3;
        _count &= 7;
    }

    /// <summary>Fills the byte that was begun.</summary>
    public void Align()
    {
        _count = (_count + 7) & ~7;
        Flush();
    }

    public void Copy(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(_output[Length..]);
        Length += bytes.Length;
    }
}
