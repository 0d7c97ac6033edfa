using Org.BouncyCastle.Bcpg;
using Org.BouncyCastle.Bcpg.OpenPgp;

namespace StageX.Build.Trust;

/// <summary>
/// An OpenPGP signature over bytes (RFC 9580, section 5.2; version 4, type 0), in the one form that is accepted: SHA-256, 384 or
/// 512, made at a time that it covers, and nothing critical in it that is not understood.
/// </summary>
public sealed class OpenPgpSignature
{
    private static readonly HashSet<SignatureSubpacketTag> Understood =
    [
        SignatureSubpacketTag.CreationTime, SignatureSubpacketTag.ExpireTime, SignatureSubpacketTag.Exportable, SignatureSubpacketTag.TrustSig,
        SignatureSubpacketTag.Revocable, SignatureSubpacketTag.KeyExpireTime, SignatureSubpacketTag.IssuerKeyId, SignatureSubpacketTag.PrimaryUserId,
        SignatureSubpacketTag.KeyFlags, SignatureSubpacketTag.SignerUserId, SignatureSubpacketTag.RevocationReason, SignatureSubpacketTag.EmbeddedSignature,
        SignatureSubpacketTag.IssuerFingerprint,
    ];

    private readonly PgpSignature _signature;

    private OpenPgpSignature(PgpSignature signature) => _signature = signature;

    /// <summary>When it was made, as the signer says.</summary>
    public DateTimeOffset Created => _signature.CreationTime;

    /// <summary>The id that it gives for the key; a hint, not a proof.</summary>
    public long KeyId => _signature.KeyId;

    internal SignatureForm Form => new((int)_signature.SignatureType, (int)_signature.HashAlgorithm, (int)_signature.KeyAlgorithm, _signature.KeyId);

    /// <summary>Reads a detached signature in ASCII armor, as git keeps them.</summary>
    /// <exception cref="RefusedException">It is anything else.</exception>
    public static OpenPgpSignature ReadArmored(string text) => ReadDetached(Armor.Read(text, "PGP SIGNATURE"));

    /// <summary>Reads a detached signature in binary form.</summary>
    /// <exception cref="RefusedException">It is anything else.</exception>
    public static OpenPgpSignature ReadDetached(ReadOnlyMemory<byte> bytes) =>
        OpenPgpPacket.ReadAll(bytes) is [{ Type: OpenPgpPacket.Signature } packet] ? Read(packet) : throw new RefusedException("it is not one detached signature");

    internal static OpenPgpSignature Read(OpenPgpPacket packet)
    {
        var signature = Parse(packet);
        if (signature.SignatureType != PgpSignature.BinaryDocument)
            throw new RefusedException("it is not made over bytes as they are");
        CheckStrength(signature);
        return new OpenPgpSignature(signature);
    }

    /// <summary>Also of signatures about keys: what every signature must have to be believed.</summary>
    internal static void CheckStrength(PgpSignature signature)
    {
        if (signature.Version != 4)
            throw new RefusedException($"it is a signature of version {signature.Version}");
        if (signature.HashAlgorithm is not (HashAlgorithmTag.Sha256 or HashAlgorithmTag.Sha384 or HashAlgorithmTag.Sha512))
            throw new RefusedException($"its hash is {signature.HashAlgorithm}");
        var covered = signature.GetHashedSubPackets();
        if (!covered.HasSubpacket(SignatureSubpacketTag.CreationTime))
            throw new RefusedException("it does not cover the time it was made");
        foreach (var part in covered.ToArray())
            if (part.IsCritical() && !Understood.Contains(part.SubpacketType))
                throw new RefusedException($"it has the critical part {part.SubpacketType}, which nothing here understands");
    }

    internal bool IsMadeBy(PgpPublicKey key, ReadOnlySpan<byte> content)
    {
        if (_signature.GetHashedSubPackets().GetIssuerFingerprint() is { } issuer && !issuer.GetFingerprint().AsSpan().SequenceEqual(key.GetFingerprint()))
            return false;
        if (_signature.KeyAlgorithm != key.Algorithm)
            return false;
        try
        {
            _signature.InitVerify(key);
            _signature.Update(content);
            return _signature.Verify();
        }
        catch (Exception e) when (IsUnreadable(e))
        {
            return false;
        }
    }

    internal DateTimeOffset? Expires => _signature.GetHashedSubPackets().GetSignatureExpirationTime() is > 0 and var seconds ? Created.AddSeconds(seconds) : null;

    internal static PgpSignature Parse(OpenPgpPacket packet)
    {
        try
        {
            if (new PgpObjectFactory(packet.Encode()).NextPgpObject() is PgpSignatureList { Count: 1 } list
                // What the library leaves out or reads in another way than it stands there is refused.
                && OpenPgpPacket.ReadAll(list[0].GetEncoded()) is [var again] && again.Body.Span.SequenceEqual(packet.Body.Span))
                return list[0];
        }
        catch (Exception e) when (IsUnreadable(e))
        {
            throw new RefusedException("the signature cannot be read", e);
        }
        throw new RefusedException("the signature has more than one reading");
    }

    /// <summary>What the library throws at bytes that make no sense: it has no exception of its own for all of them.</summary>
    internal static bool IsUnreadable(Exception e) => e is PgpException or IOException or ArgumentException or InvalidOperationException or InvalidCastException
        or NotSupportedException or ArithmeticException or IndexOutOfRangeException or NullReferenceException or FormatException or UnsupportedPacketVersionException or Org.BouncyCastle.Crypto.CryptoException;
}

/// <summary>What the announcement before a message must repeat of the signature after it.</summary>
internal readonly record struct SignatureForm(int Type, int Hash, int Algorithm, long KeyId);
