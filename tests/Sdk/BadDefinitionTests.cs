namespace StageX.Build.Tests.Sdk;

/// <summary>Every mistake ends in one coded error at its file and line, with nothing written.</summary>
[TestClass]
public sealed class BadDefinitionTests
{
    private const string Hash = "b7c3fd7214a3b7c49d2661db127a712dc11cffd1799f793947aa1cb20aaf3298";

    [TestMethod]
    public void A_name_that_no_image_can_hold_is_an_error_at_the_stage_that_made_it()
    {
        using var tree = new TestTree();
        tree.AddBusybox();
        var project = tree.Add("core", "a", TestTree.Busybox + "\n" + """    <Stage Include="build" Script="build.sh" />""", ("build.sh", "echo x > /rootfs/.wh.x\n"));
        tree.Build(project).MustFailWith(ErrorCode.ForbiddenPath, project, 8, "rootfs/.wh.x");
    }

    [TestMethod]
    [DataRow("""<Source Include="https://example.org/a-{version}.tar.gz" />""", ErrorCode.InvalidMetadata, "Sha256", DisplayName = "missing Sha256")]
    [DataRow("""<Source Include="https://example.org/a.tar.gz" Sha256="abc" />""", ErrorCode.InvalidMetadata, "64", DisplayName = "malformed Sha256")]
    [DataRow($"""<Source Include="https://example.org/a.tar.gz" Sha265="{Hash}" />""", ErrorCode.UnknownMetadata, "Sha265", DisplayName = "misspelt metadata")]
    [DataRow($$"""<Source Include="https://example.org/a-{patch}.tar.gz" Sha256="{{Hash}}" />""", ErrorCode.InvalidPlaceholder, "patch", DisplayName = "unknown placeholder")]
    [DataRow($"""<Source Include="ftp://example.org/a.tar.gz" Sha256="{Hash}" />""", ErrorCode.InvalidMetadata, "ftp", DisplayName = "URL scheme")]
    [DataRow($"""<Source Include="https://example.org/a.tar.gz" Sha256="{Hash}" Patches="no.patch" />""", ErrorCode.MissingFile, "no.patch", DisplayName = "missing patch")]
    [DataRow("""<Stage Include="build" Script="no.sh" />""", ErrorCode.MissingFile, "no.sh", DisplayName = "missing script")]
    [DataRow("""<Stage Include="build" Script="../x.sh" />""", ErrorCode.InvalidMetadata, "../x.sh", DisplayName = "script outside")]
    [DataRow("""<Stage Include="build" />""", ErrorCode.InvalidMetadata, "Script", DisplayName = "stage without work")]
    [DataRow("""<Stage Include="Build" Run="x" />""", ErrorCode.InvalidName, "Build", DisplayName = "stage name")]
    [DataRow("""<Stage Include="build" Run="x" From="none" />""", ErrorCode.UnknownTarget, "none", DisplayName = "unknown stage")]
    [DataRow("""<ProjectReference Include="../../core/none/none.msbuildproj" />""", ErrorCode.MissingReference, "none.msbuildproj", DisplayName = "missing reference")]
    [DataRow("""<File Include="no" Path="/etc/no" />""", ErrorCode.MissingFile, "no", DisplayName = "missing content")]
    [DataRow("""<Directory Include="/a/../b" />""", ErrorCode.InvalidMetadata, "/a/../b", DisplayName = "path with ..")]
    [DataRow("""<Directory Include="/a" Mode="4755" />""", ErrorCode.InvalidMetadata, "4755", DisplayName = "setuid")]
    [DataRow("""<Directory Include="/a" Owner="root" />""", ErrorCode.InvalidMetadata, "root", DisplayName = "owner by name")]
    [DataRow("""<SymbolicLink Include="/a" />""", ErrorCode.InvalidMetadata, "To", DisplayName = "link to nowhere")]
    public void A_mistake_in_an_item_is_an_error_at_its_line(string item, string code, string word)
    {
        using var tree = new TestTree();
        var project = tree.Add("core", "bad", "    " + item);
        tree.Build(project).MustFailWith(code, project, 7, word);
        Assert.IsFalse(Directory.Exists(Path.Combine(tree.Artifacts, "images")));
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
