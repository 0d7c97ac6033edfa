using StageX.Build.Images;

namespace StageX.Build.Tests.Sdk;

/// <summary>What definitions can say, and what comes out.</summary>
[TestClass]
[TestCategory("System")]
public sealed class PackageShapesTests
{
    [TestMethod]
    public void A_pallet_lists_its_packages_layers_and_adds_none()
    {
        using var tree = new TestTree();
        tree.Add("core", "a", """    <Directory Include="/a" />""");
        tree.Add("core", "b", """    <Directory Include="/b" />""");
        var pallet = Read(tree, tree.Add("pallet", "both", """    <ProjectReference Include="../../core/b/b.msbuildproj;../../core/a/a.msbuildproj" />"""));
        var a = Read(tree, tree.Project("core", "a"));
        var b = Read(tree, tree.Project("core", "b"));
        CollectionAssert.AreEqual(a.Layers.Concat(b.Layers).ToArray(), pallet.Layers.ToArray());
    }

    [TestMethod]
    public void Runtime_edges_reach_pallets_and_build_edges_do_not()
    {
        using var tree = new TestTree();
        tree.AddBusybox();
        tree.Add("core", "libc", """    <Directory Include="/libc" />""");
        tree.Add("core", "lib", TestTree.Busybox + """

                <ProjectReference Include="../libc/libc.msbuildproj" Stages="package" Runtime="true" />
                <Stage Include="build" Script="build.sh" />
            """.Replace("Stages=\"package\" ", "", StringComparison.Ordinal), ("build.sh", "test -d /libc && echo lib > /rootfs/lib"));
        var pallet = Read(tree, tree.Add("pallet", "all", """    <ProjectReference Include="../../core/lib/lib.msbuildproj" />"""));
        CollectionAssert.AreEqual(new[] { "lib", "libc" }, Paths(tree, pallet));
    }

    [TestMethod]
    public void Subpackages_are_images_of_their_own_and_can_be_referenced()
    {
        using var tree = new TestTree();
        tree.AddBusybox();
        var project = tree.Add("core", "lib", TestTree.Busybox + """

                <Stage Include="build" Script="build.sh" />
                <Subpackage Include="dev" />
            """, ("build.sh", "echo l > /rootfs/lib\necho h > /rootfs-dev/header"));
        var ids = tree.Items(project).Select(item => (string)item["Identity"]!).ToArray();
        CollectionAssert.AreEqual(new[] { "core-lib", "core-lib-dev" }, ids);
        var user = Read(tree, tree.Add("pallet", "dev", """    <ProjectReference Include="../../core/lib/lib.msbuildproj" Subpackage="dev" />"""));
        CollectionAssert.AreEqual(new[] { "header" }, Paths(tree, user));
    }

    [TestMethod]
    public void Paths_that_two_dependencies_bring_differently_are_an_error_that_names_both()
    {
        using var tree = new TestTree();
        tree.Add("core", "a", """    <File Include="f" Path="/etc/f" />""", ("f", "a"));
        tree.Add("core", "b", """    <File Include="f" Path="/etc/f" />""", ("f", "b"));
        var project = tree.Add("pallet", "both", """    <ProjectReference Include="../../core/a/a.msbuildproj;../../core/b/b.msbuildproj" />""");
        var result = tree.Build(project);
        Assert.AreNotEqual(0, result.ExitCode, result.Output);
        foreach (var word in new[] { "error SX5", "core-a", "core-b", "etc/f" })
            Assert.Contains(word, result.Output);
        File.WriteAllText(project, File.ReadAllText(project)
            .Replace("../../core/a/a.msbuildproj;../../core/b/b.msbuildproj\" />", "../../core/a/a.msbuildproj\" Overrides=\"core-b\" />\n    <ProjectReference Include=\"../../core/b/b.msbuildproj\" />", StringComparison.Ordinal));
        var image = Read(tree, project);
        using var files = RootFilesystem.FromLayers(image.Layers, Store(tree));
        Assert.AreEqual(Digest.Of("a"u8), files.Entries.Single(entry => entry.Path == "etc/f").Content);
    }

    [TestMethod]
    public void An_image_can_start_from_another_and_inherits_its_config()
    {
        using var tree = new TestTree();
        tree.Add("core", "base", """    <Directory Include="/base" /><ContainerEnvironmentVariable Include="A" Value="b c" />""");
        var image = Read(tree, tree.Add("user", "top", """    <ProjectReference Include="../../core/base/base.msbuildproj" Base="true" /><Directory Include="/top" /><ContainerUser Include="x" />""".Replace("<ContainerUser Include=\"x\" />", "", StringComparison.Ordinal)));
        CollectionAssert.AreEqual(new[] { "A=b c" }, image.Config.Environment.ToArray());
        Assert.HasCount(2, image.Layers);
        Assert.AreEqual(Read(tree, tree.Project("core", "base")).Layers[0], image.Layers[0]);
        CollectionAssert.AreEqual(new[] { "base", "top" }, Paths(tree, image));
    }

    [TestMethod]
    public void Content_has_the_modes_and_owners_that_it_says()
    {
        using var tree = new TestTree();
        var image = Read(tree, tree.Add("core", "skeleton", """
                <Directory Include="/tmp" Mode="1777" />
                <Directory Include="/home/user" Owner="1000:1000" Mode="700" />
                <File Include="f" Path="/etc/f" Mode="600" />
                <SymbolicLink Include="/bin" To="usr/bin" />
            """, ("f", "x")));
        using var files = RootFilesystem.FromLayers(image.Layers, Store(tree));
        CollectionAssert.AreEqual(new[] { "bin 777 0:0", "etc 755 0:0", "etc/f 600 0:0", "home 755 0:0", "home/user 700 1000:1000", "tmp 1777 0:0" },
            files.Entries.Select(entry => $"{entry.Path} {Convert.ToString(entry.Mode, 8)} {entry.UserId}:{entry.GroupId}").ToArray());
    }

    [TestMethod]
    public void Fetched_content_has_the_modes_and_owners_that_it_says()
    {
        using var tree = new TestTree();
        tree.Write("core", "fetched", "upstream", "x");
        var file = tree.File("core", "fetched", "upstream");
        var image = Read(tree, tree.Add("core", "fetched", $"""
                <Source Include="file://{file}" Sha256="{Digest.OfFile(file).Hex}" Extract="false" />
                <File Include="fetch/fetched" Path="/home/user/.x" Owner="1000:1000" Mode="600" />
                <File Include="fetch/fetched" Path="/etc/fetched" />
            """));
        using var files = RootFilesystem.FromLayers(image.Layers, Store(tree));
        CollectionAssert.AreEqual(new[] { "etc 755 0:0", "etc/fetched 644 0:0", "home 755 0:0", "home/user 755 0:0", "home/user/.x 600 1000:1000" },
            files.Entries.Select(entry => $"{entry.Path} {Convert.ToString(entry.Mode, 8)} {entry.UserId}:{entry.GroupId}").ToArray());
    }

    [TestMethod]
    public void A_script_can_work_on_a_source_that_is_no_archive_and_on_a_base()
    {
        using var tree = new TestTree();
        tree.AddBusybox();
        tree.Write("user", "file", "upstream", "x");
        var file = tree.File("user", "file", "upstream");
        var image = Read(tree, tree.Add("user", "file", $"""
                <Source Include="file://{file}" Sha256="{Digest.OfFile(file).Hex}" Extract="false" />
                <ProjectReference Include="../../core/busybox/busybox.msbuildproj" Base="true" />
                <Stage Include="build" Script="build.sh" />
            """, ("build.sh", "cp file /rootfs/taken")));
        CollectionAssert.IsSubsetOf(new[] { "bin/busybox", "taken" }, Paths(tree, image));
    }

    [TestMethod]
    public void Built_by_hand_the_one_that_wins_is_copied_last()
    {
        using var tree = new TestTree();
        tree.Add("core", "a", """    <File Include="f" Path="/etc/f" />""", ("f", "a"));
        tree.Add("core", "b", """    <File Include="f" Path="/etc/f" />""", ("f", "b"));
        var project = tree.Add("pallet", "both", """    <ProjectReference Include="../../core/a/a.msbuildproj" Overrides="core-b" /><ProjectReference Include="../../core/b/b.msbuildproj" />""");
        tree.Build(project, "-t:Containerfile").MustSucceed();
        Assert.Contains("COPY --from=stagex.invalid/core-b / /\nCOPY --from=stagex.invalid/core-a / /\n", File.ReadAllText(Path.Combine(tree.Artifacts, "containerfiles", "pallet-both", "Containerfile")));
    }

    [TestMethod]
    public void A_step_that_fails_is_an_error_with_the_end_of_its_log()
    {
        using var tree = new TestTree();
        tree.AddBusybox();
        var project = tree.Add("user", "fails", TestTree.Busybox + "\n" + """    <Stage Include="build" Script="build.sh" />""", ("build.sh", "echo the last words\nexit 3"));
        var result = tree.Build(project);
        Assert.AreNotEqual(0, result.ExitCode, result.Output);
        Assert.Contains("the last words", result.Output);
        Assert.Contains(Path.Combine(tree.Artifacts, "logs", "user-fails", "build.log"), result.Output);
        Assert.IsFalse(Directory.Exists(Path.Combine(tree.Artifacts, "images", "user-fails")));
    }

    private static Image Read(TestTree tree, string project) => ImageLayout.Read((string)tree.Items(project)[0]["Layout"]!).Image;

    private static LayerStore Store(TestTree tree) => new(Path.Combine(tree.Cache, "layers"));

    private static string[] Paths(TestTree tree, Image image)
    {
        using var files = RootFilesystem.FromLayers(image.Layers, Store(tree));
        return [.. files.Entries.Select(entry => entry.Path)];
    }
}
