using System.Security.Cryptography;

namespace StageX.Build;

/// <summary>A SHA-256, written as OCI writes it: <c>sha256:</c> and 64 lower-case hexadecimal digits.</summary>
public readonly record struct Digest : IComparable<Digest>
{
    private const string Prefix = "sha256:";
    private readonly string? _hex;

    private Digest(string hex) => _hex = hex;

    /// <summary>The 64 hexadecimal digits.</summary>
    public string Hex => _hex ?? throw new InvalidOperationException("an uninitialised digest");

    /// <summary>Parses <c>sha256:…</c>.</summary>
    /// <exception cref="FormatException">The text is anything else.</exception>
    public static Digest Parse(string text) =>
        TryParse(text, out var digest) ? digest : throw new FormatException($"'{text}' is not a sha256 digest");

    public static bool TryParse(string? text, out Digest digest)
    {
        digest = default;
        return text is not null && text.StartsWith(Prefix, StringComparison.Ordinal) && TryFromHex(text[Prefix.Length..], out digest);
    }

    /// <summary>Takes 64 hexadecimal digits without prefix; upper case is accepted and lowered.</summary>
    public static bool TryFromHex(string? hex, out Digest digest)
    {
        digest = default;
        if (hex is not { Length: 64 } || !hex.All(char.IsAsciiHexDigit))
            return false;
        digest = new Digest(hex.ToLowerInvariant());
        return true;
    }

    public static Digest FromHash(ReadOnlySpan<byte> sha256) => new(Convert.ToHexStringLower(sha256));

    public static Digest Of(ReadOnlySpan<byte> bytes) => FromHash(SHA256.HashData(bytes));

    public static Digest Of(Stream stream) => FromHash(SHA256.HashData(stream));

    public static Digest OfFile(string path)
    {
        using var file = File.OpenRead(path);
        return Of(file);
    }

    public int CompareTo(Digest other) => string.CompareOrdinal(_hex, other._hex);

    public override string ToString() => Prefix + Hex;

    public static bool operator <(Digest left, Digest right) => left.CompareTo(right) < 0;
    public static bool operator >(Digest left, Digest right) => left.CompareTo(right) > 0;
    public static bool operator <=(Digest left, Digest right) => left.CompareTo(right) <= 0;
    public static bool operator >=(Digest left, Digest right) => left.CompareTo(right) >= 0;
}
