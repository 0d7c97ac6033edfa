using System.Security.Cryptography;
using System.Text;

namespace StageX.Build.Images;

/// <summary>A layer's entries and where in its tar the content of each begins.</summary>
internal sealed record LayerIndex(IReadOnlyList<LayerEntry> Entries, IReadOnlyList<long> Offsets)
{
    private static ReadOnlySpan<byte> Magic => "stagex layer index 1\n"u8;

    /// <summary>With a checksum at the end: whatever is damaged is made anew, not believed.</summary>
    public byte[] ToBytes()
    {
        var bytes = new MemoryStream();
        using var writer = new BinaryWriter(bytes, Encoding.UTF8);
        writer.Write(Magic);
        writer.Write7BitEncodedInt(Entries.Count);
        for (var i = 0; i < Entries.Count; i++)
        {
            var entry = Entries[i];
            writer.Write(entry.Path);
            writer.Write((byte)entry.Kind);
            writer.Write7BitEncodedInt(entry.Mode);
            writer.Write7BitEncodedInt(entry.UserId);
            writer.Write7BitEncodedInt(entry.GroupId);
            if (entry.LinkTarget is not null)
                writer.Write(entry.LinkTarget);
            if (entry.Content is { } content)
            {
                writer.Write7BitEncodedInt64(entry.Size);
                writer.Write(Convert.FromHexString(content.Hex));
                writer.Write7BitEncodedInt64(Offsets[i]);
            }
        }
        writer.Write(SHA256.HashData(bytes.GetBuffer().AsSpan(0, (int)bytes.Length)));
        return bytes.ToArray();
    }

    /// <summary>Null where these are not the bytes of an index.</summary>
    public static LayerIndex? FromBytes(byte[] bytes)
    {
        var body = bytes.Length - SHA256.HashSizeInBytes;
        if (body < Magic.Length || !bytes.AsSpan().StartsWith(Magic) || !SHA256.HashData(bytes.AsSpan(0, body)).AsSpan().SequenceEqual(bytes.AsSpan(body)))
            return null;
        using var reader = new BinaryReader(new MemoryStream(bytes, Magic.Length, body - Magic.Length), Encoding.UTF8);
        var count = reader.Read7BitEncodedInt();
        var entries = new List<LayerEntry>(count);
        var offsets = new List<long>(count);
        for (var i = 0; i < count; i++)
        {
            var path = reader.ReadString();
            var kind = (EntryKind)reader.ReadByte();
            var (mode, user, group) = (reader.Read7BitEncodedInt(), reader.Read7BitEncodedInt(), reader.Read7BitEncodedInt());
            var target = kind is EntryKind.SymbolicLink or EntryKind.HardLink ? reader.ReadString() : null;
            var isFile = kind == EntryKind.File;
            var size = isFile ? reader.Read7BitEncodedInt64() : 0;
            Digest? content = isFile ? Digest.FromHash(reader.ReadBytes(SHA256.HashSizeInBytes)) : null;
            entries.Add(new LayerEntry(path, kind, mode, user, group, size, content, target));
            offsets.Add(isFile ? reader.Read7BitEncodedInt64() : 0);
        }
        return new LayerIndex(entries, offsets);
    }
}
