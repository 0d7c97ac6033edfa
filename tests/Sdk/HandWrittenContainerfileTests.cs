using StageX.Build.Images;

namespace StageX.Build.Tests.Sdk;

[TestClass]
[TestCategory("System")]
public sealed class HandWrittenContainerfileTests
{
    private const string Text = """
        ARG VERSION=0
        FROM stagex/core-busybox AS build
        ARG VERSION
        COPY hello.txt /in/
        RUN mkdir -p /out && sed "s/@/$VERSION/" /in/hello.txt > /out/hello

        FROM scratch AS package
        COPY --from=build /out/ /usr/share/
        ENV GREETING="hello there"
        ENTRYPOINT ["/bin/hello"]
        """;

    [TestMethod]
    public void A_multi_stage_file_is_built_with_its_version_and_config()
    {
        using var tree = Tree(TestTree.Busybox);
        var image = tree.Items(tree.Project("user", "hello"))[0];
        var (read, _) = ImageLayout.Read((string)image["Layout"]!);
        CollectionAssert.AreEqual(new[] { "GREETING=hello there" }, read.Config.Environment.ToArray());
        CollectionAssert.AreEqual(new[] { "/bin/hello" }, read.Config.Entrypoint!.ToArray());
        using var files = RootFilesystem.FromLayers(read.Layers, new LayerStore(Path.Combine(tree.Cache, "layers")));
        var hello = files.Entries.Single(entry => entry.Path == "usr/share/hello");
        Assert.AreEqual(Digest.Of("version 1.0\n"u8), hello.Content);
    }

    [TestMethod]
    public void A_comment_in_it_rebuilds_nothing()
    {
        using var tree = Tree(TestTree.Busybox);
        tree.Build(tree.Project("user", "hello")).MustSucceed();
        tree.Write("user", "hello", "Containerfile", "# a comment\n" + Text);
        Assert.DoesNotContain(": running", tree.Build(tree.Project("user", "hello")).MustSucceed().Output);
    }

    [TestMethod]
    public void A_missing_reference_is_an_error_that_prints_the_line_and_UpdateReferences_writes_it()
    {
        using var tree = Tree("");
        var project = tree.Project("user", "hello");
        tree.Build(project).MustFailWith(ErrorCode.MissingProjectReference, tree.File("user", "hello", "Containerfile"), 2,
            """<ProjectReference Include="../../core/busybox/busybox.msbuildproj" />""");
        tree.Build(project, "-t:UpdateReferences").MustSucceed();
        Assert.Contains("""<ProjectReference Include="../../core/busybox/busybox.msbuildproj" />""", File.ReadAllText(project));
        tree.Build(project).MustSucceed();
    }

    [TestMethod]
    public void An_unused_reference_is_an_error_and_UpdateReferences_removes_it()
    {
        using var tree = Tree(TestTree.Busybox + "\n    <ProjectReference Include=\"../../core/other/other.msbuildproj\" />");
        tree.Add("core", "other", """    <Directory Include="/a" />""");
        var project = tree.Project("user", "hello");
        tree.Build(project).MustFailWith(ErrorCode.UnusedProjectReference, project, 8, "core-other");
        tree.Build(project, "-t:UpdateReferences").MustSucceed();
        Assert.DoesNotContain("other", File.ReadAllText(project));
        tree.Build(project).MustSucceed();
    }

    [TestMethod]
    public void UpdateReferences_sees_the_same_arguments_as_a_build()
    {
        using var tree = new TestTree();
        tree.Add("core", "a1", """    <Directory Include="/a" />""");
        var project = tree.Add("user", "b", "", ("Containerfile", "ARG VERSION_MAJOR\nFROM stagex/core-a$VERSION_MAJOR AS package\nCOPY f /\n"), ("f", ""));
        tree.Build(project, "-t:UpdateReferences").MustSucceed();
        tree.Build(project).MustSucceed();
    }

    [TestMethod]
    public void Links_stay_links_and_what_editors_leave_is_no_part_of_the_package()
    {
        using var tree = new TestTree();
        var project = tree.Add("user", "all", "", ("Containerfile", "FROM scratch AS package\nCOPY . /all/\n"), ("d/f", "f"));
        File.CreateSymbolicLink(tree.File("user", "all", "d/up"), "..");
        var digest = tree.Digest(project);
        tree.Write("user", "all", "d/f~", "a backup");
        tree.Write("user", "all", "d/.f.swp", "what vim keeps");
        tree.Write("user", "all", "all.msbuildproj.user", "what Visual Studio keeps");
        File.CreateSymbolicLink(tree.File("user", "all", ".#f"), "emacs@example.org:1");
        Assert.AreEqual(digest, tree.Digest(project));
        using var files = RootFilesystem.FromLayers(ImageLayout.Read((string)tree.Items(project)[0]["Layout"]!).Image.Layers, new LayerStore(Path.Combine(tree.Cache, "layers")));
        CollectionAssert.AreEqual(new[] { "all ", "all/d ", "all/d/f ", "all/d/up .." }, files.Entries.Select(entry => $"{entry.Path} {entry.LinkTarget}").ToArray());
    }

    [TestMethod]
    public void A_folder_where_the_sources_arrive_is_an_error()
    {
        using var tree = new TestTree();
        var project = tree.Add("user", "bad", $"""    <Source Include="a" Sha256="{new string('0', 64)}" />""", ("Containerfile", "FROM scratch AS package\nCOPY fetch/ /\n"), ("fetch/f", ""));
        tree.Build(project).MustFailWith(ErrorCode.DuplicateItem, tree.File("user", "bad", "fetch"), 0);
    }

    [TestMethod]
    public void Nothing_that_an_engine_adds_by_itself_reaches_the_image()
    {
        using var tree = new TestTree();
        tree.AddBusybox();
        tree.Add("user", "odd", TestTree.Busybox, ("Containerfile", """
            FROM stagex/core-busybox AS build
            ARG TARGETARCH
            ARG BUILDARCH
            VOLUME /volume
            RUN mkdir -p /etc /volume && echo "$TARGETARCH $BUILDARCH" > /etc/arch && echo kept > /volume/kept

            FROM scratch AS package
            COPY --from=build /etc/ /etc/
            COPY --from=build /volume/ /volume/
            """));
        var image = ImageLayout.Read((string)tree.Items(tree.Project("user", "odd"), "Build", "-p:StageXPlatform=linux/386")[0]["Layout"]!).Image;
        using var files = RootFilesystem.FromLayers(image.Layers, new LayerStore(Path.Combine(tree.Cache, "layers")));
        CollectionAssert.AreEqual(new[] { "etc", "etc/arch", "volume", "volume/kept" }, files.Entries.Select(entry => entry.Path).ToArray());
        Assert.AreEqual(Digest.Of("386 386\n"u8), files.Entries.Single(entry => entry.Path == "etc/arch").Content);
    }

    [TestMethod]
    [DataRow("FROM debian:12 AS package", ErrorCode.UnknownImage, 1)]
    [DataRow("FROM scratch AS package\nCOPY --from=nowhere / /", ErrorCode.UnknownImage, 2)]
    [DataRow("FROM scratch AS package\nCOPY missing.txt /", ErrorCode.MissingContextFile, 2)]
    [DataRow("FROM scratch AS package\nRUN --mount=type=cache,target=/x y", ErrorCode.ContainerfileUnsupported, 2)]
    [DataRow("FROM scratch AS package\nCOPY [z-a] /", ErrorCode.ContainerfileSyntax, 2)]
    [DataRow("FROM scratch AS package\n\nADD https://example.org/x /x", ErrorCode.ContainerfileUnsupported, 3)]
    [DataRow("FROM scratch AS package\nADD https://example.org/x.git /x", ErrorCode.ContainerfileUnsupported, 2)]
    [DataRow("FROM scratch AS package\nADD git@example.org:x/y /x", ErrorCode.ContainerfileUnsupported, 2)]
    [DataRow("FROM scratch AS package\nCOPY --from=fetch / /", ErrorCode.MissingContextFile, 2)]
    [DataRow("FROM scratch AS a\nCOPY --from=package / /\nFROM a AS package", ErrorCode.UnknownImage, 2)]
    [DataRow("FROM scratch AS a\nFROM scratch AS package\nCOPY --from=a /no/ /", ErrorCode.NothingToCopy, 3)]
    [DataRow("FROM scratch AS other", ErrorCode.MissingPackageStage, 1)]
    public void What_is_wrong_in_it_is_an_error_at_its_line(string text, string code, int line)
    {
        using var tree = new TestTree();
        var project = tree.Add("user", "bad", "", ("Containerfile", text));
        tree.Build(project).MustFailWith(code, tree.File("user", "bad", "Containerfile"), line);
    }

    [TestMethod]
    public void A_package_may_be_named_in_every_form_and_with_the_digest_that_it_has()
    {
        using var tree = new TestTree();
        var digest = tree.Digest(tree.Add("core", "one", """    <Directory Include="/a" />"""));
        var project = tree.Add("user", "all", """    <ProjectReference Include="../../core/one/one.msbuildproj" />""",
            ("Containerfile", $"FROM stagex/core-one@{digest} AS x\nFROM stagex/core-one:1.0 AS package\nCOPY --from=stagex/core-one:1.0@{digest} / /b/\nCOPY --from=stagex/core-one / /c/\nCOPY --from=x / /d/\n"));
        tree.Build(project).MustSucceed();
        var other = "sha256:" + new string('0', 64);
        tree.Write("user", "all", "Containerfile", $"FROM scratch AS package\nCOPY --from=stagex/core-one@{other} / /\n");
        tree.Build(project).MustFailWith(ErrorCode.UnknownImage, tree.File("user", "all", "Containerfile"), 2, digest);
    }

    [TestMethod]
    public void ADD_of_an_address_takes_the_source_that_is_declared_of_it()
    {
        using var tree = new TestTree();
        var bytes = "content"u8.ToArray();
        // What file a file: URL names is no matter of ADD's, which fetches nothing.
        var kept = Path.Combine(tree.Root, "file.bin");
        File.WriteAllBytes(kept, bytes);
        var address = $"file://{kept}";
        var source = $"""    <Source Include="{address}" Sha256="{Digest.Of(bytes).Hex}" Name="file" Extract="false" />""";
        var project = tree.Add("user", "add", source, ("Containerfile", $"FROM scratch AS package\nADD {address} /d/\nADD --chmod=644 --checksum={Digest.Of(bytes)} {address} /named\n"));
        var image = ImageLayout.Read((string)tree.Items(project)[0]["Layout"]!).Image;
        using var files = RootFilesystem.FromLayers(image.Layers, new LayerStore(Path.Combine(tree.Cache, "layers")));
        CollectionAssert.AreEqual(new[] { "d 755", "d/file.bin 600", "named 644" }, files.Entries.Select(entry => $"{entry.Path} {Convert.ToString(entry.Mode, 8)}").ToArray());
        tree.Write("user", "add", "Containerfile", $"FROM scratch AS package\nADD --checksum=sha256:{new string('0', 64)} {address} /d/\n");
        tree.Build(project).MustFailWith(ErrorCode.ContainerfileUnsupported, tree.File("user", "add", "Containerfile"), 2);
    }

    private static TestTree Tree(string references)
    {
        var tree = new TestTree();
        tree.AddBusybox();
        tree.Add("user", "hello", references, ("Containerfile", Text), ("hello.txt", "version @\n"));
        return tree;
    }
}
