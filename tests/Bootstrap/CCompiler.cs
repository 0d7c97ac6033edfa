namespace StageX.Build.Tests.Bootstrap;

/// <summary>The chain's C compiler, compiled by gcc, in a folder; and programs compiled by both, to be compared.</summary>
internal sealed class CCompiler : IDisposable
{
    /// <summary>The parts of the compiler, in their order.</summary>
    private static readonly string[] Parts =
    [
        "cc/system.c", "cc/tokenise.c", "cc/preprocess.c", "libc/decimal.c", "cc/type.c", "cc/generate.c", "cc/names.c",
        "cc/declarators.c", "cc/expressions.c", "cc/initialisers.c", "cc/statements.c", "cc/elf.c",
    ];

    public CCompiler()
    {
        File.WriteAllText(Folder["cc.c"], string.Concat(Parts.Select(part => File.ReadAllText(Path.Combine(Chain.Packages, part)))));
        Command.Run("gcc", ["-O1", "-funsigned-char", "-fwrapv", "-fno-builtin", "-w", "-o", Executable, Source, Path.Combine(Chain.Corpus, "syscall6.s")]).MustSucceed();
    }

    public TemporaryFolder Folder { get; } = new();

    /// <summary>The compiler as one C0 program.</summary>
    public string Source => Folder["cc.c"];

    public string Executable => Folder["cc"];

    public static IReadOnlyList<string> Library { get; } =
        [.. Directory.EnumerateFiles(Path.Combine(Chain.Packages, "libc"), "*.c").Order(StringComparer.Ordinal)];

    public static IReadOnlyList<string> Headers { get; } =
        ["-I", Path.Combine(Chain.Packages, "cc/include"), "-I", Path.Combine(Chain.Packages, "libc/include")];

    /// <summary>Compiles a program and the library.</summary>
    public CommandResult Compile(string source, string output) =>
        Command.Run(Executable, ["-o", output, .. Headers, source, .. Library], Folder.Path);

    /// <summary>Compiles a program by gcc and by cc, and runs both: they must print the same and end alike.</summary>
    public void MustBehaveAsWithGcc(string source, string what)
    {
        // gcc must round where the source says. Without -frounding-math it takes 0.0 - n for a negation, which gives -0.
        Command.Run("gcc", ["-O0", "-fwrapv", "-fno-strict-aliasing", "-ffp-contract=off", "-frounding-math", "-w", "-o", Folder["by-gcc"], source], Folder.Path).MustSucceed();
        var compiled = Compile(source, Folder["by-cc"]);
        Assert.AreEqual(0, compiled.ExitCode, what + "\n" + compiled.Output);
        var expected = Command.Run("timeout", ["60", Folder["by-gcc"]], Folder.Path);
        var actual = Command.Run("timeout", ["60", Folder["by-cc"]], Folder.Path);
        Assert.AreEqual(Chain.Lines(expected), Chain.Lines(actual), what);
        Assert.AreEqual(expected.ExitCode, actual.ExitCode, what);
    }

    public void Dispose() => Folder.Dispose();
}
