using System.Buffers.Binary;
using System.Text;

namespace StageX.Build.Reproducibility;

/// <summary>What the header of a gzip file says beside its content (RFC 1952).</summary>
internal static class GzipHeader
{
    public static IReadOnlyList<HeaderField> Fields(ReadOnlySpan<byte> start)
    {
        if (start.Length < 10)
            return [];
        const int ExtraFlag = 4, NameFlag = 8, CommentFlag = 16;
        var flags = start[3];
        var fields = new List<HeaderField>
        {
            new("MTIME", FieldKind.Time, $"{BinaryPrimitives.ReadUInt32LittleEndian(start[4..])}"),
            new("XFL", FieldKind.Number, $"{start[8]}"),
            new("OS", FieldKind.Number, $"{start[9]}"),
        };
        var rest = start[10..];
        if ((flags & ExtraFlag) != 0 && rest.Length >= 2)
            rest = rest[Math.Min(rest.Length, 2 + BinaryPrimitives.ReadUInt16LittleEndian(rest))..];
        foreach (var (flag, name) in (ReadOnlySpan<(int, string)>)[(NameFlag, "NAME"), (CommentFlag, "COMMENT")])
            if ((flags & flag) != 0 && rest.IndexOf((byte)0) is >= 0 and var end)
            {
                fields.Add(new(name, FieldKind.Text, Encoding.UTF8.GetString(rest[..end])));
                rest = rest[(end + 1)..];
            }
        return fields;
    }
}
