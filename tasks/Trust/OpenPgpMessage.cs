using System.Buffers.Binary;
using Org.BouncyCastle.Utilities.Zlib;

namespace StageX.Build.Trust;

/// <summary>
/// A signed message as container signatures are: an announcement, the content, and one signature, binary and perhaps
/// compressed as a whole. No armor, nothing before, after or between, nothing nested.
/// </summary>
public sealed class OpenPgpMessage
{
    /// <summary>The largest file and the largest content, in bytes: a container signature has a few hundred.</summary>
    public const int LargestSize = 64 * 1024;

    private OpenPgpMessage(OpenPgpSignature signature, ReadOnlyMemory<byte> content) => (Signature, Content) = (signature, content);

    public OpenPgpSignature Signature { get; }

    /// <summary>What is signed: nothing is to be read in it before the signature is found to be good.</summary>
    public ReadOnlyMemory<byte> Content { get; }

    /// <exception cref="RefusedException">It is anything else.</exception>
    public static OpenPgpMessage Read(ReadOnlyMemory<byte> file)
    {
        if (file.Length > LargestSize)
            throw new RefusedException($"it is larger than {LargestSize} bytes");
        var packets = OpenPgpPacket.ReadAll(file);
        if (packets is [{ Type: OpenPgpPacket.Compressed } compressed])
            packets = OpenPgpPacket.ReadAll(Decompress(compressed.Body));
        if (packets is not [{ Type: OpenPgpPacket.OnePassSignature } announced, { Type: OpenPgpPacket.Literal } literal, { Type: OpenPgpPacket.Signature } signed])
            throw new RefusedException("it is not one signed message and nothing else");
        var signature = OpenPgpSignature.Read(signed);
        // Version 3; the last byte says that no other signature is around this one.
        if (announced.Body.Span is not [3, var type, var hash, var algorithm, _, _, _, _, _, _, _, _, 1]
            || new SignatureForm(type, hash, algorithm, BinaryPrimitives.ReadInt64BigEndian(announced.Body.Span[4..])) != signature.Form)
            throw new RefusedException("it announces another signature than it has");
        return new OpenPgpMessage(signature, ContentOf(literal.Body));
    }

    // The format, a file's name with its length before it, and a time: none of these is signed, so none is used.
    private static ReadOnlyMemory<byte> ContentOf(ReadOnlyMemory<byte> literal)
    {
        var bytes = literal.Span;
        if (bytes.Length < 2 || bytes[0] != (byte)'b' || bytes.Length < 6 + bytes[1])
            throw new RefusedException("its content is not binary");
        return literal[(6 + bytes[1])..];
    }

    private static byte[] Decompress(ReadOnlyMemory<byte> body)
    {
        var stream = new ZStream { next_in = [.. body.Span, 0], next_in_index = 1, avail_in = body.Length - 1 };
        var windowBits = body.Length < 2 ? 0 : body.Span[0] switch { 1 => -15, 2 => 15, _ => 0 };
        if (windowBits == 0 || stream.inflateInit(windowBits) != JZlib.Z_OK)
            throw new RefusedException("its compression is not ZIP or ZLIB");
        var content = new byte[LargestSize + 1];
        stream.next_out = content;
        stream.avail_out = content.Length;
        var end = stream.inflate(JZlib.Z_NO_FLUSH);
        // Where no checksum follows the last bits, the library wants to look at one more byte before it believes that they are the last.
        if (windowBits < 0 && end == JZlib.Z_OK && stream.avail_in == 0 && stream.avail_out > 0)
        {
            stream.avail_in = 1;
            end = stream.inflate(JZlib.Z_NO_FLUSH);
            stream.avail_in = 0;
        }
        if (stream.avail_out == 0)
            throw new RefusedException($"it unpacks to more than {LargestSize} bytes");
        if (end != JZlib.Z_STREAM_END || stream.avail_in != 0)
            throw new RefusedException("its compression is damaged, or something follows it");
        return content[..^stream.avail_out];
    }
}
