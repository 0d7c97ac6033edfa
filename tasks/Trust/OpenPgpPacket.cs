using System.Buffers.Binary;

namespace StageX.Build.Trust;

/// <summary>
/// A packet of RFC 9580, section 4.2: its type and its body, whatever the form of its header. Reading is strict: every byte
/// belongs to a packet, and only packets that carry data may leave their length open or come in parts.
/// </summary>
internal readonly record struct OpenPgpPacket(int Type, ReadOnlyMemory<byte> Body)
{
    public const int Signature = 2, OnePassSignature = 4, PublicKey = 6, Compressed = 8, Literal = 11, UserId = 13, PublicSubkey = 14, UserAttribute = 17;

    /// <exception cref="RefusedException">The bytes are anything but packets.</exception>
    public static IReadOnlyList<OpenPgpPacket> ReadAll(ReadOnlyMemory<byte> bytes)
    {
        var packets = new List<OpenPgpPacket>();
        var reader = new Reader(bytes);
        while (!reader.AtEnd)
            packets.Add(reader.Next());
        return packets;
    }

    /// <summary>The packet with the one header that every reader understands.</summary>
    public byte[] Encode()
    {
        var bytes = new byte[6 + Body.Length];
        bytes[0] = (byte)(0xC0 | Type);
        bytes[1] = 0xFF;
        BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(2), Body.Length);
        Body.Span.CopyTo(bytes.AsSpan(6));
        return bytes;
    }

    private ref struct Reader(ReadOnlyMemory<byte> bytes)
    {
        private int _at;

        public readonly bool AtEnd => _at == bytes.Length;

        public OpenPgpPacket Next()
        {
            var header = Number(1);
            if ((header & 0x80) == 0)
                throw new RefusedException("it is no OpenPGP packet in binary form");
            return (header & 0x40) == 0 ? Old((int)header) : New((int)header & 0x3F);
        }

        private OpenPgpPacket Old(int header)
        {
            var type = (header >> 2) & 0xF;
            if ((header & 3) < 3)
                return new(type, Take(Number(1 << (header & 3))));
            return type == Compressed ? new(type, Take(bytes.Length - _at)) : throw new RefusedException("a packet has no length");
        }

        private OpenPgpPacket New(int type)
        {
            var (length, partial) = Length();
            if (!partial)
                return new(type, Take(length));
            if (type is not (Literal or Compressed))
                throw new RefusedException("a packet comes in parts");
            using var whole = new MemoryStream();
            for (; partial; (length, partial) = Length())
                whole.Write(Take(length).Span);
            whole.Write(Take(length).Span);
            return new(type, whole.ToArray());
        }

        private (long Length, bool Partial) Length() => Number(1) switch
        {
            < 192 and var first => (first, false),
            < 224 and var first => (((first - 192) << 8) + Number(1) + 192, false),
            < 255 and var first => (1L << (int)(first & 0x1F), true),
            _ => (Number(4), false),
        };

        private long Number(int size)
        {
            long value = 0;
            foreach (var next in Take(size).Span)
                value = value << 8 | next;
            return value;
        }

        private ReadOnlyMemory<byte> Take(long count)
        {
            if (count > bytes.Length - _at)
                throw new RefusedException("it ends in the middle of a packet");
            var taken = bytes.Slice(_at, (int)count);
            _at += (int)count;
            return taken;
        }
    }
}
