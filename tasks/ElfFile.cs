using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;

namespace StageX.Build;

/// <summary>
/// An ELF file's sections, segments and symbols: 32 and 64 bits, either byte order, compressed sections unpacked (ELF gABI
/// 4.3). Nothing that stands in it is believed: tables are no larger than the file, and what leads nowhere is not there.
/// </summary>
internal sealed class ElfFile
{
    private const int LargestTable = 64 << 20, LongestName = 4096;
    private const int Relocatable = 1, Shared = 3;
    private const int SymbolTable = 2, NoBits = 8, DynamicSymbols = 11;
    private const long CompressedFlag = 0x800;

    private readonly Stream _file;
    private readonly bool _is64, _isLittle;
    private readonly int _type;

    private ElfFile(Stream file, byte[] header)
    {
        _file = file;
        _is64 = header[4] == 2;
        _isLittle = header[5] == 1;
        _type = Half(header, 16);
        Machine = Half(header, 18);
        Sections = ReadSections(header);
        Segments = ReadSegments(header);
    }

    public bool IsRelocatable => _type == Relocatable;

    /// <summary>A library, or a program that can be loaded anywhere.</summary>
    public bool IsShared => _type == Shared;

    public int Machine { get; }

    public IReadOnlyList<ElfSection> Sections { get; }

    public IReadOnlyList<ElfSegment> Segments { get; }

    /// <summary>Null where it is none.</summary>
    /// <exception cref="InvalidDataException">It begins like one, and is damaged.</exception>
    public static ElfFile? TryRead(Stream file)
    {
        var header = file.Window(0, 64);
        if (header.Length < 52 || !header.AsSpan().StartsWith("\x7F"u8) || !header.AsSpan(1).StartsWith("ELF"u8) || header[4] is not (1 or 2) || header[5] is not (1 or 2))
            return null;
        return header.Length < 64 && header[4] == 2 ? null : new ElfFile(file, header);
    }

    /// <summary>The bytes of a section as they are loaded.</summary>
    /// <param name="section">One of <see cref="Sections"/>.</param>
    /// <param name="spool">Makes a stream of what comes out of a decompressor.</param>
    public Stream Open(ElfSection section, Func<Stream, Stream> spool)
    {
        if (section.Type == NoBits)
            return new SliceStream(_file, 0, 0);
        var raw = new SliceStream(_file, section.Offset, section.Size);
        if ((section.Flags & CompressedFlag) == 0)
            return raw;
        // Elf32_Chdr and Elf64_Chdr begin with the type.
        var size = _is64 ? 24 : 12;
        var packed = new SliceStream(_file, section.Offset + size, section.Size - size);
        return raw.Window(0, 4) is not { Length: 4 } type ? raw : Word(type, 0) switch
        {
            1 => spool(new ZLibStream(packed, CompressionMode.Decompress)),
            2 => spool(new SharpCompress.Compressors.ZStandard.DecompressionStream(packed, 0, true, false)),
            _ => raw,
        };
    }

    /// <summary>Symbols of .symtab, or where that was stripped of .dynsym.</summary>
    public IEnumerable<ElfSymbol> ReadSymbols()
    {
        var table = Sections.FirstOrDefault(section => section.Type == SymbolTable) ?? Sections.FirstOrDefault(section => section.Type == DynamicSymbols);
        if (table is null || table.Link >= Sections.Count)
            yield break;
        var (bytes, names) = (Table(table.Offset, table.Size), Table(Sections[(int)table.Link].Offset, Sections[(int)table.Link].Size));
        var size = _is64 ? 24 : 16;
        for (var at = size; at + size <= bytes.Length; at += size)
            yield return _is64
                ? new ElfSymbol(TextAt(names, Word(bytes, at)), Half(bytes, at + 6), Long(bytes, at + 8), Long(bytes, at + 16))
                : new ElfSymbol(TextAt(names, Word(bytes, at)), Half(bytes, at + 14), Word(bytes, at + 4), Word(bytes, at + 8));
    }

    /// <summary>What the program or library asks of the dynamic linker; null where it asks nothing.</summary>
    public ElfDynamic? ReadDynamic()
    {
        if (Segments.FirstOrDefault(segment => segment.Type == ElfSegment.Dynamic) is not { } segment)
            return null;
        var bytes = Table(segment.Offset, segment.Size);
        var (size, entries) = (_is64 ? 16 : 8, new List<(long Tag, long Value)>());
        for (var at = 0; at + size <= bytes.Length; at += size)
        {
            var entry = _is64 ? (Tag: Long(bytes, at), Value: Long(bytes, at + 8)) : (Word(bytes, at), Word(bytes, at + 4));
            if (entry.Tag == 0)
                break;
            entries.Add(entry);
        }
        long Value(long tag) => entries.FirstOrDefault(entry => entry.Tag == tag).Value;
        var (strings, length) = (OffsetOf(Value(ElfDynamic.StringTable)), Value(ElfDynamic.StringTableSize));
        var names = strings is null ? [] : Table(strings.Value, length);
        string[] Texts(long tag) => [.. entries.Where(entry => entry.Tag == tag).Select(entry => TextAt(names, entry.Value))];
        return new ElfDynamic(
            Texts(ElfDynamic.NeededTag),
            // The older way to say it counts where the other is not used.
            [.. new[] { ElfDynamic.RunPathTag, ElfDynamic.OldRunPathTag }.Select(Texts).FirstOrDefault(texts => texts.Length > 0, []).SelectMany(text => text.Split(':'))],
            BindsNow: entries.Any(entry => entry.Tag == ElfDynamic.BindNow) || (Value(ElfDynamic.Flags) & 8) != 0 || (Value(ElfDynamic.Flags1) & 1) != 0,
            IsProgram: (Value(ElfDynamic.Flags1) & 0x08000000) != 0);
    }

    /// <summary>The program that loads this one; null where none does.</summary>
    public string? Interpreter => Segments.FirstOrDefault(segment => segment.Type == ElfSegment.Interpreter) is { } segment
        ? TextAt(_file.Window(segment.Offset, Math.Min(segment.Size, LongestName)), 0) : null;

    private List<ElfSection> ReadSections(byte[] header)
    {
        var (offset, names) = (_is64 ? Long(header, 40) : Word(header, 32), Half(header, _is64 ? 62 : 50));
        var sections = new List<ElfSection>();
        foreach (var (table, at) in Rows("sections", offset, Half(header, _is64 ? 58 : 46), Half(header, _is64 ? 60 : 48), _is64 ? 64 : 40))
            sections.Add(_is64
                ? new ElfSection("", Word(table, at), Word(table, at + 4), Long(table, at + 8), Long(table, at + 16), Long(table, at + 24), Long(table, at + 32), Word(table, at + 40))
                : new ElfSection("", Word(table, at), Word(table, at + 4), Word(table, at + 8), Word(table, at + 12), Word(table, at + 16), Word(table, at + 20), Word(table, at + 24)));
        if (names >= sections.Count)
            return sections;
        var text = Table(sections[names].Offset, sections[names].Size);
        return [.. sections.Select(section => section with { Name = TextAt(text, section.NameOffset) })];
    }

    private List<ElfSegment> ReadSegments(byte[] header)
    {
        var segments = new List<ElfSegment>();
        foreach (var (table, at) in Rows("segments", _is64 ? Long(header, 32) : Word(header, 28), Half(header, _is64 ? 54 : 42), Half(header, _is64 ? 56 : 44), _is64 ? 56 : 32))
            segments.Add(_is64
                ? new ElfSegment(Word(table, at), Word(table, at + 4), Long(table, at + 8), Long(table, at + 16), Long(table, at + 32))
                : new ElfSegment(Word(table, at), Word(table, at + 24), Word(table, at + 4), Word(table, at + 8), Word(table, at + 16)));
        return segments;
    }

    private IEnumerable<(byte[] Table, int At)> Rows(string what, long offset, int size, int count, int least)
    {
        if (count == 0 || size < least)
            yield break;
        var length = (long)size * count;
        var table = offset < 0 || length > LargestTable ? [] : _file.Window(offset, length);
        if (table.Length < length)
            throw new InvalidDataException($"an ELF file whose {what} lie beyond its end");
        for (var index = 0; index < count; index++)
            yield return (table, index * size);
    }

    // Where in the file lies what is loaded at an address.
    private long? OffsetOf(long address) =>
        Segments.FirstOrDefault(segment => segment.Type == ElfSegment.Load && address >= segment.Address && address - segment.Address < segment.Size) is { } segment
            ? segment.Offset + (address - segment.Address) : null;

    private byte[] Table(long offset, long size) => offset < 0 || size is < 0 or > LargestTable ? [] : _file.Window(offset, size);

    private static string TextAt(byte[] table, long offset)
    {
        if (offset < 0 || offset >= table.Length)
            return "";
        var rest = table.AsSpan((int)offset, (int)Math.Min(LongestName, table.Length - offset));
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
internal sealed record ElfSection(string Name, long NameOffset, long Type, long Flags, long Address, long Offset, long Size, long Link)
{
    private const int StringTable = 3;
    private const long StringsFlag = 0x20;

    /// <summary>Whether it is strings, each ended by a zero.</summary>
    public bool IsStrings => Type == StringTable || (Flags & StringsFlag) != 0 || Name is ".comment" or ".debug_str" or ".debug_line_str";
}

/// <summary>A program header: what is loaded, and how; its size is that in the file.</summary>
internal sealed record ElfSegment(long Type, long Flags, long Offset, long Address, long Size)
{
    public const long Load = 1, Dynamic = 2, Interpreter = 3, Stack = 0x6474E551, ReadOnlyAfterRelocation = 0x6474E552;

    public bool IsExecutable => (Flags & 1) != 0;
}

/// <summary>What a file asks of the dynamic linker.</summary>
/// <param name="Needed">The names of the libraries.</param>
/// <param name="RunPath">Folders to look for them in; $ORIGIN is the file's own.</param>
/// <param name="BindsNow">All functions are found before it starts, so that their addresses can be made read-only.</param>
/// <param name="IsProgram">It says that it is a program.</param>
internal sealed record ElfDynamic(IReadOnlyList<string> Needed, IReadOnlyList<string> RunPath, bool BindsNow, bool IsProgram)
{
    internal const long NeededTag = 1, StringTable = 5, StringTableSize = 10, OldRunPathTag = 15, BindNow = 24, RunPathTag = 29, Flags = 30, Flags1 = 0x6FFFFFFB;
}

/// <summary>A symbol: its name, the section it lies in (0: it is somebody else's), and where.</summary>
internal sealed record ElfSymbol(string Name, int Section, long Value, long Size);
