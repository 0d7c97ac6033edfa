using System.Security.Cryptography;
using Org.BouncyCastle.Math.EC.Rfc8032;

namespace StageX.Build.Trust;

/// <summary>
/// An SSH public key as <c>ssh-keygen</c> writes it, <c>&lt;type&gt; &lt;base64&gt;</c>: Ed25519, ECDSA on the NIST curves, or RSA of at
/// least 2048 bits.
/// </summary>
public sealed class SshKey
{
    private readonly byte[] _blob;
    private readonly string _type;

    private SshKey(string type, byte[] blob) => (_type, _blob) = (type, blob);

    internal ReadOnlySpan<byte> Blob => _blob;

    /// <exception cref="RefusedException">It is anything else.</exception>
    public static SshKey Parse(string line)
    {
        if (line.Split(' ') is not [var type, var base64, ..])
            throw new RefusedException("it is not '<type> <base64>'");
        byte[] blob;
        try
        {
            blob = Convert.FromBase64String(base64);
        }
        catch (FormatException e)
        {
            throw new RefusedException("it is not '<type> <base64>'", e);
        }
        var key = new SshKey(type, blob);
        if (new SshReader(blob).Text() != type)
            throw new RefusedException("it is of another type than it says");
        key.Verify("", [], []);
        return key;
    }

    public override string ToString() => $"{_type} {Convert.ToBase64String(_blob)}";

    /// <summary>Whether a raw signature of that algorithm is this key's over the content.</summary>
    /// <exception cref="RefusedException">The key cannot be read, or is too weak.</exception>
    internal bool Verify(string algorithm, ReadOnlySpan<byte> signature, ReadOnlySpan<byte> content)
    {
        var reader = new SshReader(_blob);
        reader.Text();
        switch (_type)
        {
            case "ssh-ed25519":
                var point = reader.Bytes();
                reader.End();
                if (point.Length != Ed25519.PublicKeySize || !Ed25519.ValidatePublicKeyFull(point.ToArray(), 0))
                    throw new RefusedException("it is no point of its curve");
                return algorithm == _type && signature.Length == Ed25519.SignatureSize
                    && Ed25519.Verify(signature.ToArray(), 0, point.ToArray(), 0, content.ToArray(), 0, content.Length);
            case "ecdsa-sha2-nistp256":
                return VerifyEcdsa(ref reader, "nistp256", ECCurve.NamedCurves.nistP256, 32, HashAlgorithmName.SHA256, algorithm, signature, content);
            case "ecdsa-sha2-nistp384":
                return VerifyEcdsa(ref reader, "nistp384", ECCurve.NamedCurves.nistP384, 48, HashAlgorithmName.SHA384, algorithm, signature, content);
            case "ecdsa-sha2-nistp521":
                return VerifyEcdsa(ref reader, "nistp521", ECCurve.NamedCurves.nistP521, 66, HashAlgorithmName.SHA512, algorithm, signature, content);
            case "ssh-rsa":
                var parameters = new RSAParameters { Exponent = Unsigned(reader.Bytes()), Modulus = Unsigned(reader.Bytes()) };
                reader.End();
                if (parameters.Modulus.Length < 256)
                    throw new RefusedException("it has fewer than 2048 bits");
                using (var rsa = RSA.Create(parameters))
                    return algorithm switch
                    {
                        "rsa-sha2-256" => rsa.VerifyData(content, signature, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1),
                        "rsa-sha2-512" => rsa.VerifyData(content, signature, HashAlgorithmName.SHA512, RSASignaturePadding.Pkcs1),
                        _ => false,
                    };
            default:
                throw new RefusedException($"keys of type '{_type}' are not accepted");
        }
    }

    private bool VerifyEcdsa(ref SshReader reader, string curveName, ECCurve curve, int size, HashAlgorithmName hash, string algorithm, ReadOnlySpan<byte> signature, ReadOnlySpan<byte> content)
    {
        var name = reader.Text();
        var point = reader.Bytes();
        reader.End();
        if (name != curveName || point.Length != 1 + 2 * size || point[0] != 4)
            throw new RefusedException("it is no point of its curve");
        ECDsa key;
        try
        {
            key = ECDsa.Create(new ECParameters { Curve = curve, Q = new ECPoint { X = point.Slice(1, size).ToArray(), Y = point[(1 + size)..].ToArray() } });
        }
        catch (CryptographicException e)
        {
            throw new RefusedException("it is no point of its curve", e);
        }
        using (key)
        {
            if (algorithm != _type)
                return false;
            var parts = new SshReader(signature);
            byte[] r = Unsigned(parts.Bytes()), s = Unsigned(parts.Bytes());
            parts.End();
            if (r.Length > size || s.Length > size)
                return false;
            var fixedSize = new byte[2 * size];
            r.CopyTo(fixedSize, size - r.Length);
            s.CopyTo(fixedSize, 2 * size - s.Length);
            return key.VerifyData(content, fixedSize, hash, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);
        }
    }

    private static byte[] Unsigned(ReadOnlySpan<byte> number) => number.TrimStart((byte)0).ToArray();
}
