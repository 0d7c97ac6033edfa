using System.Buffers.Binary;
using System.Text;

namespace StageX.Build.Trust;

/// <summary>Fields in the encoding of the SSH protocol (RFC 4251, section 5): each string has its length before it.</summary>
internal ref struct SshReader(ReadOnlySpan<byte> bytes)
{
    private ReadOnlySpan<byte> _rest = bytes;

    public ReadOnlySpan<byte> Take(int count)
    {
        if (count < 0 || count > _rest.Length)
            throw new RefusedException("it ends too early");
        var taken = _rest[..count];
        _rest = _rest[count..];
        return taken;
    }

    public uint Number() => BinaryPrimitives.ReadUInt32BigEndian(Take(4));

    public ReadOnlySpan<byte> Bytes() => Take((int)Math.Min(Number(), int.MaxValue));

    public string Text() => Encoding.ASCII.GetString(Bytes());

    public readonly void End()
    {
        if (_rest.Length > 0)
            throw new RefusedException("something follows it");
    }
}
