using System.Buffers.Binary;
using System.IO.Compression;
using SharpCompress.Compressors.BZip2;
using SharpCompress.Compressors.LZMA;

namespace StageX.Build.Sources;

/// <summary>How a file is packed, told by its first bytes: names lie.</summary>
internal enum ArchiveFormat
{
    /// <summary>Nothing known: perhaps a bare tar, which has its mark further in.</summary>
    Plain,
    Gzip,
    Bzip2,
    Xz,
    Zstandard,
    Lzip,
    Lzma,
    Zip,
}

internal static class ArchiveFormats
{
    public static ArchiveFormat Detect(Stream file)
    {
        Span<byte> head = stackalloc byte[6];
        var length = file.ReadAtLeast(head, head.Length, throwOnEndOfStream: false);
        file.Position = 0;
        head = head[..length];
        return head switch
        {
            _ when head.StartsWith((ReadOnlySpan<byte>)[0x1F, 0x8B]) => ArchiveFormat.Gzip,
            _ when head.StartsWith("BZh"u8) => ArchiveFormat.Bzip2,
            _ when head.StartsWith((ReadOnlySpan<byte>)[0xFD, (byte)'7', (byte)'z', (byte)'X', (byte)'Z', 0]) => ArchiveFormat.Xz,
            _ when head.StartsWith((ReadOnlySpan<byte>)[0x28, 0xB5, 0x2F, 0xFD]) => ArchiveFormat.Zstandard,
            _ when head.StartsWith("LZIP"u8) => ArchiveFormat.Lzip,
            // No magic, but what every lzma tool writes: its default properties and a dictionary of whole 64 KiB.
            _ when head.StartsWith((ReadOnlySpan<byte>)[0x5D, 0, 0]) => ArchiveFormat.Lzma,
            _ when head.StartsWith("PK\u0003\u0004"u8) || head.StartsWith("PK\u0005\u0006"u8) => ArchiveFormat.Zip,
            _ => ArchiveFormat.Plain,
        };
    }

    /// <summary>What a compressed file holds, from the file's beginning. Not for <see cref="ArchiveFormat.Zip"/>.</summary>
    public static Stream Decompress(this ArchiveFormat format, Stream file) => format switch
    {
        ArchiveFormat.Plain => file,
        ArchiveFormat.Gzip => new GZipStream(file, CompressionMode.Decompress),
        ArchiveFormat.Bzip2 => BZip2Stream.Create(file, SharpCompress.Compressors.CompressionMode.Decompress, true, false, false),
        ArchiveFormat.Xz => new XzStreams(file),
        ArchiveFormat.Zstandard => new SharpCompress.Compressors.ZStandard.DecompressionStream(file, 0, true, false),
        ArchiveFormat.Lzip => LzipMembers.Open(file),
        ArchiveFormat.Lzma => OpenLzma(file),
        _ => throw new ArgumentOutOfRangeException(nameof(format)),
    };

    // Five bytes of properties, and eight of the size that comes out, -1 where it was not known.
    private static LzmaStream OpenLzma(Stream file)
    {
        var header = new byte[13];
        file.ReadExactly(header);
        return LzmaStream.Create(header[..5], file, -1, BinaryPrimitives.ReadInt64LittleEndian(header.AsSpan(5)), false);
    }
}
