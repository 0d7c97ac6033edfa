using System.Text;
using Org.BouncyCastle.Bcpg;
using Org.BouncyCastle.Bcpg.OpenPgp;
using Org.BouncyCastle.Crypto.Parameters;

namespace StageX.Build.Trust;

/// <summary>
/// A maintainer's OpenPGP key (RFC 9580, section 10.1; version 4): the primary key, which is the person, and subkeys that sign
/// for it. A subkey counts where both keys have signed that they belong together. What the signatures on it say is judged once,
/// when it is read.
/// </summary>
public sealed class OpenPgpKey
{
    private readonly List<SigningKey> _signingKeys = [];

    private OpenPgpKey(PgpPublicKey primary, byte[] binary)
    {
        Binary = binary;
        Fingerprint = Convert.ToHexString(primary.GetFingerprint());
        Life = PrimaryLife(primary);
    }

    /// <summary>Of the primary key: 40 hexadecimal digits, upper case.</summary>
    public string Fingerprint { get; }

    /// <summary>It was revoked as compromised, or without a reason: nothing that it signed counts, whenever that was.</summary>
    public bool IsCompromised => Life.Revoked is { Forever: true };

    /// <summary>Fingerprints of all keys that sign for it, itself included where it can.</summary>
    public IEnumerable<string> SigningFingerprints => _signingKeys.Select(key => key.Fingerprint);

    /// <summary>Fingerprints of all keys in it, whether they sign or not: other readers may believe in more of them.</summary>
    internal IReadOnlyList<string> Fingerprints { get; private init; } = [];

    /// <summary>The key without armor.</summary>
    internal byte[] Binary { get; }

    private Lifetime Life { get; }

    /// <summary>Reads a public key, as <c>gpg --export</c> writes it, with or without <c>--armor</c>.</summary>
    /// <exception cref="RefusedException">It is anything else, or nothing that it could sign would count.</exception>
    public static OpenPgpKey Read(byte[] file)
    {
        var bytes = file is [(byte)'-', ..] ? Armor.Read(Encoding.ASCII.GetString(file), "PGP PUBLIC KEY BLOCK") : file;
        var packets = OpenPgpPacket.ReadAll(bytes);
        if (packets is not [{ Type: OpenPgpPacket.PublicKey }, ..] || packets.Skip(1).Any(packet =>
            packet.Type is not (OpenPgpPacket.Signature or OpenPgpPacket.UserId or OpenPgpPacket.PublicSubkey or OpenPgpPacket.UserAttribute)))
            throw new RefusedException("it is not one public key");
        try
        {
            return Judge(new PgpPublicKeyRing(bytes), bytes);
        }
        catch (Exception e) when (OpenPgpSignature.IsUnreadable(e))
        {
            throw new RefusedException("the key cannot be read", e);
        }
    }

    /// <summary>Finds the key that made a signature.</summary>
    /// <param name="signature">A signature.</param>
    /// <param name="content">What it is to cover.</param>
    /// <param name="now">The present: a signature of the future is none.</param>
    /// <returns>The key that made it; null if none of this person's keys did.</returns>
    internal SigningKey? Find(OpenPgpSignature signature, ReadOnlySpan<byte> content, DateTimeOffset now)
    {
        foreach (var key in _signingKeys)
            if (key.Key.KeyId == signature.KeyId && signature.IsMadeBy(key.Key, content))
            {
                // Clocks of two machines are never the same.
                if (signature.Created > now.AddMinutes(5))
                    throw new RefusedException($"it was made in the future, at {signature.Created:yyyy-MM-dd HH:mm}");
                if (signature.Expires <= now)
                    throw new RefusedException($"it expired at {signature.Expires:yyyy-MM-dd}");
                key.CheckAt(signature.Created);
                return key;
            }
        return null;
    }

    /// <exception cref="RefusedException">The primary key is not good at that time.</exception>
    internal void CheckAt(DateTimeOffset time) => Life.CheckAt(time);

    private static OpenPgpKey Judge(PgpPublicKeyRing ring, byte[] binary)
    {
        var primary = ring.GetPublicKey();
        CheckAlgorithm(primary);
        var key = new OpenPgpKey(primary, binary) { Fingerprints = [.. ring.GetPublicKeys().Select(other => Convert.ToHexString(other.GetFingerprint()))] };
        if (key.Life.CanSign)
            key._signingKeys.Add(new SigningKey(primary, IsPrimary: true, [key.Life]));
        foreach (var subkey in ring.GetPublicKeys().Where(other => !other.IsMasterKey))
            if (SubkeyLife(primary, subkey) is { CanSign: true } life)
            {
                CheckAlgorithm(subkey);
                key._signingKeys.Add(new SigningKey(subkey, IsPrimary: false, [key.Life, life]));
            }
        return key._signingKeys.Count > 0 ? key : throw new RefusedException("it has no key that can sign");
    }

    private static void CheckAlgorithm(PgpPublicKey key)
    {
        if (key.Version != 4)
            throw new RefusedException($"it is a key of version {key.Version}");
        var strong = key.GetKey() switch
        {
            RsaKeyParameters rsa => rsa.Modulus.BitLength >= 2048,
            Ed25519PublicKeyParameters or Ed448PublicKeyParameters => true,
            ECPublicKeyParameters curve => curve.Parameters.N.BitLength >= 256,
            _ => false,
        };
        if (!strong)
            throw new RefusedException($"its algorithm, {key.Algorithm} of {key.BitStrength} bits, is too weak");
    }

    private static Lifetime PrimaryLife(PgpPublicKey primary)
    {
        var believed = new List<PgpSignature>();
        foreach (var name in primary.GetUserIds())
        {
            var own = primary.GetSignaturesForId(name).Where(signature => signature.KeyId == primary.KeyId && Proves(signature, primary, () => signature.VerifyCertification(name, primary))).ToList();
            if (!own.Any(signature => signature.SignatureType == PgpSignature.CertificationRevocation))
                believed.AddRange(own.Where(signature => signature.IsCertification() && IsStrong(signature)));
        }
        believed.AddRange(primary.GetSignaturesOfType(PgpSignature.DirectKey)
            .Where(signature => IsStrong(signature) && Proves(signature, primary, () => signature.VerifyCertification(primary))));
        if (believed.MaxBy(signature => signature.CreationTime) is not { } newest)
            throw new RefusedException("it has no signature of its own that is not weak");
        var revocations = primary.GetSignaturesOfType(PgpSignature.KeyRevocation).ToList();
        // One by somebody else, whom the owner named for it: nobody can look that up here, and nobody would add it in vain.
        if (revocations.Any(revocation => !Proves(revocation, primary, () => revocation.VerifyCertification(primary))))
            throw new RefusedException("it has a revocation that the key itself did not sign");
        return Lifetime.Of(primary, newest, revocations);
    }

    private static Lifetime? SubkeyLife(PgpPublicKey primary, PgpPublicKey subkey)
    {
        var newest = subkey.GetSignaturesOfType(PgpSignature.SubkeyBinding)
            .Where(signature => IsStrong(signature) && Proves(signature, primary, () => signature.VerifyCertification(primary, subkey))).MaxBy(signature => signature.CreationTime);
        if (newest is null)
            return null;
        var life = Lifetime.Of(subkey, newest,
            subkey.GetSignaturesOfType(PgpSignature.SubkeyRevocation).Where(revocation => Proves(revocation, primary, () => revocation.VerifyCertification(primary, subkey))));
        return life with { CanSign = life.CanSign && HasBackSignature(primary, subkey, newest) };
    }

    private static bool HasBackSignature(PgpPublicKey primary, PgpPublicKey subkey, PgpSignature binding) =>
        new[] { binding.GetHashedSubPackets(), binding.GetUnhashedSubPackets() }.SelectMany(parts => parts.GetEmbeddedSignatures() is { } list ? Enumerable.Range(0, list.Count).Select(i => list[i]) : [])
            .Any(back => back.SignatureType == PgpSignature.PrimaryKeyBinding && IsStrong(back) && Proves(back, subkey, () => back.VerifyCertification(primary, subkey)));

    private static bool Proves(PgpSignature signature, PgpPublicKey by, Func<bool> verify)
    {
        try
        {
            if (signature.KeyAlgorithm != by.Algorithm)
                return false;
            signature.InitVerify(by);
            return verify();
        }
        catch (Exception e) when (OpenPgpSignature.IsUnreadable(e))
        {
            return false;
        }
    }

    private static bool IsStrong(PgpSignature signature)
    {
        try
        {
            OpenPgpSignature.CheckStrength(signature);
            return true;
        }
        catch (RefusedException)
        {
            return false;
        }
    }
}

/// <summary>A key that signs, and the lives that bound its own.</summary>
internal sealed record SigningKey(PgpPublicKey Key, bool IsPrimary, IReadOnlyList<Lifetime> Lives)
{
    public string Fingerprint => Convert.ToHexString(Key.GetFingerprint());

    /// <exception cref="RefusedException">What it signed at that time does not count.</exception>
    public void CheckAt(DateTimeOffset time)
    {
        foreach (var life in Lives)
            life.CheckAt(time);
    }
}

/// <summary>When a key began and ends, by its newest signature of its own, and whether it was revoked.</summary>
internal sealed record Lifetime(bool CanSign, DateTimeOffset Begins, DateTimeOffset? Ends, (DateTimeOffset Since, bool Forever)? Revoked)
{
    // RFC 9580, section 5.2.3.31: the reasons after which older signatures remain good.
    private const byte Superseded = 1, Retired = 3;

    public static Lifetime Of(PgpPublicKey key, PgpSignature newest, IEnumerable<PgpSignature> revocations)
    {
        var says = newest.GetHashedSubPackets();
        DateTimeOffset begins = key.CreationTime;
        (DateTimeOffset, bool)? revoked = null;
        foreach (var revocation in revocations)
        {
            var forever = revocation.GetHashedSubPackets().GetSubpacket(SignatureSubpacketTag.RevocationReason)?.GetData() is not [Superseded or Retired, ..];
            if (revoked is not var (since, already) || forever && !already || forever == already && revocation.CreationTime < since)
                revoked = (revocation.CreationTime, forever);
        }
        return new Lifetime((says.GetKeyFlags() & PgpKeyFlags.CanSign) != 0, begins, says.GetKeyExpirationTime() is > 0 and var seconds ? begins.AddSeconds(seconds) : null, revoked);
    }

    public void CheckAt(DateTimeOffset time)
    {
        if (Revoked is var (since, forever))
        {
            if (forever)
                throw new RefusedException("its key was revoked as compromised, or without a reason");
            if (time >= since)
                throw new RefusedException($"its key was revoked at {since:yyyy-MM-dd}");
        }
        if (time < Begins)
            throw new RefusedException($"its key was made later, at {Begins:yyyy-MM-dd}");
        if (time >= Ends)
            throw new RefusedException($"its key expired at {Ends:yyyy-MM-dd}");
    }
}
