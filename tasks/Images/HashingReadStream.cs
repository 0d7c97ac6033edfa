using System.Security.Cryptography;

namespace StageX.Build.Images;

/// <summary>Computes the SHA-256 of what is read through it.</summary>
internal sealed class HashingReadStream(Stream input) : ReadOnlyStream
{
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

    /// <summary>Reads what is left, and returns the digest of all.</summary>
    public Digest Finish()
    {
        var buffer = new byte[1 << 16];
        while (Read(buffer) > 0) { }
        return Digest.FromHash(_hash.GetHashAndReset());
    }

    public override int Read(Span<byte> buffer)
    {
        var read = input.Read(buffer);
        _hash.AppendData(buffer[..read]);
        return read;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _hash.Dispose();
            input.Dispose();
        }
        base.Dispose(disposing);
    }
}
