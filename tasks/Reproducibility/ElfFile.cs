using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;

namespace StageX.Build.Reproducibility;

/// <summary>An ELF file's sections and symbols: 32 and 64 bits, either byte order, compressed sections unpacked (ELF gABI 4.3).</summary>
internal sealed class ElfFile
{
    private const int LargestTable = 64 << 20;
    private const int SymbolTable = 2, NoBits = 8, DynamicSymbols = 11;
    private const long CompressedFlag = 0x800;

    private readonly Stream _file;
    private readonly bool _is64, _isLittle;

    private ElfFile(Stream file, byte[] header)
    {
        _file = file;
        _is64 = header[4] == 2;
        _isLittle = header[5] == 1;
        IsRelocatable = Half(header, 16) == 1;
        Machine = Half(header, 18);
        Sections = ReadSections(header);
    }

    public bool IsRelocatable { get; }

    public int Machine { get; }

    public IReadOnlyList<ElfSection> Sections { get; }

    /// <summary>Null where it is none.</summary>
    /// <exception cref="InvalidDataException">It begins like one, and is damaged.</exception>
    public static ElfFile? TryRead(Stream file)
    {
        var header = ContentComparison.Window(file, 0, 64);
        if (header.Length < 52 || !header.AsSpan().StartsWith("\x7F"u8) || !header.AsSpan(1).StartsWith("ELF"u8) || header[4] is not (1 or 2) || header[5] is not (1 or 2))
            return null;
        return header.Length < 64 && header[4] == 2 ? null : new ElfFile(file, header);
    }

    /// <summary>The bytes of a section, unpacked where it is compressed.</summary>
    public Stream Open(ElfSection section, ContentComparison content)
    {
        if (section.Type == NoBits)
            return new SliceStream(_file, 0, 0);
        var raw = new SliceStream(_file, section.Offset, section.Size);
        if ((section.Flags & CompressedFlag) == 0)
            return raw;
        // Elf32_Chdr and Elf64_Chdr begin with the type.
        var size = _is64 ? 24 : 12;
        var packed = new SliceStream(_file, section.Offset + size, section.Size - size);
        return Word(ContentComparison.Window(raw, 0, 4), 0) switch
        {
            1 => content.Spool(new ZLibStream(packed, CompressionMode.Decompress)),
            2 => content.Spool(new SharpCompress.Compressors.ZStandard.DecompressionStream(packed, 0, true, false)),
            _ => raw,
        };
    }

    /// <summary>Symbols of .symtab, or where that was stripped of .dynsym.</summary>
    public IReadOnlyList<ElfSymbol> ReadSymbols()
    {
        var table = Sections.FirstOrDefault(section => section.Type == SymbolTable) ?? Sections.FirstOrDefault(section => section.Type == DynamicSymbols);
        if (table is null || table.Size > LargestTable || table.Link >= Sections.Count || Sections[table.Link].Size > LargestTable)
            return [];
        var bytes = ContentComparison.Window(_file, table.Offset, (int)table.Size);
        var names = ContentComparison.Window(_file, Sections[table.Link].Offset, (int)Sections[table.Link].Size);
        var (size, symbols) = (_is64 ? 24 : 16, new List<ElfSymbol>());
        for (var at = size; at + size <= bytes.Length; at += size)
            symbols.Add(_is64
                ? new ElfSymbol(NameAt(names, Word(bytes, at)), Half(bytes, at + 6), Long(bytes, at + 8), Long(bytes, at + 16))
                : new ElfSymbol(NameAt(names, Word(bytes, at)), Half(bytes, at + 14), Word(bytes, at + 4), Word(bytes, at + 8)));
        return symbols;
    }

    private IReadOnlyList<ElfSection> ReadSections(byte[] header)
    {
        var offset = _is64 ? Long(header, 40) : Word(header, 32);
        var (size, count, names) = _is64 ? (Half(header, 58), Half(header, 60), Half(header, 62)) : (Half(header, 46), Half(header, 48), Half(header, 50));
        if (count == 0 || size < (_is64 ? 64 : 40))
            return [];
        var table = ContentComparison.Window(_file, offset, size * count);
        if (table.Length < size * count)
            throw new InvalidDataException("an ELF file whose sections lie beyond its end");
        ElfSection Read(int at) => _is64
            ? new ElfSection("", (int)Word(table, at), (int)Word(table, at + 4), Long(table, at + 8), Long(table, at + 16), Long(table, at + 24), Long(table, at + 32), (int)Word(table, at + 40))
            : new ElfSection("", (int)Word(table, at), (int)Word(table, at + 4), Word(table, at + 8), Word(table, at + 12), Word(table, at + 16), Word(table, at + 20), (int)Word(table, at + 24));
        var sections = Enumerable.Range(0, count).Select(index => Read(index * size)).ToList();
        if (names >= count || sections[names].Size > LargestTable)
            return sections;
        var text = ContentComparison.Window(_file, sections[names].Offset, (int)sections[names].Size);
        return [.. sections.Select(section => section with { Name = NameAt(text, section.NameOffset) })];
    }

    private static string NameAt(byte[] names, long offset)
    {
        if (offset < 0 || offset >= names.Length)
            return "";
        var rest = names.AsSpan((int)offset);
        return Encoding.UTF8.GetString(rest.IndexOf((byte)0) is >= 0 and var end ? rest[..end] : rest);
    }

    private ushort Half(byte[] bytes, int at) =>
        _isLittle ? BinaryPrimitives.ReadUInt16LittleEndian(bytes.AsSpan(at)) : BinaryPrimitives.ReadUInt16BigEndian(bytes.AsSpan(at));

    private uint Word(byte[] bytes, int at) =>
        _isLittle ? BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(at)) : BinaryPrimitives.ReadUInt32BigEndian(bytes.AsSpan(at));

    private long Long(byte[] bytes, int at) =>
        _isLittle ? BinaryPrimitives.ReadInt64LittleEndian(bytes.AsSpan(at)) : BinaryPrimitives.ReadInt64BigEndian(bytes.AsSpan(at));
}

/// <summary>A section header.</summary>
internal sealed record ElfSection(string Name, int NameOffset, int Type, long Flags, long Address, long Offset, long Size, int Link)
{
    private const int StringTable = 3;
    private const long StringsFlag = 0x20;

    /// <summary>Whether it is strings, each ended by a zero.</summary>
    public bool IsStrings => Type == StringTable || (Flags & StringsFlag) != 0 || Name is ".comment" or ".debug_str" or ".debug_line_str";
}

/// <summary>A symbol: its name, the section it lies in, and where.</summary>
internal sealed record ElfSymbol(string Name, int Section, long Value, long Size);
