namespace StageX.Build.Sources;

/// <summary>What a patch does to one file.</summary>
internal sealed record PatchFile
{
    /// <summary>1-based line of the patch where it begins.</summary>
    public required int Line { get; init; }

    /// <summary>The path before, without its first name; null for a new file.</summary>
    public string? OldPath { get; set; }

    /// <summary>The path after, without its first name; null for a deleted file.</summary>
    public string? NewPath { get; set; }

    /// <summary>The header says so ("new file mode", or /dev/null before).</summary>
    public bool Creates { get; set; }

    /// <summary>The header says so ("deleted file mode", or /dev/null after).</summary>
    public bool Deletes { get; set; }

    /// <summary>The old path stays ("copy from").</summary>
    public bool Copies { get; set; }

    /// <summary>The header moves or copies: the two paths differ on purpose.</summary>
    public bool Renames { get; set; }

    /// <summary>From "new mode" or "new file mode"; null leaves the bit alone.</summary>
    public bool? Executable { get; set; }

    public List<PatchHunk> Hunks { get; } = [];
}

/// <summary>One hunk. Its lines keep their line ends, so that a missing last one is a difference like any other.</summary>
/// <param name="Line">1-based line of its "@@" in the patch.</param>
/// <param name="OldStart">1-based; 0 only where nothing is taken.</param>
/// <param name="Lines">The mark (' ', '-', '+') and the text of each line.</param>
internal sealed record PatchHunk(int Line, int OldStart, IReadOnlyList<(char Mark, ReadOnlyMemory<byte> Text)> Lines)
{
    public IReadOnlyList<ReadOnlyMemory<byte>> Old { get; } = [.. Lines.Where(line => line.Mark != '+').Select(line => line.Text)];

    public IReadOnlyList<ReadOnlyMemory<byte>> New { get; } = [.. Lines.Where(line => line.Mark != '-').Select(line => line.Text)];

    public int LeadingContext { get; } = Lines.TakeWhile(line => line.Mark == ' ').Count();

    public int TrailingContext { get; } = Lines.Reverse().TakeWhile(line => line.Mark == ' ').Count();
}
