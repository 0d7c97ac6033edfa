namespace StageX.Build.Tests.Sdk;

/// <summary>Every mistake ends in one coded error at its file and line, with nothing written.</summary>
[TestClass]
public sealed class BadDefinitionTests
{
    private const string Hash = "b7c3fd7214a3b7c49d2661db127a712dc11cffd1799f793947aa1cb20aaf3298";

    private static readonly (string Item, string Code, string Word)[] Items =
    [
        ("""<Source Include="https://example.org/a-{version}.tar.gz" />""", ErrorCode.InvalidMetadata, "Sha256"),
        ("""<Source Include="https://example.org/a.tar.gz" Sha256="abc" />""", ErrorCode.InvalidMetadata, "64"),
        ($"""<Source Include="https://example.org/a.tar.gz" Sha265="{Hash}" />""", ErrorCode.UnknownMetadata, "Sha265"),
        ($$"""<Source Include="https://example.org/a-{patch}.tar.gz" Sha256="{{Hash}}" />""", ErrorCode.InvalidPlaceholder, "patch"),
        ($"""<Source Include="ftp://example.org/a.tar.gz" Sha256="{Hash}" />""", ErrorCode.InvalidMetadata, "ftp"),
        ($"""<Source Include="https://example.org/a.tar.gz" Sha256="{Hash}" Patches="no.patch" />""", ErrorCode.MissingFile, "no.patch"),
        ("""<Stage Include="build" Script="no.sh" />""", ErrorCode.MissingFile, "no.sh"),
        ("""<Stage Include="build" Script="../x.sh" />""", ErrorCode.InvalidMetadata, "../x.sh"),
        ("""<Stage Include="build" />""", ErrorCode.InvalidMetadata, "Script"),
        ("""<Stage Include="Build" Run="x" />""", ErrorCode.InvalidName, "Build"),
        ("""<Stage Include="build" Run="x" From="none" />""", ErrorCode.UnknownTarget, "none"),
        ("""<ProjectReference Include="../../core/none/none.msbuildproj" />""", ErrorCode.MissingReference, "none.msbuildproj"),
        ("""<File Include="no" Path="/etc/no" />""", ErrorCode.MissingFile, "no"),
        ("""<Directory Include="/a/../b" />""", ErrorCode.InvalidMetadata, "/a/../b"),
        ("""<Directory Include="/a" Mode="4755" />""", ErrorCode.InvalidMetadata, "4755"),
        ("""<Directory Include="/a" Owner="root" />""", ErrorCode.InvalidMetadata, "root"),
        ("""<SymbolicLink Include="/a" />""", ErrorCode.InvalidMetadata, "To"),
        ("""<Sorce Include="https://example.org/a.tar.gz" />""", ErrorCode.Meaningless, "Sorce"),
        ("""<Directory Include="/a;/b" /><File Include="f" Path="/a" />""", ErrorCode.DuplicateItem, "/a"),
        ("""<SymbolicLink Include="/bin" To="/usr/bin" /><File Include="f" Path="/bin/f" />""", ErrorCode.InvalidMetadata, "/bin"),
        ("""<File Include="fetch/none/f" Path="/f" />""", ErrorCode.MissingFile, "fetch/none"),
        ("""<Directory Include="/a" /><Input Include="f" />""", ErrorCode.Meaningless, "Input"),
        ($"""<Directory Include="/a" /><Source Include="a" Sha256="{Hash}" />""", ErrorCode.Meaningless, "Source"),
        ("""<Stage Include="a" Run="x" /><Stage Include="b" Run="x" />""", ErrorCode.Meaningless, "'a'"),
        ("""<Stage Include="a" Run="x" /><Input Include="f;d/f" />""", ErrorCode.DuplicateItem, "d/f"),
        ("""<Stage Include="1" Run="x" />""", ErrorCode.InvalidName, "1"),
        ("""<Directory Include="/a" /><ContainerLabel Include="a" Value="b%0ac" />""", ErrorCode.InvalidMetadata, "a"),
        ("""<Directory Include="/a" /><ContainerEnvironmentVariable Include="a=b" Value="c" />""", ErrorCode.InvalidMetadata, "a=b"),
    ];

    private static readonly (string Item, string Code, string Word)[] References =
    [
        ("""<ProjectReference Include="../a/a.msbuildproj" Subpackage="none" />""", ErrorCode.UnknownTarget, "core-a-none"),
        ("""<Stage Include="s" Script="../none/run.sh" />""", ErrorCode.InvalidMetadata, "../none/run.sh"),
        ("""<ProjectReference Include="../a/a.msbuildproj" /><Stage Include="s" Script="../a/../b/b.msbuildproj" />""", ErrorCode.InvalidMetadata, "b.msbuildproj"),
        ("""<ProjectReference Include="../a/a.msbuildproj" /><Stage Include="s" Script="../a/no.sh" />""", ErrorCode.MissingFile, "no.sh"),
        ("""<ProjectReference Include="../a/a.msbuildproj" Overrides="core-none" />""", ErrorCode.UnknownTarget, "core-none"),
        ("""<ProjectReference Include="../a/a.msbuildproj;../b/b.msbuildproj" Base="true" />""", ErrorCode.DuplicateItem, "Base"),
        ("""<ProjectReference Include="../a/a.msbuildproj" Base="true" Stages="s" /><Stage Include="s" Run="x" />""", ErrorCode.Meaningless, "Base"),
        ("""<ProjectReference Include="../a/a.msbuildproj;../a/a.msbuildproj" />""", ErrorCode.DuplicateItem, "core-a"),
        ("""<ProjectReference Include="../a/a.msbuildproj" Stages="t" /><Stage Include="s" Run="x" /><Stage Include="t" Run="x" From="s" />""", ErrorCode.Meaningless, "'t'"),
    ];

    private static readonly (string Item, string Code, string Word)[] BesideContainerfile =
    [
        ("""<Stage Include="s" Run="x" />""", ErrorCode.Meaningless, "Stage"),
        ("""<Input Include="f" />""", ErrorCode.Meaningless, "Input"),
        ("""<File Include="f" Path="/f" />""", ErrorCode.Meaningless, "File"),
        ("""<ContainerEntrypoint Include="/f" />""", ErrorCode.Meaningless, "ContainerEntrypoint"),
        ("""<ProjectReference Include="../a/a.msbuildproj" Runtime="true" Stages="s" />""", ErrorCode.Meaningless, "Stages"),
        ("""<ProjectReference Include="../a/a.msbuildproj" Runtime="true" Base="true" />""", ErrorCode.Meaningless, "Base"),
        ($"""<Source Include="a" Sha256="{Hash}" />""", ErrorCode.Meaningless, "Source"),
    ];

    [TestMethod]
    public void A_name_that_no_image_can_hold_is_an_error_at_the_stage_that_made_it()
    {
        using var tree = new TestTree();
        tree.AddBusybox();
        var project = tree.Add("core", "a", TestTree.Busybox + "\n" + """    <Stage Include="build" Script="build.sh" />""", ("build.sh", "echo x > /rootfs/.wh.x\n"));
        tree.Build(project).MustFailWith(ErrorCode.ForbiddenPath, project, 8, "rootfs/.wh.x");
    }

    [TestMethod]
    public void A_mistake_in_an_item_is_an_error_at_its_line()
    {
        using var tree = new TestTree();
        EachIsAnError(tree, Items, ("f", ""), ("d/f", ""));
        Assert.IsFalse(Directory.Exists(Path.Combine(tree.Artifacts, "images")));
    }

    [TestMethod]
    public void A_mistake_in_a_reference_is_an_error_at_its_line()
    {
        using var tree = new TestTree();
        tree.Add("core", "a", """    <Directory Include="/a" />""");
        tree.Add("core", "b", """    <Directory Include="/b" />""");
        // What an earlier build left must not be taken for it.
        Directory.CreateDirectory(Path.Combine(tree.Artifacts, "images", "core-a-none"));
        EachIsAnError(tree, References);
    }

    [TestMethod]
    public void What_means_nothing_beside_a_Containerfile_is_an_error_at_its_line()
    {
        using var tree = new TestTree();
        tree.Add("core", "a", """    <Directory Include="/a" />""");
        EachIsAnError(tree, BesideContainerfile, ("f", ""), ("Containerfile", "FROM scratch AS package\nCOPY f /\n"));
    }

    // Each mistake in a package of its own, all in one build: none hides another.
    private static void EachIsAnError(TestTree tree, (string Item, string Code, string Word)[] mistakes, params (string Name, string Text)[] files)
    {
        var projects = mistakes.Select((mistake, number) => tree.Add("core", $"bad{number}", "    " + mistake.Item, files)).ToList();
        var result = tree.Build(tree.Tree());
        foreach (var (project, (_, code, word)) in projects.Zip(mistakes))
            result.MustFailAmongOthersWith(code, project, 7, word);
    }

    [TestMethod]
    public void A_property_beside_a_Containerfile_and_a_platform_that_cannot_be_are_errors_at_their_line()
    {
        using var tree = new TestTree();
        var project = tree.Add("core", "bad", "", ("f", ""), ("Containerfile", "FROM scratch AS package\nCOPY f /\n"));
        var text = File.ReadAllText(project);
        File.WriteAllText(project, text.Replace("</PackageVersion>", "</PackageVersion>\n<ContainerUser>1</ContainerUser>", StringComparison.Ordinal));
        tree.Build(project).MustFailWith(ErrorCode.Meaningless, project, 5, "ContainerUser");
        File.WriteAllText(project, text.Replace("</PackageVersion>", "</PackageVersion>\n<StageXPlatform>amd64</StageXPlatform>", StringComparison.Ordinal));
        tree.Build(project).MustFailWith(ErrorCode.InvalidMetadata, project, 5, "amd64");
    }

    [TestMethod]
    public void A_folder_that_cannot_be_written_is_an_error_that_names_it()
    {
        using var tree = new TestTree();
        var project = tree.Add("core", "a", """    <Directory Include="/a" />""");
        File.WriteAllText(tree.Artifacts, "a file where the folder should be");
        tree.Build(project).MustFailWith(ErrorCode.FileAccess, project, 0, tree.Artifacts);
    }

    [TestMethod]
    public void A_package_whose_id_is_that_of_a_subpackage_is_an_error()
    {
        using var tree = new TestTree();
        tree.Add("core", "lib", """    <Directory Include="/a" /><Subpackage Include="x;dev" />""");
        var twin = tree.Add("core", "lib-dev", """    <Directory Include="/a" />""");
        var project = tree.Add("core", "b", """    <ProjectReference Include="../lib/lib.msbuildproj;../lib-dev/lib-dev.msbuildproj" />""");
        tree.Build(project).MustFailWith(ErrorCode.DuplicateId, twin, 0, "core-lib-dev", tree.Project("core", "lib"));
    }

    [TestMethod]
    public void A_reference_under_a_condition_is_left_to_MSBuild()
    {
        using var tree = new TestTree();
        var project = tree.Add("core", "a", """    <Directory Include="/a" /><ProjectReference Include="no.msbuildproj" Condition="Exists('no.msbuildproj')" />""");
        tree.Build(project).MustSucceed();
    }

    [TestMethod]
    public void An_item_type_that_the_project_declares_is_no_mistake()
    {
        using var tree = new TestTree();
        var project = tree.Add("core", "a", """    <AvailableItemName Include="Mine" /><Mine Include="x" /><None Include="y" /><Directory Include="/a" />""");
        tree.Build(project).MustSucceed();
    }

    [TestMethod]
    public void A_version_that_cannot_be_is_an_error_at_its_line()
    {
        using var tree = new TestTree();
        var project = tree.AddVersion("core", "bad", "1 0", """    <Directory Include="/a" />""");
        tree.Build(project).MustFailWith(ErrorCode.InvalidVersion, project, 4, "1 0");
    }

    [TestMethod]
    public void A_name_that_no_image_could_have_is_an_error()
    {
        using var tree = new TestTree();
        var project = tree.Add("core", "Bad_", """    <Directory Include="/a" />""");
        tree.Build(project).MustFailWith(ErrorCode.InvalidName, project, 0, "Bad_");
    }

    [TestMethod]
    public void A_package_without_anything_in_it_is_an_error()
    {
        using var tree = new TestTree();
        var project = tree.Add("core", "bad", "");
        tree.Build(project).MustFailWith(ErrorCode.EmptyPackage, project, 0);
    }

    [TestMethod]
    [DataRow(false)]
    [DataRow(true)]
    public void A_circle_of_references_is_named_in_full(bool graph)
    {
        using var tree = new TestTree();
        foreach (var (name, next) in new[] { ("a", "b"), ("b", "c"), ("c", "a") })
            tree.Add("core", name, $"""    <ProjectReference Include="../{next}/{next}.msbuildproj" />""");
        var result = tree.Build(tree.Project("core", "a"), graph ? ["-graph"] : []);
        if (graph)
        {
            // MSBuild finds it itself, while it makes the graph, and names the files.
            Assert.AreNotEqual(0, result.ExitCode, result.Output);
            Assert.Contains("MSB4251", result.Output);
        }
        else
            result.MustFailWith(ErrorCode.ReferenceCycle, tree.Project("core", "c"), 7, "core-a -> core-b -> core-c -> core-a");
    }

    [TestMethod]
    public void Two_packages_of_one_id_are_an_error_that_names_both()
    {
        using var tree = new TestTree();
        tree.Add("core", "a", """    <Directory Include="/a" />""");
        Directory.CreateDirectory(Path.Combine(tree.Root, "other"));
        var twin = Path.Combine(tree.Root, "other", "core", "a", "a.msbuildproj");
        Directory.CreateDirectory(Path.GetDirectoryName(twin)!);
        File.Copy(tree.Project("core", "a"), twin);
        var project = tree.Add("core", "b", """    <ProjectReference Include="../a/a.msbuildproj;../../other/core/a/a.msbuildproj" />""");
        tree.Build(project).MustFailWith(ErrorCode.DuplicateId, twin, 0, "core-a", tree.Project("core", "a"));
    }

    [TestMethod]
    public void References_that_are_wrong_stop_only_what_needs_them()
    {
        using var tree = new TestTree();
        foreach (var (name, next) in new[] { ("a", "b"), ("b", "a"), ("c", "none"), ("d", "c") })
            tree.Add("core", name, $"""    <ProjectReference Include="../{next}/{next}.msbuildproj" />""");
        tree.Add("core", "good", """    <Directory Include="/a" />""");
        for (var times = 2; times > 0; times--)
        {
            var result = tree.Build(tree.Tree());
            result.MustFailWith(ErrorCode.ReferenceCycle, tree.Project("core", "b"), 7, "core-a -> core-b -> core-a");
            result.MustFailWith(ErrorCode.MissingReference, tree.Project("core", "c"), 7, "none.msbuildproj");
            Assert.IsTrue(Directory.Exists(Path.Combine(tree.Artifacts, "images", "core-good")), result.Output);
        }
    }

    [TestMethod]
    public void One_package_that_fails_does_not_stop_the_others()
    {
        using var tree = new TestTree();
        tree.Add("core", "bad", """    <File Include="no" Path="/no" />""");
        tree.Add("core", "above", """    <ProjectReference Include="../bad/bad.msbuildproj" />""");
        tree.Add("core", "good", """    <Directory Include="/a" />""");
        var result = tree.Build(tree.Tree()).MustFailWith(ErrorCode.MissingFile, tree.Project("core", "bad"), 7);
        Assert.Contains("| core-good", result.Output);
        Assert.IsTrue(Directory.Exists(Path.Combine(tree.Artifacts, "images", "core-good")));
        Assert.IsFalse(Directory.Exists(Path.Combine(tree.Artifacts, "images", "core-above")));
    }
}
