namespace StageX.Build.Trust;

/// <summary>
/// Bytes as base64 between two lines that name them: RFC 9580, section 6, and SSHSIG, which does without headers and checksum.
/// One block and nothing around it.
/// </summary>
internal static class Armor
{
    /// <exception cref="RefusedException">The text is anything but one block of that name.</exception>
    public static byte[] Read(string text, string name)
    {
        var lines = text.Replace("\r\n", "\n", StringComparison.Ordinal).TrimEnd('\n').Split('\n');
        if (lines.Length < 3 || lines[0] != $"-----BEGIN {name}-----" || lines[^1] != $"-----END {name}-----")
            throw new RefusedException($"it is not one block '{name}'");
        var body = lines.AsSpan(1, lines.Length - 2);
        var blank = body.IndexOf("");
        if (blank >= 0)
        {
            foreach (var header in body[..blank])
                if (!header.Contains(": ", StringComparison.Ordinal))
                    throw new RefusedException("its armor has a line that is no header");
            body = body[(blank + 1)..];
        }
        string? checksum = null;
        if (body.Length > 0 && body[^1] is ['=', _, _, _, _])
        {
            checksum = body[^1][1..];
            body = body[..^1];
        }
        var bytes = Decode(string.Concat(body.ToArray()));
        if (checksum is not null && !Decode(checksum).AsSpan().SequenceEqual(Checksum(bytes)))
            throw new RefusedException("its armor has another checksum");
        return bytes;
    }

    private static byte[] Decode(string base64)
    {
        // The framework's reader skips blanks.
        if (base64.Any(char.IsWhiteSpace))
            throw new RefusedException("its armor holds blanks");
        try
        {
            var bytes = Convert.FromBase64String(base64);
            return Convert.ToBase64String(bytes) == base64 ? bytes : throw new RefusedException("its base64 is not canonical");
        }
        catch (FormatException e)
        {
            throw new RefusedException("its armor is not base64", e);
        }
    }

    // CRC-24 of RFC 9580, section 6.1.
    private static byte[] Checksum(ReadOnlySpan<byte> bytes)
    {
        var crc = 0xB704CE;
        foreach (var next in bytes)
        {
            crc ^= next << 16;
            for (var bit = 0; bit < 8; bit++)
                crc = (crc & 0x800000) != 0 ? crc << 1 ^ 0x1864CFB : crc << 1;
        }
        return [(byte)(crc >> 16), (byte)(crc >> 8), (byte)crc];
    }
}
