namespace StageX.Build.Tests.Sdk;

/// <summary>A tree with nothing to do says so without a look at its packages; any change breaks that.</summary>
[TestClass]
[TestCategory("System")]
public sealed class TreeStampTests
{
    private const string NothingChanged = "Nothing changed since the last build.";

    [TestMethod]
    public void Whatever_evaluation_or_build_could_read_breaks_the_stamp()
    {
        using var folder = new TemporaryFolder();
        // An SDK of its own, with its own task assembly where the package has it, so that these can be changed as well.
        var sdk = folder["sdk"];
        foreach (var part in new[] { "Sdk", "targets" })
            Copy(Path.Combine(Repository.Sdk, part), Path.Combine(sdk, part));
        Copy(Path.Combine(Repository.Sdk, "tools", "net10.0"), Path.Combine(sdk, "tools", "net10.0"), "*.targets");
        Copy(Path.GetDirectoryName(typeof(ErrorCode).Assembly.Location)!, Path.Combine(sdk, "tools", "net10.0"), "StageX.Build.Tasks.*", "NuGet.Versioning.dll", "SharpCompress.dll", "Polly.Core.dll", "System.IO.Hashing.dll");
        using var tree = new TestTree { Environment = new Dictionary<string, string?> { ["GREETING"] = "hello" } };
        tree.Add("core", "base", """    <File Include="text" Path="/etc/text" />""", ("text", "one"));
        var top = tree.Add("user", "top", """
                <ProjectReference Include="../../core/base/base.msbuildproj" />
                <File Include="text" Path="/etc/top" />
                <ContainerLabel Include="greeting" Value="$(GREETING)" />
                <File Include="../../core/lender/text" Path="/etc/lent" />
            """, ("text", "two"));
        // What the tree does not list may lend files to what it does.
        tree.Add("core", "lender", "", ("text", "four"));
        var project = tree.Tree();
        foreach (var file in new[] { project, top, tree.Project("core", "base") })
            File.WriteAllText(file, File.ReadAllText(file).Replace(Repository.Sdk, sdk, StringComparison.Ordinal));
        File.WriteAllText(project, File.ReadAllText(project).Replace("Include=\"*/*/*.msbuildproj\"", "Include=\"*/*/*.msbuildproj\" Exclude=\"core/lender/*\"", StringComparison.Ordinal));
        var digest = TopDigest(tree, project);
        Run(null, null).MustSucceed();
        Holds("the first build");

        Breaks("a local file", () => tree.Write("user", "top", "text", "three"));
        Breaks("a file that nobody names yet", () => tree.Write("core", "base", "other", ""));
        Breaks("a file that a package lends which is not built", () => tree.Write("core", "lender", "text", "five"));
        Breaks("an execute bit", () => File.SetUnixFileMode(tree.File("user", "top", "text"), (UnixFileMode)0b111_101_101));
        Breaks("a definition", () => File.WriteAllText(top, File.ReadAllText(top).Replace("1.0", "1.1", StringComparison.Ordinal)));
        Breaks("a new package", () => File.WriteAllText(
            tree.Add("user", "another", """    <File Include="text" Path="/etc/another" />""", ("text", "")), File.ReadAllText(tree.Project("user", "another")).Replace(Repository.Sdk, sdk, StringComparison.Ordinal)));
        Breaks("a result that is gone", () => File.Delete(Path.Combine(tree.Artifacts, "images", "user-top", "index.json")));
        Breaks("a global property", () => { }, "-p:Some=thing");
        Breaks("a file of the SDK", () => File.AppendAllText(Path.Combine(sdk, "targets", "StageX.Settings.props"), "<!-- -->"));
        Breaks("what lies beside the task assembly", () => File.AppendAllText(Path.Combine(sdk, "tools", "net10.0", "Polly.Core.dll"), " "));
        Breaks("a global.json", () => File.WriteAllText(Path.Combine(tree.Root, "global.json"), "{}"));
        Breaks("a variable that a definition names", () => { }, environment: "goodbye");
        Assert.AreNotEqual(digest, TopDigest(tree, project));

        // Recorded digests: the first build warns about what is not recorded, and so does each until it is.
        tree.Build(project, "-t:UpdateDigests").MustSucceed();
        Breaks("recorded digests", () => { });
        Breaks("another recorded digest", () => File.WriteAllText(Path.Combine(tree.Root, "core", "digests.txt"), new string('0', 64) + " core-base\n"), fails: true);
        Assert.DoesNotContain(NothingChanged, tree.Build(project).Output, "a failed build leaves no stamp");

        void Breaks(string what, Action change, string? argument = null, string? environment = null, bool fails = false)
        {
            change();
            var result = Run(argument, environment);
            Assert.AreEqual(fails, result.ExitCode != 0, result.Output);
            Assert.DoesNotContain(NothingChanged, result.Output, what);
            if (!fails)
                Holds(what, argument, environment);
        }

        void Holds(string after, string? argument = null, string? environment = null) =>
            Assert.Contains(NothingChanged, Run(argument, environment).MustSucceed().Output, after);

        CommandResult Run(string? argument, string? environment) => Command.Run("dotnet",
            ["build", project, "-nologo", "-tl:off", "-nodeReuse:false", "-m:1", "-v:minimal", $"-p:StageXRoot={tree.Root}", $"-p:StageXCache={tree.Cache}", .. argument is null ? (string[])[] : [argument]],
            tree.Root, new Dictionary<string, string?> { ["GREETING"] = environment ?? "hello" });
    }

    [TestMethod]
    public void A_project_that_does_more_than_a_definition_does_is_looked_at_each_time()
    {
        using var tree = new TestTree();
        var project = tree.Add("core", "base", """    <File Include="text" Path="/etc/text" />""", ("text", "one"));
        tree.Build(tree.Tree()).MustSucceed();
        Assert.Contains(NothingChanged, tree.Build(tree.Tree()).MustSucceed().Output);
        File.WriteAllText(project, File.ReadAllText(project).Replace("<PackageVersion>1.0", "<PackageVersion>$([System.String]::Copy('1.0'))", StringComparison.Ordinal));
        tree.Build(tree.Tree()).MustSucceed();
        Assert.DoesNotContain(NothingChanged, tree.Build(tree.Tree()).MustSucceed().Output);
    }

    private static string TopDigest(TestTree tree, string project) =>
        (string)tree.Items(project).Single(item => (string)item["Identity"]! == "user-top")["Digest"]!;

    private static void Copy(string from, string to, params string[] patterns)
    {
        foreach (var file in (patterns.Length == 0 ? ["*"] : patterns).SelectMany(pattern => Directory.EnumerateFiles(from, pattern, patterns.Length == 0 ? SearchOption.AllDirectories : SearchOption.TopDirectoryOnly)))
        {
            var target = Path.Combine(to, Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target);
        }
    }
}
