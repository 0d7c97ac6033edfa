using System.IO.Compression;
using System.Text.Json.Nodes;
using System.Xml.Linq;
using StageX.Build.Tests.Sdk;

namespace StageX.Build.Tests.NuGet;

/// <summary>The SDK as a package: packed, found in a feed, its templates installed, and its packages built by the real dotnet.</summary>
[TestClass]
[TestCategory("System")]
public sealed class PackageTests
{
    private static LocalFeed _feed = null!;

    [ClassInitialize]
    public static void Pack(TestContext context) => _feed = new LocalFeed();

    [ClassCleanup]
    public static void Remove() => _feed?.Dispose();

    [TestMethod]
    public void Three_commands_make_an_image_in_an_empty_folder()
    {
        var folder = _feed.NewFolder("three");
        _feed.Dotnet(folder, "new", "install", "StageX.Build.Sdk");
        _feed.Dotnet(folder, "new", "stagex-tree");
        var result = _feed.Dotnet(folder, "build", "-tl:off");
        Assert.Contains("user-hello", result.Output);
        Assert.IsTrue(File.Exists(Path.Combine(folder, "artifacts", "images", "user-hello", "index.json")), result.Output);

        // More packages, and an image of all of them.
        _feed.Dotnet(Path.Combine(folder, "packages", "user"), "new", "stagex-package", "-n", "world", "--packageVersion", "2.1");
        _feed.Dotnet(Directory.CreateDirectory(Path.Combine(folder, "packages", "pallet")).FullName, "new", "stagex-pallet", "-n", "everything");
        var tree = _feed.Dotnet(folder, "build", "-tl:off").Output;
        Assert.MatchesRegex(@"user-world\s+\| 2\.1 ", tree);
        Assert.Contains("pallet-everything", tree);
    }

    [TestMethod]
    public void A_package_outside_a_tree_pins_the_sdk_itself()
    {
        var folder = _feed.NewFolder("lone");
        _feed.Dotnet(folder, "new", "install", "StageX.Build.Sdk", "--force");
        _feed.Dotnet(folder, "new", "stagex-package", "-o", "user/lone", "--pin");
        _feed.Dotnet(folder, "build", "user/lone", "-tl:off");
        Assert.IsTrue(File.Exists(Path.Combine(folder, "artifacts", "images", "user-lone", "index.json")));
    }

    [TestMethod]
    public void A_definition_has_the_same_digest_in_the_source_tree_and_outside()
    {
        using var inside = new TestTree();
        inside.AddBusybox();
        var project = inside.Add("user", "greeter", TestTree.Busybox + """
                <Stage Include="build" Script="build.sh" />
                <File Include="motd" Path="/etc/" />
            """, ("build.sh", "echo \"built for $HOME\" > /rootfs/built\n"), ("motd", "Welcome.\n"));
        var digest = inside.Digest(project);

        var outside = _feed.NewFolder("outside");
        File.WriteAllText(Path.Combine(outside, "global.json"), $$"""{ "msbuild-sdks": { "StageX.Build.Sdk": "{{Version}}" } }""");
        foreach (var file in new[] { project, inside.Project("core", "busybox") })
        {
            var copy = Path.Combine(outside, Path.GetRelativePath(inside.Root, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            foreach (var beside in Directory.GetFiles(Path.GetDirectoryName(file)!))
                File.Copy(beside, Path.Combine(Path.GetDirectoryName(copy)!, Path.GetFileName(beside)));
            var definition = XDocument.Load(copy);
            definition.Root!.Elements("Import").Remove();
            definition.Root.SetAttributeValue("Sdk", "StageX.Build.Sdk");
            definition.Save(copy);
        }
        var result = _feed.Dotnet(outside, "msbuild", "user/greeter", "-getTargetResult:Build");
        Assert.Contains(digest, result.Output);
    }

    [TestMethod]
    [TestCategory("Attack")]
    public void The_installed_package_judges_a_repository_and_runs_nothing_of_it()
    {
        using var repository = new Trust.SourceRepository("Alice", "Bob");
        var mark = _feed.NewFolder("marks") + "/mark";
        var script = Path.Combine(Path.GetDirectoryName(mark)!, "run");
        File.WriteAllText(script, $"#!/bin/sh\ntouch {mark}\nexec \"$@\"\n");
        Command.Run("chmod", ["+x", script]).MustSucceed();

        // What comes with the source, and what somebody left in the clone.
        var sabotage = $"""<Project InitialTargets="Run"><PropertyGroup><StageXTrustedCommit>{new string('0', 40)}</StageXTrustedCommit></PropertyGroup><Target Name="Run"><Exec Command="{script}" /></Target></Project>""";
        repository.Branch();
        foreach (var file in new[] { "Directory.Build.props", "Directory.Build.targets", "sdk/Sdk/Sdk.props", "sdk/Sdk/Sdk.targets", "packages/packages.msbuildproj" })
        {
            Directory.CreateDirectory(Path.GetDirectoryName(repository[file])!);
            File.WriteAllText(repository[file], sabotage);
        }
        File.WriteAllText(repository[".gitattributes"], "* filter=run diff=run\n");
        repository.Commit(Trust.People.Alice);
        repository.Merge(Trust.People.Bob);
        foreach (var setting in new[] { "core.fsmonitor", "core.sshCommand", "core.pager", "core.editor", "uploadpack.packObjectsHook", "filter.run.smudge", "filter.run.clean", "diff.run.textconv", "gpg.program", "gpg.ssh.program" })
            repository.Git("config", setting, script);
        foreach (var hook in new[] { "pre-commit", "post-checkout", "post-merge", "reference-transaction", "pre-push", "pre-auto-gc", "fsmonitor-watchman", "post-index-change" })
            File.Copy(script, repository[".git/hooks/" + hook]);
        repository.Git("status");
        Assert.IsTrue(File.Exists(mark), "the traps work");
        File.Delete(mark);

        var folder = _feed.NewFolder("verify");
        File.WriteAllText(Path.Combine(folder, "verify.msbuildproj"), $"""<Project Sdk="StageX.Build.Sdk/{Version}"><PropertyGroup><StageXTree>true</StageXTree></PropertyGroup></Project>""");
        var bare = _feed.NewFolder("clone") + "/bare.git";
        Command.Run("git", ["-c", "core.hooksPath=/dev/null", "clone", "--quiet", "--bare", repository.Root, bare], environment: new Dictionary<string, string?> { ["GIT_CONFIG_GLOBAL"] = "/dev/null" }).MustSucceed();
        File.Delete(mark);
        foreach (var judged in new[] { repository.Root, bare })
        {
            string[] arguments = [$"-p:StageXRepository={judged}", $"-p:StageXTrustedCommit={repository.Trusted}", $"-p:StageXConfiguration={repository.Configuration}"];
            var head = JsonNode.Parse(_feed.Dotnet(folder, ["msbuild", "verify.msbuildproj", "-getTargetResult:VerifySource", .. arguments]).Output)!["TargetResults"]!["VerifySource"]!["Items"]![0]!;
            Assert.AreEqual(repository.Git("rev-parse", "main").Trim(), (string)head["Identity"]!);
            Assert.AreEqual(judged == bare ? "0" : "1", (string)head["Changes"]!, "the second time nothing is new");
            Assert.AreEqual("2", (string)head["SourceSigners"]!);
            Assert.IsFalse(File.Exists(mark), judged);
        }
    }

    [TestMethod]
    public void The_package_holds_the_sdk_the_tasks_and_what_they_need()
    {
        using var package = ZipFile.OpenRead(_feed.Package);
        var files = package.Entries.Select(entry => entry.FullName).ToHashSet(StringComparer.Ordinal);
        foreach (var folder in new[] { "Sdk", "targets", "templates" })
            foreach (var file in Directory.GetFiles(Path.Combine(Repository.Sdk, folder), "*", SearchOption.AllDirectories))
                Assert.Contains(Path.GetRelativePath(Repository.Sdk, file).Replace('\\', '/'), files);
        foreach (var assembly in new[] { "StageX.Build.Tasks", "SharpCompress", "Polly.Core", "NuGet.Versioning", "System.IO.Hashing", "BouncyCastle.Cryptography" })
            Assert.Contains($"tools/net10.0/{assembly}.dll", files);
        Assert.IsFalse(files.Any(file => file.Contains("Microsoft.Build", StringComparison.Ordinal) || file.StartsWith("lib/", StringComparison.Ordinal)));

        Assert.Contains($"StageX.Build.Sdk/{Version}", File.ReadAllText(Path.Combine(Repository.Sdk, "README.md")));

        using var nuspec = package.GetEntry("StageX.Build.Sdk.nuspec")!.Open();
        var metadata = XDocument.Load(nuspec).Root!.Elements().Single();
        var ns = metadata.Name.Namespace;
        Assert.Contains("MSBuildSdk", metadata.Descendants(ns + "packageType").Select(type => (string)type.Attribute("name")!));
        Assert.IsEmpty(metadata.Descendants(ns + "dependency"));
    }

    [TestMethod]
    public void Two_packs_in_different_folders_are_equal_byte_by_byte()
    {
        using var folder = new TemporaryFolder();
        foreach (var part in new[] { "sdk", "tasks" })
            foreach (var file in Directory.GetFiles(Path.Combine(Repository.Root, part), "*", SearchOption.AllDirectories))
                CopyInto(folder.Path, file);
        foreach (var file in new[] { "Directory.Build.props", "Directory.Packages.props", ".editorconfig", "global.json" })
            CopyInto(folder.Path, Path.Combine(Repository.Root, file));
        var again = LocalFeed.Pack(folder.Path, folder["artifacts"], folder["feed"]);

        using (var first = ZipFile.OpenRead(_feed.Package))
        using (var second = ZipFile.OpenRead(again))
            Assert.AreEqual(Entries(first), Entries(second));
        CollectionAssert.AreEqual(File.ReadAllBytes(_feed.Package), File.ReadAllBytes(again));

        static void CopyInto(string root, string file)
        {
            var copy = Path.Combine(root, Path.GetRelativePath(Repository.Root, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }

        static string Entries(ZipArchive archive) => string.Join('\n', archive.Entries.Select(entry => $"{entry.FullName} {entry.Length} {entry.Crc32:x8}"));
    }

    private static string Version => Path.GetFileNameWithoutExtension(_feed.Package)["StageX.Build.Sdk.".Length..];
}
