using System.Buffers.Binary;

namespace StageX.Build.Bootstrap;

/// <summary>
/// Finds code that is no source by the marks that its formats have. At the start of a file a mark is enough; further in,
/// and in what was decoded from text, the header behind it must make sense, since texts about such formats name the marks.
/// </summary>
internal static class CodeFormat
{
    private delegate bool Header(ReadOnlySpan<byte> from);

    // Where the first bytes are enough.
    private static readonly (byte[] Mark, string Kind)[] Starts =
    [
        ([0x7F, (byte)'E', (byte)'L', (byte)'F'], "an ELF file"),
        ([.. "!<arch>\n"u8], "an ar archive"),
        ([.. "!<thin>\n"u8], "an ar archive"),
        ([0, (byte)'a', (byte)'s', (byte)'m'], "WebAssembly"),
        ([(byte)'B', (byte)'C', 0xC0, 0xDE], "LLVM bitcode"),
        ([0xDE, 0xC0, 0x17, 0x0B], "LLVM bitcode"),
        ([.. "dex\n"u8], "a DEX file"),
        ([.. "cdex"u8], "a DEX file"),
        ([0xCA, 0xFE, 0xD0, 0x0D], "packed Java classes"),
        ([0xCA, 0xFE, 0xDA, 0xDA], "a Java image"),
        ([0x1B, (byte)'L', (byte)'u', (byte)'a'], "Lua bytecode"),
        ([0x1B, (byte)'L', (byte)'J'], "Lua bytecode"),
        ([.. "YARB"u8], "Ruby bytecode"),
        ([.. "RITE0"u8], "Ruby bytecode"),
        ([.. "Caml1999"u8], "OCaml bytecode"),
        ([.. "# FASL\n"u8], "compiled Lisp"),
        ([.. "GOOF----"u8], "Guile bytecode"),
        ([3, 2, 0x23, 7], "SPIR-V"),
        ([0x27, 5, 0x19, 0x56], "a U-Boot image"),
        ([0xC6, 0x1F, 0xBC, 3, 0xC1, 3, 0x19, 0x1F], "JavaScript bytecode"),
    ];

    // Anywhere, where the header behind the mark makes sense.
    private static readonly (byte[] Mark, int Before, Header Fits, string Kind)[] Anywhere =
    [
        ([0x7F, (byte)'E', (byte)'L', (byte)'F'], 0, IsElf, "an ELF file"),
        ([(byte)'P', (byte)'E', 0, 0], 0, IsPe, "a PE file"),
        ([0xCF, 0xFA, 0xED, 0xFE], 0, from => IsMachO(from, bigEndian: false), "a Mach-O file"),
        ([0xCE, 0xFA, 0xED, 0xFE], 0, from => IsMachO(from, bigEndian: false), "a Mach-O file"),
        ([0xFE, 0xED, 0xFA, 0xCF], 0, from => IsMachO(from, bigEndian: true), "a Mach-O file"),
        ([0xFE, 0xED, 0xFA, 0xCE], 0, from => IsMachO(from, bigEndian: true), "a Mach-O file"),
        ([0xCA, 0xFE, 0xBA, 0xBE], 0, IsFatMachO, "a Mach-O file"),
        ([0xCA, 0xFE, 0xBA, 0xBF], 0, IsFatMachO, "a Mach-O file"),
        ([0xCA, 0xFE, 0xBA, 0xBE], 0, IsClass, "a Java class"),
        ([.. "!<arch>\n"u8], 0, IsAr, "an ar archive"),
        ([0, (byte)'a', (byte)'s', (byte)'m'], 0, IsWasm, "WebAssembly"),
        ([(byte)'B', (byte)'C', 0xC0, 0xDE], 0, IsBitcode, "LLVM bitcode"),
        ([.. "dex\n0"u8], 0, from => from.Length > 8 && from[7] == 0 && char.IsAsciiDigit((char)from[5]) && char.IsAsciiDigit((char)from[6]), "a DEX file"),
        ([(byte)'\r', (byte)'\n'], 2, IsPyc, "Python bytecode"),
        ([.. "FOR1"u8], 0, from => from.Length > 12 && from[8..12].SequenceEqual("BEAM"u8), "Erlang bytecode"),
        ([.. ";ELC"u8], 0, from => from.Length > 8 && from[4] < 0x40 && from[5] == 0 && from[6] == 0 && from[7] == 0, "Emacs bytecode"),
        ([0x1B, (byte)'L', (byte)'u', (byte)'a'], 0, from => from.Length > 6 && from[4] is >= 0x50 and <= 0x55 && from[5] <= 1, "Lua bytecode"),
        ([.. "HdrS"u8], 0x202, from => from.Length > 0x202 && from[0x1FE] == 0x55 && from[0x1FF] == 0xAA, "a Linux kernel"),
    ];

    /// <summary>The first code in the bytes: what it is, and where it begins; or null.</summary>
    /// <param name="bytes">A file, or a part of one.</param>
    /// <param name="isFile">They are a file, so that its beginning counts.</param>
    public static (string Kind, int Offset)? Find(ReadOnlySpan<byte> bytes, bool isFile)
    {
        if (isFile && AtStart(bytes) is { } kind)
            return (kind, 0);
        (string Kind, int Offset)? first = null;
        foreach (var (mark, before, fits, name) in Anywhere)
            for (var at = 0; ;)
            {
                var next = bytes[at..].IndexOf(mark);
                if (next < 0)
                    break;
                at += next;
                if (at >= before && fits(bytes[(at - before)..]))
                {
                    if (first is null || at - before < first.Value.Offset)
                        first = (name, at - before);
                    break;
                }
                at++;
            }
        return first;
    }

    private static string? AtStart(ReadOnlySpan<byte> bytes)
    {
        // Text may begin with words that are marks elsewhere; none of the others can be text.
        foreach (var (mark, kind) in Starts)
            if (bytes.StartsWith(mark) && (bytes.Contains((byte)0) || mark[0] is not (>= (byte)' ' and < 0x7F) || kind is "an ar archive" or "compiled Lisp"))
                return kind;
        if (IsDosProgram(bytes))
            return "a program for DOS or Windows";
        if (IsCoff(bytes))
            return "a COFF object";
        if (bytes.Length >= 512 && bytes[510] == 0x55 && bytes[511] == 0xAA && bytes[0] is 0xEB or 0xE9 or 0xFA or 0x33 or 0x31)
            return "a boot sector";
        // An OCaml program ends in its mark, and may begin as a script.
        if (bytes.Length > 12 && bytes[^12..].StartsWith("Caml1999X"u8) && bytes.Contains((byte)0))
            return "OCaml bytecode";
        return null;
    }

    // The kernel looks at the mark, the type and the machine, at nothing else of the first 20 bytes.
    private static bool IsElf(ReadOnlySpan<byte> from)
    {
        if (from.Length < 24)
            return false;
        var (type, machine) = (BinaryPrimitives.ReadUInt16LittleEndian(from[16..]), BinaryPrimitives.ReadUInt16LittleEndian(from[18..]));
        var (typeBig, machineBig) = (BinaryPrimitives.ReadUInt16BigEndian(from[16..]), BinaryPrimitives.ReadUInt16BigEndian(from[18..]));
        return (type is >= 1 and <= 4 && machine is > 0 and < 0x200) || (typeBig is >= 1 and <= 4 && machineBig is > 0 and < 0x200);
    }

    private static bool IsPe(ReadOnlySpan<byte> from) =>
        from.Length >= 24
        && BinaryPrimitives.ReadUInt16LittleEndian(from[4..]) is 0x14C or 0x8664 or 0xAA64 or 0xA641 or 0x1C0 or 0x1C2 or 0x1C4 or 0x200 or 0xEBC or 0x5032 or 0x5064
        && BinaryPrimitives.ReadUInt16LittleEndian(from[6..]) is > 0 and <= 96
        && BinaryPrimitives.ReadUInt16LittleEndian(from[20..]) is >= 0x60 and <= 0x200;

    private static bool IsDosProgram(ReadOnlySpan<byte> bytes) =>
        bytes.Length >= 28 && (bytes.StartsWith("MZ"u8) || bytes.StartsWith("ZM"u8)) && bytes[..28].Contains((byte)0);

    private static bool IsCoff(ReadOnlySpan<byte> bytes) =>
        bytes.Length >= 60
        && BinaryPrimitives.ReadUInt16LittleEndian(bytes) is 0x14C or 0x8664 or 0xAA64 or 0x1C4
        && BinaryPrimitives.ReadUInt16LittleEndian(bytes[2..]) is > 0 and < 4096
        && BinaryPrimitives.ReadUInt16LittleEndian(bytes[16..]) == 0
        && bytes[20] is (byte)'.' or (byte)'/';

    private static bool IsMachO(ReadOnlySpan<byte> from, bool bigEndian)
    {
        if (from.Length < 28)
            return false;
        var (cpu, type) = bigEndian
            ? (BinaryPrimitives.ReadUInt32BigEndian(from[4..]), BinaryPrimitives.ReadUInt32BigEndian(from[12..]))
            : (BinaryPrimitives.ReadUInt32LittleEndian(from[4..]), BinaryPrimitives.ReadUInt32LittleEndian(from[12..]));
        return IsMachOCpu(cpu) && type is >= 1 and <= 16;
    }

    private static bool IsMachOCpu(uint cpu) => (cpu & 0x00FFFFFF) is 6 or 7 or 12 or 18 && cpu >> 24 is 0 or 1 or 2;

    private static bool IsFatMachO(ReadOnlySpan<byte> from) =>
        from.Length >= 28 && BinaryPrimitives.ReadUInt32BigEndian(from[4..]) is > 0 and < 40 && IsMachOCpu(BinaryPrimitives.ReadUInt32BigEndian(from[8..]));

    private static bool IsClass(ReadOnlySpan<byte> from) =>
        from.Length >= 10 && BinaryPrimitives.ReadUInt16BigEndian(from[6..]) is >= 45 and < 100
        && BinaryPrimitives.ReadUInt16BigEndian(from[4..]) is <= 3 or 0xFFFF;

    private static bool IsAr(ReadOnlySpan<byte> from) => from.Length >= 68 && from[66] == '`' && from[67] == '\n';

    private static bool IsWasm(ReadOnlySpan<byte> from) => from.Length >= 8 && from[4] is 1 or 0x0D && from[5] == 0 && from[6] <= 1 && from[7] == 0;

    private static bool IsBitcode(ReadOnlySpan<byte> from) =>
        from.Length >= 8 && (from[4..8].SequenceEqual((ReadOnlySpan<byte>)[0x35, 0x14, 0, 0]) || from[4..8].SequenceEqual((ReadOnlySpan<byte>)[0x21, 0x0C, 0, 0]));

    // A marshalled code object (type c, sometimes with the flag for references) whose first number is 0 stands behind a header of 8, 12 or 16 bytes.
    private static bool IsPyc(ReadOnlySpan<byte> from)
    {
        foreach (var header in (ReadOnlySpan<int>)[8, 12, 16])
            if (from.Length >= header + 5 && from[header] is 0x63 or 0xE3 && !from[(header + 1)..(header + 5)].ContainsAnyExcept((byte)0))
                return true;
        return false;
    }
}
