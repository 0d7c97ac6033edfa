namespace StageX.Build.Reproducibility;

/// <summary>Compares ELF files section by section; those whose content says most about a cause first.</summary>
internal sealed class ElfComparison(ContentComparison content, Place place)
{
    private const string BuildId = ".note.gnu.build-id";

    public void Compare(ElfFile first, ElfFile second)
    {
        if (first.Machine != second.Machine || first.IsRelocatable != second.IsRelocatable)
        {
            content.Report(place, DifferenceKind.Header, "machine or type of the ELF file", $"machine {first.Machine}", $"machine {second.Machine}", []);
            return;
        }
        var (namesA, namesB) = (first.Sections.Select(section => section.Name).ToList(), second.Sections.Select(section => section.Name).ToList());
        if (CauseRules.OfOrder(namesA, namesB, "sections") is { Count: > 0 } order)
            content.Report(place, DifferenceKind.Order, "the order of sections", string.Join(' ', namesA), string.Join(' ', namesB), order);
        else if (!namesA.SequenceEqual(namesB))
            new NameComparison(content.Rules, (kind, what, a, b, causes) => content.Report(place, kind, what, a, b, causes), 3).Compare(namesA, namesB, "a section");

        var differing = 0;
        foreach (var (name, a, b) in Pairs(first, second).OrderBy(pair => Rank(pair.First)))
        {
            using var streamA = first.Open(a, content.Spool);
            using var streamB = second.Open(b, content.Spool);
            if (content.FirstDifference(streamA, streamB) is var at && at < 0)
                continue;
            var inside = place.In($"section {name}");
            if (name == BuildId)
                ReportBuildId(inside, streamA, streamB, follows: differing > 0);
            else if (a.Name is ".symtab" or ".dynsym")
                CompareSymbols(inside, first, second, follows: differing > 0);
            else if (a.IsStrings)
                new TextComparison(content, inside, 0, "string").Compare(streamA, streamB);
            else
                new BinaryComparison(content, inside, SymbolAt(first, a)).Compare(streamA, streamB);
            differing++;
        }
    }

    // By name, and where several have one, in their order: an object file has many sections of one name.
    private static IEnumerable<(string Name, ElfSection First, ElfSection Second)> Pairs(ElfFile first, ElfFile second)
    {
        var theirs = second.Sections.GroupBy(section => section.Name).ToDictionary(group => group.Key, group => new Queue<ElfSection>(group));
        foreach (var section in first.Sections)
            if (section.Name.Length > 0 && theirs.TryGetValue(section.Name, out var same) && same.TryDequeue(out var other))
                yield return (section.Name, section, other);
    }

    // Strings tell what they are; sizes and addresses of code follow from them; the build ID follows from everything.
    private static int Rank(ElfSection section) => section.Name switch
    {
        BuildId => 9,
        ".symtab" or ".dynsym" => 5,
        ".strtab" or ".dynstr" or ".shstrtab" => 4,
        _ when section.IsStrings => 0,
        _ when section.Name.StartsWith(".rodata", StringComparison.Ordinal) || section.Name.StartsWith(".data", StringComparison.Ordinal) => 1,
        _ when section.Name.StartsWith(".debug", StringComparison.Ordinal) => 3,
        _ when section.Name.StartsWith(".note", StringComparison.Ordinal) => 2,
        _ when section.Name.StartsWith(".text", StringComparison.Ordinal) => 6,
        _ => 7,
    };

    private void ReportBuildId(Place inside, Stream first, Stream second, bool follows)
    {
        // A note: three words, the owner "GNU\0", the bytes.
        static string Id(Stream section) => Convert.ToHexStringLower(section.Window(16, 64));
        content.Report(inside, DifferenceKind.BuildId, follows ? "the build ID, which follows from the rest" : "the build ID", Id(first), Id(second),
            follows ? [] : [new(Variations.Random, 50, "only the build ID differs: it is random, or of what was stripped"), new(Variations.Path, 45, "only the build ID differs: debug information that was stripped may have had the path")]);
    }

    private void CompareSymbols(Place inside, ElfFile first, ElfFile second, bool follows)
    {
        var (a, b) = (first.ReadSymbols(), second.ReadSymbols());
        var (namesA, namesB) = (a.Select(symbol => symbol.Name).ToList(), b.Select(symbol => symbol.Name).ToList());
        if (namesA.SequenceEqual(namesB))
            content.Report(inside, DifferenceKind.Symbol, follows ? "values of symbols, which follow from the rest" : "values of symbols", null, null, []);
        else if (CauseRules.OfOrder(namesA, namesB, "symbols") is { Count: > 0 } order)
        {
            var at = namesA.Zip(namesB).TakeWhile(pair => pair.First == pair.Second).Count();
            content.Report(inside, DifferenceKind.Order, "the order of symbols", string.Join(' ', namesA.Skip(at).Take(5)), string.Join(' ', namesB.Skip(at).Take(5)), order);
        }
        else
            new NameComparison(content.Rules, (_, what, x, y, causes) => content.Report(inside, DifferenceKind.Symbol, what, x, y, causes), 3).Compare(namesA, namesB, "a symbol");
    }

    // In an object file values count from their section, elsewhere they are addresses.
    private static Func<long, string?> SymbolAt(ElfFile file, ElfSection section)
    {
        var index = file.Sections.ToList().IndexOf(section);
        return offset => section.Address == 0 && !file.IsRelocatable ? null
            : file.ReadSymbols().FirstOrDefault(symbol => symbol.Section == index && symbol.Name.Length > 0 && symbol.Size > 0
                && offset + (file.IsRelocatable ? 0 : section.Address) - symbol.Value is >= 0 and var into && into < symbol.Size)?.Name;
    }
}
