using StageX.Build.Images;
using StageX.Build.Tests.Distribution;

namespace StageX.Build.Tests.Bootstrap;

/// <summary>musl and the TinyCC for it, taken out of their images and run here.</summary>
[TestClass]
[TestCategory("System")]
public sealed class MuslTests
{
    private static readonly TemporaryFolder Folder = new();
    private static readonly Lazy<string> Root = new(() =>
    {
        Unpack("bootstrap-musl");
        Unpack("bootstrap-tcc-musl");
        return Folder["root"];
    });

    [ClassCleanup]
    public static void Clean() => Folder.Dispose();

    [TestMethod]
    public void TinyCC_compiles_itself_to_the_bytes_that_it_is()
    {
        Command.Run("dotnet", ["build", Path.Combine(Chain.Packages, "tcc-musl"), "-nologo", "-tl:off", "-t:Containerfile"], Repository.Root).MustSucceed();
        var source = Path.Combine(Repository.Root, "artifacts/containerfiles/bootstrap-tcc-musl/context/fetch/tcc");
        Compile(["-I", "include", "-I", Path.Combine(Chain.Packages, "tcc"), "-D", "CONFIG_TCC_MUSL", "tcc.c"], Folder["again"], source);
        Assert.AreEqual(Digest.OfFile(Path.Combine(Root.Value, "usr/bin/tcc")), Digest.OfFile(Folder["again"]));
    }

    [TestMethod]
    public void Programs_hold_the_date_of_their_source_and_not_that_of_their_build()
    {
        File.WriteAllText(Folder["date.c"], "#include <stdio.h>\nint main(void) { return puts(__DATE__ \" \" __TIME__) < 0; }\n");
        Compile([Folder["date.c"]], Folder["date"], Folder.Path, new Dictionary<string, string?> { ["SOURCE_DATE_EPOCH"] = "86399", ["TZ"] = "VRY-13:37" });
        Assert.AreEqual("Jan  1 1970 23:59:59\n", Command.Run(Folder["date"], []).MustSucceed().Output);
    }

    [TestMethod]
    public void Programs_do_with_it_what_they_do_with_the_machines_own_compiler_and_library()
    {
        var program = Path.Combine(Repository.Root, "tests/Bootstrap/musl/library.c");
        Compile([program], Folder["library"], Folder.Path);
        Command.Run("gcc", ["-w", "-o", Folder["expected"], program, "-lm", "-lpthread"]).MustSucceed();
        Assert.AreEqual(Command.Run(Folder["expected"], [], Folder.Path).MustSucceed().Output, Command.Run(Folder["library"], [], Folder.Path).MustSucceed().Output);
    }

    /// <summary>Compiles as the compiler would where its files are at their places.</summary>
    private static void Compile(string[] arguments, string output, string folder, Dictionary<string, string?>? environment = null)
    {
        var library = Path.Combine(Root.Value, "usr/lib");
        Command.Run(Path.Combine(Root.Value, "usr/bin/tcc"),
            ["-nostdinc", "-nostdlib", "-I", Path.Combine(library, "tcc/include"), "-I", Path.Combine(Root.Value, "usr/include"), "-o", output,
                Path.Combine(library, "crt1.o"), Path.Combine(library, "crti.o"), .. arguments,
                Path.Combine(library, "libc.a"), Path.Combine(library, "tcc/libtcc1.a"), Path.Combine(library, "crtn.o")], folder, environment).MustSucceed();
    }

    private static void Unpack(string id)
    {
        Directory.CreateDirectory(Folder["root"]);
        var layout = DefaultSet.ChainImages.Single(image => image.Id == id).Layout;
        foreach (var layer in ImageLayout.Read(layout).Image.Layers)
            Command.Run("tar", ["-xzf", Path.Combine(layout, "blobs", layer.Digest.ToString().Replace(':', '/')), "-C", Folder["root"]]).MustSucceed();
    }
}
