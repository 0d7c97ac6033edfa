using System.Formats.Tar;
using System.IO.Compression;
using System.Text;
using StageX.Build.Tests.Sources;

namespace StageX.Build.Tests.Bootstrap;

/// <summary>Code of every kind, and the ways to hide it. Made here, but for the ELF file, which is a real one.</summary>
internal static class GatePayloads
{
    public static byte[] Elf { get; } = File.ReadAllBytes("/usr/bin/true");

    public static byte[] Pe { get; } = MakePe();

    public static byte[] MachO { get; } = [0xCF, 0xFA, 0xED, 0xFE, 7, 0, 0, 1, 3, 0, 0, 0, 2, 0, 0, 0, .. new byte[64]];

    public static byte[] FatMachO { get; } = [0xCA, 0xFE, 0xBA, 0xBE, 0, 0, 0, 1, 1, 0, 0, 7, 0, 0, 0, 3, 0, 0, 0, 64, .. new byte[64]];

    public static byte[] Class { get; } = [0xCA, 0xFE, 0xBA, 0xBE, 0, 0, 0, 61, 0, 16, .. new byte[64]];

    public static byte[] Wasm { get; } = [0, .. "asm"u8, 1, 0, 0, 0, .. new byte[32]];

    public static byte[] Pyc { get; } = [0xA7, 0x0D, 0x0D, 0x0A, .. new byte[12], 0xE3, .. new byte[32]];

    public static byte[] Bitcode { get; } = [.. "BC"u8, 0xC0, 0xDE, 0x35, 0x14, 0, 0, .. new byte[32]];

    public static byte[] Dex { get; } = [.. "dex\n035\0"u8, .. new byte[104]];

    public static byte[] Ar { get; } = [.. "!<arch>\n"u8, .. Encoding.ASCII.GetBytes($"{"a.o/",-16}{"0",-12}{"0",-6}{"0",-6}{"644",-8}{"4",-10}`\nabcd")];

    public static byte[] Gzip(byte[] bytes) => Archives.Gzip(bytes);

    public static byte[] Tar(string name, byte[] bytes)
    {
        using var stream = new MemoryStream();
        using (var writer = new TarWriter(stream, TarEntryFormat.Pax, leaveOpen: true))
            writer.WriteEntry(new PaxTarEntry(TarEntryType.RegularFile, name) { DataStream = new MemoryStream(bytes) });
        return stream.ToArray();
    }

    public static byte[] Zip(string name, byte[] bytes)
    {
        using var stream = new MemoryStream();
        using (var zip = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true))
        using (var entry = zip.CreateEntry(name).Open())
            entry.Write(bytes);
        return stream.ToArray();
    }

    public static byte[] Text(string text) => Encoding.UTF8.GetBytes(text);

    public static string Base64Lines(byte[] bytes) => Convert.ToBase64String(bytes, Base64FormattingOptions.InsertLineBreaks).Replace("\r", "", StringComparison.Ordinal);

    /// <summary>As xxd and hexdump -C print it.</summary>
    public static string Dump(byte[] bytes) => string.Concat(bytes.Chunk(16).Select((row, number) =>
        $"{number * 16:x8}: {string.Join(' ', row.Chunk(2).Select(pair => Convert.ToHexStringLower(pair)))}  {string.Concat(row.Select(value => value is > 32 and < 127 ? (char)value : '.'))}\n"));

    public static string CArray(byte[] bytes) => "unsigned char program[] = {\n" + string.Concat(bytes.Chunk(12).Select(row => "  " + string.Concat(row.Select(value => $"0x{value:x2}, ")) + "\n")) + "};\n";

    public static string Decimals(byte[] bytes) => "var program = [" + string.Join(',', bytes) + "];\n";

    public static string Printf(byte[] bytes) => string.Concat(bytes.Chunk(20).Select(row => "printf '" + string.Concat(row.Select(value => value is >= (byte)'A' and <= (byte)'Z' ? ((char)value).ToString() : "\\" + Convert.ToString(value, 8).PadLeft(3, '0'))) + "' >> program\n"));

    public static string Uuencode(byte[] bytes)
    {
        static char Digit(int value) => (char)(value == 0 ? '`' : value + 32);
        var text = new StringBuilder("begin 755 program\n");
        foreach (var row in bytes.Chunk(45))
        {
            text.Append(Digit(row.Length));
            foreach (var three in row.Chunk(3))
            {
                var bits = three[0] << 16 | (three.Length > 1 ? three[1] << 8 : 0) | (three.Length > 2 ? three[2] : 0);
                text.Append(Digit(bits >> 18)).Append(Digit((bits >> 12) & 63)).Append(Digit((bits >> 6) & 63)).Append(Digit(bits & 63));
            }
            text.Append('\n');
        }
        return text.Append("`\nend\n").ToString();
    }

    private static byte[] MakePe()
    {
        var bytes = new byte[256];
        "MZ"u8.CopyTo(bytes);
        bytes[0x3C] = 0x80;
        ((ReadOnlySpan<byte>)[(byte)'P', (byte)'E', 0, 0, 0x64, 0x86, 1, 0]).CopyTo(bytes.AsSpan(0x80));
        bytes[0x80 + 20] = 0xF0;
        return bytes;
    }
}
