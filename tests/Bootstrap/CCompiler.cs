namespace StageX.Build.Tests.Bootstrap;

/// <summary>The chain's C compiler, compiled by gcc, in a folder; and programs compiled by both, to be compared.</summary>
internal sealed class CCompiler : IDisposable
{
    public static readonly string Packages = Path.Combine(Repository.Root, "packages/bootstrap");

    /// <summary>The parts of the compiler, in their order.</summary>
    private static readonly string[] Parts =
        ["cc/system.c", "cc/tokenise.c", "cc/preprocess.c", "libc/decimal.c", "cc/type.c", "cc/generate.c", "cc/parse.c", "cc/elf.c"];

    // System calls, for compilers with the System V calling convention.
    private const string Syscall6 = """
        .globl syscall6
        syscall6: mov %rdi, %rax; mov %rsi, %rdi; mov %rdx, %rsi; mov %rcx, %rdx; mov %r8, %r10; mov %r9, %r8; mov 8(%rsp), %r9
        syscall
        ret
        .section .note.GNU-stack,"",@progbits

        """;

    public CCompiler()
    {
        File.WriteAllText(Folder["syscall6.s"], Syscall6);
        File.WriteAllText(Folder["cc.c"], string.Concat(Parts.Select(part => File.ReadAllText(Path.Combine(Packages, part)))));
        Command.Run("gcc", ["-O1", "-funsigned-char", "-fwrapv", "-fno-builtin", "-w", "-o", Executable, Source, Folder["syscall6.s"]]).MustSucceed();
    }

    public TemporaryFolder Folder { get; } = new();

    /// <summary>The compiler as one C0 program.</summary>
    public string Source => Folder["cc.c"];

    public string Executable => Folder["cc"];

    public static IReadOnlyList<string> Library { get; } =
        [.. Directory.EnumerateFiles(Path.Combine(Packages, "libc"), "*.c").Order(StringComparer.Ordinal)];

    public static IReadOnlyList<string> Headers { get; } =
        ["-I", Path.Combine(Packages, "cc/include"), "-I", Path.Combine(Packages, "libc/include")];

    /// <summary>Compiles a program and the library.</summary>
    public CommandResult Compile(string source, string output) =>
        Command.Run(Executable, ["-o", output, .. Headers, source, .. Library], Folder.Path);

    /// <summary>Compiles a program by gcc and by cc, and runs both: they must print the same and end alike.</summary>
    public void MustBehaveAsWithGcc(string source, string what)
    {
        // -ffp-contract and the optimiser could round in other places than the source says.
        Command.Run("gcc", ["-O0", "-fwrapv", "-fno-strict-aliasing", "-ffp-contract=off", "-w", "-o", Folder["by-gcc"], source], Folder.Path).MustSucceed();
        var compiled = Compile(source, Folder["by-cc"]);
        Assert.AreEqual(0, compiled.ExitCode, what + "\n" + compiled.Output);
        var expected = Command.Run("timeout", ["60", Folder["by-gcc"]], Folder.Path);
        var actual = Command.Run("timeout", ["60", Folder["by-cc"]], Folder.Path);
        // The two streams end in either order, which Command tells by empty lines.
        Assert.AreEqual(expected.Output.Trim(), actual.Output.Trim(), what);
        Assert.AreEqual(expected.ExitCode, actual.ExitCode, what);
    }

    public void Dispose() => Folder.Dispose();
}
