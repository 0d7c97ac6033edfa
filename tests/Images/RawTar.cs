using System.Text;

namespace StageX.Build.Tests.Images;

/// <summary>Tars made and changed byte by byte, for what no writer would write.</summary>
internal static class RawTar
{
    /// <summary>Changes the header at an offset and corrects its checksum.</summary>
    public static byte[] Change(byte[] tar, int offset, Action<byte[]> change)
    {
        var header = tar[offset..(offset + 512)];
        change(header);
        header.AsSpan(148, 8).Fill((byte)' ');
        Encoding.ASCII.GetBytes($"{Convert.ToString(header.Sum(b => b), 8).PadLeft(6, '0')}\0 ").CopyTo(header, 148);
        return [.. tar[..offset], .. header, .. tar[(offset + 512)..]];
    }

    /// <summary>A canonical header, but for what <paramref name="change"/> does, and content filled up to blocks.</summary>
    public static byte[] Entry(string name, char type = '0', string content = "", string link = "", Action<byte[]>? change = null)
    {
        var header = new byte[512];
        Put(header, 0, name);
        Put(header, 100, type switch { '5' => "0000755", '2' => "0000777", _ => "0000644" });
        Put(header, 108, "0000000");
        Put(header, 116, "0000000");
        Put(header, 124, Convert.ToString(content.Length, 8).PadLeft(11, '0'));
        Put(header, 136, "00000000001");
        header[156] = (byte)type;
        Put(header, 157, link);
        Put(header, 257, "ustar\000");
        Put(header, 329, "0000000");
        Put(header, 337, "0000000");
        var body = new byte[(content.Length + 511) / 512 * 512];
        Put(body, 0, content);
        return [.. Change(header, 0, change ?? (_ => { })), .. body];
    }

    public static byte[] End => new byte[1024];

    public static void Put(byte[] header, int offset, string text) => Encoding.ASCII.GetBytes(text).CopyTo(header, offset);
}
