using StageX.Build.Images;
using StageX.Build.Tests.Distribution;

namespace StageX.Build.Tests.Bootstrap;

/// <summary>The TinyCC of the chain, and the same source compiled beside it, first by cc, first by an unrelated gcc.</summary>
[TestClass]
[TestCategory("System")]
public sealed class TinyCTests
{
    private static readonly string[] LibraryParts = ["string", "system", "stdlib", "decimal", "floating", "format", "stdio"];
    private static readonly TemporaryFolder Folder = new();
    private static readonly Lazy<string> PatchedSource = new(() =>
    {
        Command.Run("dotnet", ["build", Path.Combine(Chain.Packages, "tcc"), "-nologo", "-tl:off", "-t:Containerfile"], Repository.Root).MustSucceed();
        return Path.Combine(Repository.Root, "artifacts/containerfiles/bootstrap-tcc/context");
    });

    private static string Source => Path.Combine(PatchedSource.Value, "fetch/tcc");

    private static string Library => Path.Combine(Chain.Packages, "libc");

    private static readonly Lazy<string> ByCc = new(() =>
    {
        using var cc = new CCompiler();
        var output = Folder["by-cc"];
        Command.Run(cc.Executable, ["-o", output, "-I", ".", "-I", PatchedSource.Value, .. CCompiler.Headers, "tcc.c",
            .. LibraryParts.Select(part => Path.Combine(Library, part + ".c"))], Source).MustSucceed();
        return output;
    });

    private static readonly Lazy<string> ByGcc = new(() =>
    {
        var output = Folder["by-gcc"];
        Command.Run("gcc", ["-O1", "-w", "-o", output, "-I", PatchedSource.Value, "tcc.c"], Source).MustSucceed();
        return output;
    });

    [ClassCleanup]
    public static void Clean() => Folder.Dispose();

    [TestMethod]
    public void The_second_and_third_TinyCC_are_the_same_and_in_the_image()
    {
        var second = Generation(ByCc.Value, "cc-2");
        var third = Generation(second, "cc-3");
        CollectionAssert.AreEqual(File.ReadAllBytes(second), File.ReadAllBytes(third));

        var image = DefaultSet.ChainImages.Single(image => image.Id == "bootstrap-tcc");
        using var files = RootFilesystem.FromLayers(ImageLayout.Read(image.Layout).Image.Layers, new LayerStore(Path.Combine(DefaultSet.Cache, "layers")));
        var entry = files.Entries.Single(entry => entry.Path.EndsWith("usr/bin/tcc", StringComparison.Ordinal));
        Assert.AreEqual(Digest.OfFile(third), entry.Content);
    }

    [TestMethod]
    public void An_unrelated_gcc_leads_to_the_same_TinyCC()
    {
        var diverse = Generation(ByGcc.Value, "gcc-2");
        CollectionAssert.AreEqual(File.ReadAllBytes(Generation(ByCc.Value, "cc-2b")), File.ReadAllBytes(diverse));
    }

    [TestMethod]
    public void Its_three_faults_are_repaired()
    {
        var tcc = Generation(ByCc.Value, "repaired");
        File.WriteAllText(Folder["loop.c"], "int f(int n) { while (1) if (n > 3) n--; else return n; }\nint main(void) { return f(9) == 3 ? 42 : 1; }\n");
        File.WriteAllText(Folder["weak.c"], "int __attribute__((weak)) weakly(void) { return 7; }\n");
        File.WriteAllText(Folder["main.c"], "int weakly(void);\nint main(void) { return weakly(); }\n");
        Command.Run(tcc, [.. Linked("repaired"), "-o", Folder["loop"], Folder["loop.c"], .. Libraries("repaired")]).MustSucceed();
        Assert.AreEqual(42, Command.Run(Folder["loop"], []).ExitCode);
        Command.Run(tcc, ["-c", Folder["weak.c"], "-o", Folder["weak.o"]]).MustSucceed();
        Command.Run(tcc, ["-ar", "rcs", Folder["libweak.a"], Folder["weak.o"]]).MustSucceed();
        Command.Run(tcc, [.. Linked("repaired"), "-o", Folder["weak"], Folder["main.c"], Folder["libweak.a"], .. Libraries("repaired")]).MustSucceed();
        Assert.AreEqual(7, Command.Run(Folder["weak"], []).ExitCode);
        Assert.DoesNotContain("INTERP", Command.Run("readelf", ["-l", Folder["weak"]]).MustSucceed().Output);
    }

    [TestMethod]
    [DataRow("control.c")]
    [DataRow("functions.c")]
    [DataRow("integers.c")]
    [DataRow("library.c")]
    [DataRow("structs.c")]
    public void What_it_compiles_does_what_it_does_with_gcc(string program)
    {
        var tcc = Generation(ByCc.Value, "programs");
        var source = Path.Combine(Repository.Root, "tests/Bootstrap/cc", program);
        Command.Run(tcc, [.. Linked("programs"), "-w", "-I", Path.Combine(Source, "include"), "-I", Path.Combine(Library, "include"), "-o", Folder["program"], source, .. Libraries("programs")]).MustSucceed();
        Command.Run("gcc", ["-O0", "-fwrapv", "-w", "-o", Folder["expected"], source]).MustSucceed();
        var expected = Command.Run(Folder["expected"], [], Folder.Path);
        var actual = Command.Run(Folder["program"], [], Folder.Path);
        Assert.AreEqual(Chain.Lines(expected), Chain.Lines(actual));
        Assert.AreEqual(expected.ExitCode, actual.ExitCode);
    }

    private static string[] Linked(string name) => ["-nostdinc", "-nostdlib", Folder[name + "-crt1.o"]];

    private static string[] Libraries(string name) => [Folder[name + "-libc.a"], Folder[name + "-libtcc1.a"]];

    /// <summary>The library and TinyCC, compiled by a TinyCC as the package's steps do it.</summary>
    private static string Generation(string tcc, string name)
    {
        var output = Folder[name];
        if (File.Exists(output))
            return output;
        using var objects = new TemporaryFolder();
        string[] headers = ["-nostdinc", "-I", Path.Combine(Source, "include"), "-I", Path.Combine(Library, "include")];
        Command.Run(tcc, [.. headers, "-c", .. LibraryParts.Select(part => Path.Combine(Library, part + ".c")), Path.Combine(Library, "x86_64.S")], objects.Path).MustSucceed();
        Command.Run(tcc, ["-ar", "rcs", Folder[name + "-libc.a"], .. LibraryParts.Append("x86_64").Select(part => part + ".o")], objects.Path).MustSucceed();
        Command.Run(tcc, ["-c", Path.Combine(Library, "crt1.S"), "-o", Folder[name + "-crt1.o"]]).MustSucceed();
        Command.Run(tcc, [.. headers, "-c", Path.Combine(Source, "lib/libtcc1.c"), Path.Combine(Source, "lib/va_list.c"), Path.Combine(Source, "lib/alloca86_64.S")], objects.Path).MustSucceed();
        Command.Run(tcc, ["-ar", "rcs", Folder[name + "-libtcc1.a"], "libtcc1.o", "va_list.o", "alloca86_64.o"], objects.Path).MustSucceed();
        Command.Run(tcc, [.. headers, "-I", PatchedSource.Value, "-nostdlib", "-o", output, Folder[name + "-crt1.o"], "tcc.c", .. Libraries(name)], Source).MustSucceed();
        return output;
    }
}
