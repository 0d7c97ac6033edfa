using System.Formats.Tar;
using System.Runtime.Versioning;
using StageX.Build.Images;
using StageX.Build.Tests.Engines;
using StageX.Build.Tests.Sdk;
using StageX.Build.Tests.Sources;

namespace StageX.Build.Tests.Containerfiles;

/// <summary>
/// The Containerfiles below <c>corpus/</c>, each of which is about one part of the format: what comes out of a build of ours is
/// what BuildKit makes of the very same file.
/// </summary>
[TestClass]
[TestCategory("System")]
[SupportedOSPlatform("linux")]
public sealed class CorpusTests
{
    private const string Stage = "user", Base = "core-busybox", Fetched = "fetched";

    // What engines are given in another form than it was written in, or have ideas of their own about.
    private static readonly string[] WithEveryEngine = ["add", "arguments", "copy-context", "copy-heredocs", "copy-links", "copy-owner", "inheritance", "run-heredocs", "user"];

    // sdk/README.md has the reasons.
    private static readonly string[] KnownDifferences =
    [
        "copy-from, BuildKit: /all/dev Directory 755 0:0",
        "copy-from, BuildKit: /all/proc Directory 755 0:0",
        "copy-from, BuildKit: /all/sys Directory 755 0:0",
    ];

    [TestMethod]
    public void Each_file_comes_out_as_BuildKit_makes_it_and_the_same_with_every_engine()
    {
        using var readable = new TemporaryFolder();
        using var tree = new TestTree { Sdk = SdkForEverybody(readable) };
        tree.AddBusybox();
        List<BuildKitTarget> targets = [];
        foreach (var folder in Directory.EnumerateDirectories(Path.Combine(Repository.Root, "tests", "Containerfiles", "corpus")).Order(StringComparer.Ordinal))
            targets.AddRange(Add(tree, folder));
        tree.Build(tree.Tree(), "-m", "-p:StageXEngine=buildah").MustSucceed();
        string Layout(string id) => Path.Combine(tree.Artifacts, "images", id);

        // The only one whose context is more than the folder.
        var fetched = Path.Combine(tree.Artifacts, "containerfiles", $"{Stage}-{Fetched}", "context", "fetch");
        Copy([fetched], Path.Combine(tree.Root, Stage, Fetched));
        var theirs = BuildKit.Build(targets, fetched, new Dictionary<string, string> { ["VERSION"] = "1.0" }, ("stagex/" + Base, Layout(Base)));
        var store = new LayerStore(Path.Combine(tree.Cache, "layers"));
        var differences = new List<string>();
        foreach (var target in targets)
        {
            var image = ImageLayout.Read(Layout($"{Stage}-{target.Name}")).Image;
            using var files = RootFilesystem.FromLayers(image.Layers, store);
            var ours = BuildKit.Describe(files, image.Config);
            differences.AddRange(theirs[target.Name].Except(ours).Select(line => $"{target.Name}, BuildKit: {line}"));
            differences.AddRange(ours.Except(theirs[target.Name]).Select(line => $"{target.Name}, ours: {line}"));
        }
        Assert.AreEqual(string.Join('\n', KnownDifferences), string.Join('\n', differences.Order(StringComparer.Ordinal)));

        foreach (var (engine, rootless) in ((string, bool)[])[("podman", false), ("docker", false), ("buildah", true), ("podman", true)])
        {
            using var workshop = new Workshop(engine);
            var surroundings = workshop.Surroundings.ToDictionary(variable => variable.Key, variable => (string?)variable.Value);
            if (rootless)
                (surroundings["DOTNET_CLI_HOME"], surroundings["TMPDIR"]) = (workshop.Folder, "/tmp");
            using var other = new TestTree(Path.Combine(workshop.Folder, "cache")) { Environment = surroundings, Sdk = tree.Sdk };
            other.AddBusybox();
            Copy(WithEveryEngine.Select(name => Path.Combine(tree.Root, Stage, name)), Path.Combine(other.Root, Stage));
            var project = other.Tree();
            if (rootless)
                other.Through = ["/bin/sh", "-c", workshop.BecomeOrdinaryUser("", workshop.Folder, Path.GetDirectoryName(other.Root)!) + "\n", "sh"];
            other.Build(project, "-m", $"-p:StageXEngine={engine}").MustSucceed();
            foreach (var name in WithEveryEngine)
                Assert.AreEqual(ImageLayout.Read(Layout($"{Stage}-{name}")).Manifest.Digest, ImageLayout.Read(Path.Combine(other.Artifacts, "images", $"{Stage}-{name}")).Manifest.Digest, $"{name} with {engine}{(rootless ? ", by an ordinary user" : "")}");
        }
    }

    // With its tasks, as a package has it: ordinary users may not be able to read the checkout.
    private static string SdkForEverybody(TemporaryFolder folder)
    {
        Command.Run("dotnet", ["msbuild", Path.Combine(Repository.Root, "tasks", "OnDemand.targets"), "-nologo"]).MustSucceed();
        Copy([Repository.Sdk], folder.Path);
        Command.Run("chmod", ["-R", "a+rX", folder.Path]).MustSucceed();
        return folder["sdk"];
    }

    private static List<BuildKitTarget> Add(TestTree tree, string corpus)
    {
        var name = Path.GetFileName(corpus);
        var folder = Path.Combine(tree.Root, Stage, name);
        Copy([corpus], Path.GetDirectoryName(folder)!);
        // The modes that a checkout has by default, and ours in any case.
        Command.Run("chmod", ["-R", "u=rwX,go=rX", folder]).MustSucceed();
        var items = File.ReadLines(Path.Combine(folder, "Containerfile")).Any(line => line.StartsWith("FROM stagex/", StringComparison.Ordinal)) ? TestTree.Busybox : "";
        List<BuildKitTarget> targets = [new(name, folder, "package")];
        switch (name)
        {
            case "add":
                AddArchives(folder);
                break;
            case Fetched:
                items += AddSources(tree.Root);
                break;
            case "subpackages":
                items += "\n    <Subpackage Include=\"doc\" />";
                targets.Add(new(name + "-doc", folder, "package-doc"));
                break;
        }
        tree.Add(Stage, name, items);
        return targets;
    }

    private static void Copy(IEnumerable<string> folders, string into) =>
        Command.Run("cp", ["-r", .. folders, Directory.CreateDirectory(into).FullName]).MustSucceed();

    private static void AddArchives(string folder)
    {
        // With the modes that ours has in any case.
        static TarEntry With(int mode, TarEntry entry)
        {
            entry.Mode = (UnixFileMode)mode;
            return entry;
        }
        const int plain = 0b110_100_100, executable = 0b111_101_101;
        var tar = Archives.Tar(With(executable, Archives.Folder("top")), With(plain, Archives.File("top/one")), With(executable, Archives.File("top/run")), Archives.Link("top/link", "one"));
        void Write(string name, byte[] bytes) => File.WriteAllBytes(Path.Combine(folder, name), bytes);
        Write("plain.tar", tar);
        Write("packed.tar.gz", Archives.Gzip(tar));
        Write("packed.tar.bz2", Archives.Bzip2(tar));
        Write("packed.zip", Archives.Zip(("one", "one\n", plain)));
        Write("a.txt.gz", Archives.Gzip("a\n"u8.ToArray()));
        Write("tree/plain.tar", tar);
        Command.Run("sh", ["-c", "xz < plain.tar > packed.tar.xz"], folder).MustSucceed();
    }

    private static string AddSources(string folder)
    {
        string Source(string name, byte[] bytes, string metadata)
        {
            File.WriteAllBytes(Path.Combine(folder, name), bytes);
            return $"\n    <Source Include=\"file://{folder}/{name}\" Sha256=\"{Digest.Of(bytes).Hex}\" {metadata} />";
        }
        return Source("src.tar", Archives.Tar(Archives.File("src-1/one"), Archives.File("src-1/sub/two")), "Name=\"src\"")
            + Source("plain.txt", "plain\n"u8.ToArray(), "Name=\"plain.txt\" Extract=\"false\"");
    }
}
