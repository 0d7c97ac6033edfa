namespace StageX.Build.Tests.Sdk;

/// <summary>What a change rebuilds, and what it does not.</summary>
[TestClass]
[TestCategory("System")]
public sealed class IncrementalBuildTests
{
    private const string First = "core-lib first: running", Second = "core-lib second: running", App = "user-app build: running";

    [TestMethod]
    public void Touching_files_rebuilds_nothing()
    {
        using var tree = Tree();
        foreach (var file in Directory.EnumerateFiles(tree.Root, "*", SearchOption.AllDirectories).Where(file => !file.Contains("/artifacts/", StringComparison.Ordinal)))
            File.SetLastWriteTimeUtc(file, DateTime.UtcNow.AddDays(1));
        Expect(tree);
    }

    [TestMethod]
    public void The_second_script_runs_the_second_stage_only_and_what_depends_on_it()
    {
        using var tree = Tree();
        tree.Write("core", "lib", "second.sh", "echo changed > /rootfs/b");
        Expect(tree, Second, App);
    }

    [TestMethod]
    public void A_change_that_leaves_the_output_the_same_rebuilds_no_dependent()
    {
        using var tree = Tree();
        tree.Write("core", "lib", "second.sh", "echo b > /rootfs/b # the same");
        Expect(tree, Second);
    }

    [TestMethod]
    public void A_licence_a_description_a_url_and_a_comment_rebuild_nothing()
    {
        using var tree = Tree();
        var project = tree.Project("core", "lib");
        var digest = tree.Digest(project);
        File.WriteAllText(project, File.ReadAllText(project).Replace("<PackageVersion>", "<!-- a comment -->\n<PackageLicenseExpression>MIT</PackageLicenseExpression><PackageVersion>", StringComparison.Ordinal));
        Expect(tree);
        Assert.AreNotEqual(digest, tree.Digest(project), "the licence is in the manifest");
    }

    [TestMethod]
    public void Results_come_back_from_the_cache_with_the_same_digests()
    {
        using var tree = Tree();
        var before = Digests(tree);
        Directory.Delete(tree.Artifacts, recursive: true);
        Expect(tree);
        CollectionAssert.AreEqual(before, Digests(tree));
    }

    [TestMethod]
    public void Everything_built_anew_has_the_same_digests()
    {
        using var tree = Tree();
        var before = Digests(tree);
        Directory.Delete(tree.Artifacts, recursive: true);
        Directory.Delete(Path.Combine(tree.Cache, "stages"), recursive: true);
        Expect(tree, First, Second, App);
        CollectionAssert.AreEqual(before, Digests(tree));
    }

    [TestMethod]
    public void Keys_do_not_depend_on_the_number_of_processors()
    {
        static string Keys(string processors)
        {
            using var tree = new TestTree { Environment = new Dictionary<string, string?> { ["DOTNET_PROCESSOR_COUNT"] = processors } };
            AddPackages(tree);
            tree.Build(tree.Project("core", "lib")).MustSucceed();
            return File.ReadAllText(Path.Combine(tree.Artifacts, "logs", "core-lib", "keys.json"));
        }
        Assert.AreEqual(Keys("1"), Keys("3"));
    }

    [TestMethod]
    public void Why_names_the_part_of_the_key_that_changed()
    {
        using var tree = Tree();
        Assert.Contains("core-lib: up to date", tree.Build(tree.Project("core", "lib"), "-t:Why").MustSucceed().Output);
        tree.Write("core", "lib", "first.sh", "echo other > /rootfs/a");
        var why = tree.Build(tree.Project("core", "lib"), "-t:Why").MustSucceed().Output;
        Assert.Contains("files.first.sh", why);
        Assert.Contains("core-lib second: to be decided when first has run", why);
        Assert.DoesNotContain(": running", why);
    }

    [TestMethod]
    public void A_script_and_an_input_that_a_referenced_package_lends_are_read_as_the_package_s_own()
    {
        using var tree = new TestTree();
        tree.AddBusybox();
        tree.Write("core", "busybox", "shared/build.sh", "cat /stagex/text > /rootfs/text");
        tree.Write("core", "busybox", "text", "one");
        var project = tree.Add("user", "app", TestTree.Busybox + """

                <Input Include="../../core/busybox/text" />
                <Stage Include="build" Script="../../core/busybox/shared/build.sh" />
            """);
        Expect(tree, App);
        Expect(tree);
        var digest = tree.Digest(project);

        tree.Write("core", "busybox", "text", "two");
        Expect(tree, App);
        Assert.AreNotEqual(digest, tree.Digest(project));
        tree.Write("core", "busybox", "shared/build.sh", "echo -n one > /rootfs/text");
        Expect(tree, App);
        Assert.AreEqual(digest, tree.Digest(project));
    }

    private static TestTree Tree()
    {
        var tree = new TestTree();
        AddPackages(tree);
        Expect(tree, First, Second, App);
        return tree;
    }

    private static void AddPackages(TestTree tree)
    {
        tree.AddBusybox();
        tree.Add("core", "lib", TestTree.Busybox + """

                <Stage Include="first" Script="first.sh" />
                <Stage Include="second" Script="second.sh" From="first" />
            """, ("first.sh", "echo a > /rootfs/a"), ("second.sh", "echo b > /rootfs/b"));
        tree.Add("user", "app", TestTree.Busybox + """

                <ProjectReference Include="../../core/lib/lib.msbuildproj" />
                <Stage Include="build" Script="build.sh" />
            """, ("build.sh", "cat /a /b > /rootfs/ab"));
    }

    // Builds, and checks that exactly these stages ran.
    private static void Expect(TestTree tree, params string[] ran)
    {
        var result = tree.Build(tree.Project("user", "app")).MustSucceed();
        var running = result.Output.Split('\n').Where(line => line.Contains(": running", StringComparison.Ordinal)).Select(line => line[..(line.IndexOf(": running", StringComparison.Ordinal) + 9)].Trim()).ToList();
        CollectionAssert.AreEquivalent(ran, running, result.Output);
    }

    private static List<string> Digests(TestTree tree) =>
        [.. new[] { tree.Project("core", "busybox"), tree.Project("core", "lib"), tree.Project("user", "app") }.Select(project => tree.Digest(project))];
}
