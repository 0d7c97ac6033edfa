using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace StageX.Build.Trust;

/// <summary>
/// A signature as <c>ssh-keygen -Y sign</c> makes it (OpenSSH's PROTOCOL.sshsig) and git keeps it: it carries its key and covers a
/// namespace, <c>git</c>, and the hash of the content. It has no time.
/// </summary>
public sealed class SshSignature
{
    public const string ArmorName = "SSH SIGNATURE";
    private const string Namespace = "git";

    private readonly string _hash;
    private readonly byte[] _key;
    private readonly string _algorithm;
    private readonly byte[] _signature;

    private SshSignature(byte[] bytes)
    {
        var reader = new SshReader(bytes);
        if (!reader.Take(6).SequenceEqual("SSHSIG"u8) || reader.Number() != 1)
            throw new RefusedException("it is no SSH signature of version 1");
        _key = reader.Bytes().ToArray();
        if (reader.Text() != Namespace)
            throw new RefusedException("it was made for something else than git");
        if (reader.Bytes().Length > 0)
            throw new RefusedException("it has a part that nothing here understands");
        _hash = reader.Text();
        if (_hash is not ("sha256" or "sha512"))
            throw new RefusedException($"its hash is {_hash}");
        var signature = new SshReader(reader.Bytes());
        reader.End();
        _algorithm = signature.Text();
        _signature = signature.Bytes().ToArray();
        signature.End();
    }

    /// <exception cref="RefusedException">It is anything else.</exception>
    public static SshSignature Read(string text) => new(Armor.Read(text, ArmorName));

    /// <summary>Whether it is this key's, over this content.</summary>
    public bool IsMadeBy(SshKey key, ReadOnlySpan<byte> content)
    {
        if (!key.Blob.SequenceEqual(_key))
            return false;
        using var signed = new MemoryStream();
        signed.Write("SSHSIG"u8);
        Write(signed, Encoding.ASCII.GetBytes(Namespace));
        Write(signed, []);
        Write(signed, Encoding.ASCII.GetBytes(_hash));
        Write(signed, _hash == "sha256" ? SHA256.HashData(content) : SHA512.HashData(content));
        return key.Verify(_algorithm, _signature, signed.ToArray());
    }

    private static void Write(MemoryStream to, ReadOnlySpan<byte> bytes)
    {
        Span<byte> length = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(length, bytes.Length);
        to.Write(length);
        to.Write(bytes);
    }
}
