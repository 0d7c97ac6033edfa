using System.Buffers.Binary;
using System.IO.Hashing;

namespace StageX.Build.Images;

/// <summary>
/// The canonical compression: gzip members of one MiB of content each, one after the other, which every reader of gzip takes as one file.
/// Each is compressed on its own, so any number of processors gives the same bytes, and names its own length
/// in the header's extra field, so a reader finds any place in the tar without inflating what stands before it.
/// </summary>
internal static class BlockGzip
{
    public const int BlockSize = 1 << 20;

    public const int HeaderSize = 20;
    private const int TrailerSize = 8;

    // Magic, deflate, FEXTRA, no time, no level, unknown system; eight bytes of extra field: "SX", length 4, the member's size.
    private static ReadOnlySpan<byte> Header => [0x1f, 0x8b, 8, 4, 0, 0, 0, 0, 0, 0xff, 8, 0, (byte)'S', (byte)'X', 4, 0];

    /// <summary>Room for a member whose content does not compress at all.</summary>
    public const int MaximumMemberSize = BlockSize + (1 << 16);

    /// <summary>Writes one member into <paramref name="member"/>, which is as large as can be, and returns its length.</summary>
    public static int Compress(DeflateEncoder encoder, ReadOnlySpan<byte> block, Span<byte> member)
    {
        ArgumentOutOfRangeException.ThrowIfZero(block.Length);
        Header.CopyTo(member);
        var end = HeaderSize + encoder.Compress(block, member[HeaderSize..]);
        BinaryPrimitives.WriteUInt32LittleEndian(member[end..], Crc32.HashToUInt32(block));
        BinaryPrimitives.WriteInt32LittleEndian(member[(end + 4)..], block.Length);
        var length = end + TrailerSize;
        BinaryPrimitives.WriteInt32LittleEndian(member[(HeaderSize - 4)..], length);
        return length;
    }

    /// <summary>The length of the member that begins with these bytes, or 0 where they are no header of ours.</summary>
    public static int MemberSize(ReadOnlySpan<byte> header) =>
        header.Length == HeaderSize && header.StartsWith(Header)
            && BinaryPrimitives.ReadInt32LittleEndian(header[Header.Length..]) is > HeaderSize + TrailerSize and <= MaximumMemberSize and var size
            ? size : 0;
}
