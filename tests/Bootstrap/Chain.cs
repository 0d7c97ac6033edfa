namespace StageX.Build.Tests.Bootstrap;

/// <summary>The steps from the seed to the compiler for C0, made by one another in a folder.</summary>
internal sealed class Chain : IDisposable
{
    public static readonly string Packages = Path.Combine(Repository.Root, "packages/bootstrap");
    public static readonly string Corpus = Path.Combine(Repository.Root, "tests/Bootstrap");

    public Chain()
    {
        Step(Path.Combine(Packages, "stage0/seed"), Path.Combine(Packages, "hex1/hex1.hex0"), Hex1);
        File.WriteAllText(Folder["all.hex1"], MinicSource);
        Step(Hex1, Folder["all.hex1"], Minic);
        Step(Minic, C0Source, Folder["c0-1"]);
        Step(Folder["c0-1"], C0Source, Folder["c0-2"]);
        Step(Folder["c0-2"], C0Source, C0);
    }

    public TemporaryFolder Folder { get; } = new();

    public string Hex1 => Folder["hex1"];
    public string Minic => Folder["minic"];
    public string C0 => Folder["c0"];

    public static string X86 => File.ReadAllText(Path.Combine(Packages, "minic/x86.hex1"));
    public static string MinicSource => X86 + File.ReadAllText(Path.Combine(Packages, "minic/minic.hex1"));
    public static string C0Source => Path.Combine(Packages, "c0/c0.c");

    /// <summary>Has a step compile a text. The result lies in the file; what it printed and its status are returned.</summary>
    public CommandResult Compile(string step, string source, string output)
    {
        File.WriteAllText(Folder["source"], source);
        File.Delete(output);
        return Command.Run(step, [Folder["source"], output]);
    }

    /// <summary>Has gcc compile a text as C0 means it: chars unsigned, overflow wraps.</summary>
    public void CompileWithGcc(string source, string output)
    {
        File.WriteAllText(Folder["gcc.c"], source);
        Command.Run("gcc", ["-O0", "-funsigned-char", "-fwrapv", "-fno-builtin", "-w", Folder["gcc.c"],
            Path.Combine(Corpus, "syscall6.s"), "-o", output]).MustSucceed();
    }

    /// <summary>A text that a step must not accept: it says so, and where, and writes nothing.</summary>
    public void MustReject(string step, string source, string message)
    {
        var output = Folder["rejected"];
        var result = Compile(step, source, output);
        Assert.AreEqual(1, result.ExitCode, source);
        Assert.AreEqual(message, result.Output.Trim(), source);
        Assert.IsFalse(File.Exists(output), source);
    }

    /// <summary>What a program printed, without empty lines: the end of the other stream, which is empty, may look like one.</summary>
    public static string Lines(CommandResult result) =>
        string.Join('\n', result.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));

    public void Dispose() => Folder.Dispose();

    private static void Step(string step, string input, string output) =>
        Command.Run(step, [input, output]).MustSucceed();
}
