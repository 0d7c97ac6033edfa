namespace StageX.Build.Audit;

/// <summary>A program or shared library, and what its bytes tell of how it was built.</summary>
/// <param name="Path">In the image.</param>
/// <param name="Size">In bytes.</param>
/// <param name="Needed">The libraries that it is linked to; none where it is static.</param>
/// <param name="Interpreter">The program that loads it, an absolute path; null where none does.</param>
/// <param name="RunPath">Folders that it names for its libraries.</param>
/// <param name="Compilers">What compilers say of themselves in it (.comment).</param>
/// <param name="Traits">A word, or several, for each of <see cref="Trait.All"/>.</param>
public sealed record Executable(
    string Path, long Size, IReadOnlyList<string> Needed, string? Interpreter, IReadOnlyList<string> RunPath, IReadOnlyList<string> Compilers,
    IReadOnlyDictionary<Trait, IReadOnlyList<string>> Traits)
{
    private const int Amd64 = 62;
    private const int LongestComment = 1 << 16;

    // Texts that each C library and allocator brings along with what nearly every program uses.
    private static readonly Mark Musl = Mark.Text("No error information\0"), Glibc = Mark.Text("\nglibc: "), GlibcStart = Mark.Text("GLIBC_TUNABLES\0");
    private static readonly Mark Mimalloc = Mark.Text("mimalloc: "), Jemalloc = Mark.Text("<jemalloc>");
    private static readonly Mark GoBuild = Mark.Text("Go buildinf:");
    // mov %fs:0x28, %rax: the guard's value is fetched.
    private static readonly Mark StackGuard = new([0x64, 0x48, 0x8B, 0x04, 0x25, 0x28, 0, 0, 0]);
    private static readonly Mark[] Marks = [Musl, Glibc, GlibcStart, Mimalloc, Jemalloc, GoBuild, StackGuard];

    /// <summary>The words of a trait, as tables and messages have them.</summary>
    public string this[Trait trait] => string.Join(' ', Traits[trait]);

    /// <summary>Null where the file is none: a text, data, an object file.</summary>
    /// <exception cref="InvalidDataException">It begins like one, and is damaged.</exception>
    internal static Executable? TryRead(string path, Stream file)
    {
        if (ElfFile.TryRead(file) is not { } elf)
            return file.Window(0, 4) is [0x7F, (byte)'E', (byte)'L', (byte)'F'] ? throw new InvalidDataException("an ELF file that ends in its header") : null;
        if (elf.IsRelocatable)
            return null;
        if (elf.Segments.Count == 0)
            throw new InvalidDataException("an ELF file that says nothing of what is loaded");
        var dynamic = elf.ReadDynamic();
        var needed = dynamic?.Needed ?? [];
        var compilers = ReadCompilers(elf);
        var facts = new Facts(elf, dynamic, needed, compilers, MarkSearch.Find(file, Marks), ReadNames(elf));
        return new Executable(path, file.Length, needed, elf.Interpreter, dynamic?.RunPath ?? [], compilers, new Dictionary<Trait, IReadOnlyList<string>>
        {
            [Trait.Linkage] = [facts.IsDynamic ? "dynamic" : "static"],
            [Trait.CLibrary] = [facts.CLibrary],
            [Trait.Allocator] = [facts.Allocator],
            [Trait.Toolchain] = facts.Toolchains,
            [Trait.Pie] = [elf.IsShared ? "yes" : "no"],
            [Trait.Relro] = [facts.Relro],
            [Trait.StackProtector] = [facts.HasStackProtector ? "yes" : "no"],
            [Trait.ExecutableStack] = [facts.Stack],
            [Trait.Stripped] = [elf.Sections.Any(section => section.Name == ".symtab" || section.Name.StartsWith(".debug_", StringComparison.Ordinal)) ? "no" : "yes"],
        });
    }

    private static string[] ReadCompilers(ElfFile elf)
    {
        if (elf.Sections.FirstOrDefault(section => section.Name == ".comment") is not { } section)
            return [];
        using var stream = elf.Open(section, packed => packed);
        return stream.CanSeek
            ? [.. System.Text.Encoding.UTF8.GetString(stream.Window(0, LongestComment)).Split('\0', StringSplitOptions.RemoveEmptyEntries).Select(Printable).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)]
            : [];
    }

    private static string Printable(string text) => string.Concat(text.Select(c => char.IsControl(c) || char.IsSurrogate(c) ? '?' : c));

    // Linkers write the version of what comes from a library behind its name.
    private static HashSet<string> ReadNames(ElfFile elf) => [.. elf.ReadSymbols().Select(symbol => symbol.Name.Split('@')[0]).Where(name => name is "malloc" or "mi_malloc" or "mallocx" or "__stack_chk_fail")];

    // What is known before anything is concluded.
    private sealed record Facts(ElfFile Elf, ElfDynamic? Dynamic, IReadOnlyList<string> Needed, string[] Compilers, HashSet<Mark> Marks, HashSet<string> Names)
    {
        // A library that needs no other is loaded by the same loader. A static program that can be loaded anywhere looks like one, and says what it is.
        public bool IsDynamic => Needed.Count > 0 || Elf.Interpreter is not null || (Elf.IsShared && Dynamic is { IsProgram: false });

        public string CLibrary =>
            Needs("libc.so.6") || Interpreter.StartsWith("ld-linux", StringComparison.Ordinal) ? "glibc"
            : Needs("libc.so") || Needs("libc.musl") || Interpreter.StartsWith("ld-musl-", StringComparison.Ordinal) ? "musl"
            : Marks.Contains(Musl) ? "musl"
            : Marks.Contains(Glibc) || Marks.Contains(GlibcStart) ? "glibc"
            : "unknown";

        // Where there are symbols and none of them is malloc, nothing is allocated.
        public string Allocator =>
            Needs("libmimalloc") || Marks.Contains(Mimalloc) || Names.Contains("mi_malloc") ? "mimalloc"
            : Needs("libjemalloc") || Marks.Contains(Jemalloc) || Names.Contains("mallocx") ? "jemalloc"
            : Names.Contains("malloc") || !Elf.ReadSymbols().Any() ? CLibrary
            : "none";

        public IReadOnlyList<string> Toolchains
        {
            get
            {
                var found = new SortedSet<string>(StringComparer.Ordinal);
                foreach (var compiler in Compilers)
                    if (compiler.StartsWith("GCC:", StringComparison.Ordinal))
                        found.Add("gcc");
                    else if (compiler.Contains("clang version", StringComparison.Ordinal))
                        found.Add("clang");
                    else if (compiler.StartsWith("rustc version", StringComparison.Ordinal))
                        found.Add("rustc");
                if (Marks.Contains(GoBuild))
                    found.Add("go");
                return found.Count > 0 ? [.. found] : IsOfTinyC ? ["tinycc"] : ["unknown"];
            }
        }

        // TinyCC says nothing of itself. It keeps constants in .data, and writes the arrays of functions where they are empty as well.
        private bool IsOfTinyC => Has(".preinit_array") && Has(".init_array") && Has(".fini_array") && !Has(".rodata") && !Has(".comment") && !Has(".eh_frame");

        public string Relro =>
            !Elf.Segments.Any(segment => segment.Type == ElfSegment.ReadOnlyAfterRelocation) ? "no"
            // A static program finds nothing late; what it could have left writable is a table of its own.
            : Dynamic is { BindsNow: true } || (Needed.Count == 0 && !Has(".got.plt")) ? "full" : "partial";

        public bool HasStackProtector => Names.Contains("__stack_chk_fail") || (Elf.Machine == Amd64 && Marks.Contains(StackGuard));

        public string Stack => Elf.Segments.FirstOrDefault(segment => segment.Type == ElfSegment.Stack) is { } stack ? stack.IsExecutable ? "yes" : "no" : "unmarked";

        private string Interpreter => Elf.Interpreter?.Split('/')[^1] ?? "";

        private bool Needs(string library) => Needed.Any(name => name == library || (name.StartsWith(library, StringComparison.Ordinal) && name[library.Length] is '.' or '-'));

        private bool Has(string section) => Elf.Sections.Any(other => other.Name == section);
    }
}
