using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using StageX.Build.Images;
using StageX.Build.Reproducibility;
using StageX.Build.Tests.Registries;
using StageX.Build.Tests.Reproducibility;
using StageX.Build.Tests.Sdk;

namespace StageX.Build.Tests.Trust;

/// <summary>Packages elsewhere that are built on published images, by the real dotnet and registry.</summary>
[TestClass]
[TestCategory("System")]
public sealed partial class ImageReferenceTests
{
    private const string Zlib = """
            <File Include="hello" Path="/etc/" />
            <ContainerEnvironmentVariable Include="GREETING" Value="hello" />
        """;

    [TestMethod]
    public void A_published_image_is_a_dependency_like_any_other()
    {
        using var published = new PublishedTree(Fill).Publish();
        using var mine = Elsewhere(published);
        var project = mine.Add("user", "mine", $"""
            {Reference(published, "core-zlib", "Base=\"true\"")}
                <File Include="motd" Path="/etc/" />
            """, ("motd", "Welcome.\n"));
        AssertLayers(published, mine, "user-mine", own: true, "core-zlib");
        var image = ImageLayout.Read(Path.Combine(mine.Artifacts, "images", "user-mine")).Image;
        CollectionAssert.Contains(image.Config.Environment.ToArray(), "GREETING=hello");

        // Once it is here nobody asks the registry; and nothing is done where nothing changed.
        var offline = mine.Items(project, "Build", "-p:StageXOffline=true").Single();
        Assert.AreEqual("up to date", (string)offline["Status"]!);
        Assert.Contains("core-zlib", File.ReadAllText((string)mine.Items(project, "Containerfile").Single()["Identity"]!));
        mine.Build(project, "-t:Graph").MustSucceed();
        Assert.Contains("core-zlib", File.ReadAllText(Path.Combine(mine.Artifacts, "graph", "user-mine.dot")));
        Assert.Contains("user-mine: up to date", mine.Build(project, "-t:Why").MustSucceed().Output);
        mine.Build(project, "-graph", "-isolate", "-t:Rebuild").MustSucceed();
        mine.Build(project, "-t:VerifyBootstrap").MustFailWith(ErrorCode.ImageFetched, "mine.msbuildproj", 7, "core-zlib");
        mine.Build(project, "-t:Fetch").MustSucceed();

        // Another digest is another input.
        var zlib = published.Tree.AddVersion("core", "zlib", "2.0", Zlib, ("hello", "Changed.\n"));
        published.Tree.Build(zlib, "-t:UpdateDigests").MustSucceed();
        published.Merge();
        published.Sign("core-zlib", "2.0");
        published.Tree.Build(zlib, ["-t:Publish", .. published.Trust]).MustSucceed();
        File.WriteAllText(project, DigestAttribute().Replace(File.ReadAllText(project), $"Digest=\"{published.Digest("core-zlib")}\""));
        Assert.Contains("user-mine package: ", mine.Build(project, "-t:Why").MustSucceed().Output);
        AssertLayers(published, mine, "user-mine", own: true, "core-zlib");
    }

    [TestMethod]
    public void A_bill_of_materials_names_it_by_its_digest()
    {
        using var published = new PublishedTree(Fill).Publish();
        using var mine = Elsewhere(published);
        var project = mine.Add("user", "mine", $"{Reference(published, "core-app", "Runtime=\"true\"")}{Line(published, "core-zlib")}");
        mine.Add("user", "other", $"""    <ProjectReference Include="../mine/mine.msbuildproj" />{Line(published, "core-app")}{Line(published, "core-zlib")}""");
        var all = mine.Tree();
        File.WriteAllText(Path.Combine(mine.Root, ".gitignore"), "artifacts/\n");
        foreach (var arguments in new string[][] { ["init", "--quiet"], ["add", "."], ["-c", "user.name=x", "-c", "user.email=x@example.org", "-c", "commit.gpgsign=false", "commit", "--quiet", "-m", "Packages"] })
            Command.Run("git", arguments, mine.Root).MustSucceed();
        mine.Build(all, "-t:Attest").MustSucceed();
        mine.Build(project, "-t:Attest", "-p:StageXOffline=true").MustSucceed();
        foreach (var id in new[] { "user-mine", "user-other" })
        {
            var materials = JsonNode.Parse(File.ReadAllBytes(Path.Combine(mine.Artifacts, "attestations", id, BillOfMaterials.FileName)))!;
            Specifications.CheckSpdx(materials);
            var zlib = materials["packages"]!.AsArray().Single(package => (string)package!["name"]! == "core-zlib")!;
            Assert.AreEqual(("1.0", published.Digest("core-zlib").Hex), ((string)zlib["versionInfo"]!, (string)zlib["checksums"]![0]!["checksumValue"]!));
            Assert.AreEqual($"pkg:oci/core-zlib@sha256%3A{published.Digest("core-zlib").Hex}?repository_url={published.Name.Replace(":", "%3A", StringComparison.Ordinal)}/core-zlib", (string)zlib["externalRefs"]![0]!["referenceLocator"]!);
            Assert.IsTrue(materials["relationships"]!.AsArray().Any(relationship => (string)relationship!["spdxElementId"]! == "SPDXRef-Image-user-mine" && (string)relationship["relatedSpdxElement"]! == "SPDXRef-Image-core-app"));
        }
        mine.Build(project, "-t:Reproduce", $"-p:StageXProvenance={Path.Combine(mine.Artifacts, "attestations", "user-mine", Provenance.FileName)}").MustSucceed();
    }

    [TestMethod]
    public void What_a_published_image_needs_when_it_runs_is_asked_for_with_the_line_to_write()
    {
        using var published = new PublishedTree(Fill).Publish();
        using var mine = Elsewhere(published);
        var app = Reference(published, "core-app", "Runtime=\"true\"");
        var zlib = Line(published, "core-zlib");
        var project = mine.Add("pallet", "mine", app);
        mine.Build(project).MustFailWith(ErrorCode.ReferenceNotPinned, "mine.msbuildproj", 7, "core-app needs core-zlib", zlib, "signed as 1.0");
        mine.Add("pallet", "mine", $"{app}\n{zlib}");
        AssertLayers(published, mine, "pallet-mine", own: false, "core-zlib", "core-app");

        // Whoever refers to it needs core-app, which is in no other place either.
        var user = mine.Add("user", "other", """    <ProjectReference Include="../../pallet/mine/mine.msbuildproj" />""");
        mine.Build(user).MustFailWith(ErrorCode.UnknownTarget, "other.msbuildproj", 0, "pallet-mine needs core-app");
        mine.Add("user", "other", $"""    <ProjectReference Include="../../pallet/mine/mine.msbuildproj" />{app}{zlib}""");
        AssertLayers(published, mine, "user-other", own: false, "core-zlib", "core-app");
        mine.Build(mine.Tree(), "-graph", "-isolate").MustSucceed();
    }

    [TestMethod]
    public void A_tag_is_answered_with_the_line_to_write()
    {
        using var published = new PublishedTree(Fill).Publish();
        using var mine = Elsewhere(published);
        var line = Line(published, "core-zlib");
        foreach (var include in new[] { "core-zlib:1.0", "core-zlib" })
            mine.Build(mine.Add("user", "mine", $"""    <ImageReference Include="{published.Name}/{include}" />""")).MustFailWith(ErrorCode.ReferenceNotPinned, "mine.msbuildproj", 7, line, "signed as 1.0");
        // Of what nobody signed, there is no digest to tell.
        foreach (var include in new[] { "core-zlib:2.0", "core-other" })
            mine.Build(mine.Add("user", "mine", $"""    <ImageReference Include="{published.Name}/{include}" />""")).MustFailWith(ErrorCode.ReferenceNotPinned, "mine.msbuildproj", 7, "sha256:…");
        foreach (var written in new[] { $"core-zlib@{published.Digest("core-zlib")}\"", $"core-zlib:1.0\" Digest=\"{published.Digest("core-zlib")}\"" })
            mine.Build(mine.Add("user", "mine", $"""    <ImageReference Include="{published.Name}/{written} />""")).MustFailWith(ErrorCode.ReferenceNotPinned, "mine.msbuildproj", 7, line);
        mine.Build(mine.Add("user", "mine", $"""    <ImageReference Include="{published.Name}/core-zlib" Digest="1234" />""")).MustFailWith(ErrorCode.InvalidMetadata, "mine.msbuildproj", 7);
        mine.Build(mine.Add("user", "mine", $"""    <ImageReference Include="{published.Name}/zlib" Digest="{published.Digest("core-zlib")}" />""")).MustFailWith(ErrorCode.InvalidName, "mine.msbuildproj", 7);
        mine.Build(mine.Add("user", "mine", $"""    <ImageReference Include="zlib" Digest="{published.Digest("core-zlib")}" />""")).MustFailWith(ErrorCode.RegistryNameInvalid, "mine.msbuildproj", 7);
        mine.Build(mine.Add("user", "mine", line + line)).MustFailWith(ErrorCode.DuplicateItem, "mine.msbuildproj", 7);
        mine.Build(mine.Add("user", "mine", line.Replace(" />", " Stage=\"build\" />", StringComparison.Ordinal))).MustFailWith(ErrorCode.UnknownMetadata, "mine.msbuildproj", 7);
    }

    [TestMethod]
    public void A_hand_written_Containerfile_starts_from_a_published_image()
    {
        using var published = new PublishedTree(Fill).Publish();
        using var mine = Elsewhere(published);
        var project = mine.Add("user", "mine", Line(published, "core-zlib"), ("Containerfile", "FROM scratch AS package\nCOPY --from=stagex/core-zlib /etc/hello /hello\n"));
        var digest = mine.Digest(project);
        mine.Write("user", "mine", "Containerfile", "FROM stagex/core-zlib AS package\n");
        AssertLayers(published, mine, "user-mine", own: false, "core-zlib");
        Assert.AreNotEqual(digest, mine.Digest(project));
        mine.Write("user", "mine", "Containerfile", "FROM scratch AS package\nCOPY Containerfile /\n");
        mine.Build(project).MustFailWith(ErrorCode.UnusedProjectReference, "mine.msbuildproj", 7, "<ImageReference");
    }

    [TestMethod]
    [TestCategory("Attack")]
    public void Only_what_the_users_own_maintainers_signed_is_accepted()
    {
        using var published = new PublishedTree(Fill).Publish();
        using var mine = Elsewhere(published);
        var project = mine.Add("user", "mine", Line(published, "core-zlib"));
        var maintainers = Path.Combine(mine.Root, "maintainers");

        // One whom the user trusts is not enough, whomever the distribution has.
        WriteMaintainers(mine, "Bob", "Carol");
        mine.Build(project).MustFailWith(ErrorCode.QuorumMissing, "mine.msbuildproj", 7, "1 more of 2 signers");
        WriteMaintainers(mine);
        mine.Build(project).MustFailWith(ErrorCode.NoMaintainers, "mine.msbuildproj", 0);
        Directory.Delete(maintainers, recursive: true);
        mine.Build(project, "-p:StageXMaintainers=maintainers").MustFailWith(ErrorCode.MaintainersUnreadable, "mine.msbuildproj", 0);
        mine.Build(project, $"-p:StageXConfiguration={mine.Root}").MustFailWith(ErrorCode.NoTrustedCommit, "mine.msbuildproj", 0);
        mine.Build(project, [.. published.Trust, "-p:StageXMaintainers="]).MustSucceed();
        WriteMaintainers(mine, "Alice", "Bob");

        // What is here is judged again: the policy may have been raised since.
        mine.Build(project).MustSucceed();
        File.WriteAllText(Path.Combine(maintainers, "policy.txt"), People.Policy.Replace("artifact-signers: 2", "artifact-signers: 3", StringComparison.Ordinal));
        mine.Build(project).MustFailWith(ErrorCode.QuorumMissing, "mine.msbuildproj", 7);
        WriteMaintainers(mine, "Alice", "Bob");

        // An image that is signed, under another name.
        var copied = Path.Combine(published.Store, $"{published.Name}/core-other@sha256={published.Digest("core-zlib").Hex}");
        Command.Run("cp", ["-r", Path.Combine(published.Store, $"{published.Name}/core-zlib@sha256={published.Digest("core-zlib").Hex}"), copied]).MustSucceed();
        mine.Build(mine.Add("user", "copied", Line(published, "core-zlib").Replace("core-zlib\"", "core-other\"", StringComparison.Ordinal))).MustFailWith(ErrorCode.QuorumMissing, "copied.msbuildproj", 7, "2 more of 2 signers");
        Assert.IsFalse(Directory.Exists(Path.Combine(mine.Artifacts, "images", "user-copied")));
    }

    [TestMethod]
    public void It_comes_over_tls_with_a_login()
    {
        using var user = new RegistryUser();
        using var published = new PublishedTree(Fill, user.Registry, user.Environment).Publish();
        using var mine = Elsewhere(published);
        mine.Build(mine.Add("user", "mine", Line(published, "core-zlib")), "-p:StageXOffline=true").MustFailWith(ErrorCode.RegistryOffline, "mine.msbuildproj", 7);
        AssertLayers(published, mine, "user-mine", own: false, "core-zlib");
    }

    private static void Fill(TestTree tree)
    {
        tree.Add("core", "zlib", Zlib, ("hello", "Hello.\n"));
        tree.Add("core", "app", """
                <ProjectReference Include="../zlib/zlib.msbuildproj" Runtime="true" />
                <Directory Include="/app" />
            """);
        tree.Add("pallet", "all", """    <ProjectReference Include="../../core/app/app.msbuildproj" />""");
    }

    /// <summary>A user's folder, which knows the maintainers and where signatures are.</summary>
    private static TestTree Elsewhere(PublishedTree published)
    {
        var mine = new TestTree { Environment = new Dictionary<string, string?>(published.Tree.Environment) { ["StageXSignatureStore"] = published.Store } };
        WriteMaintainers(mine, "Alice", "Bob");
        return mine;
    }

    private static void WriteMaintainers(TestTree mine, params IEnumerable<string> names)
    {
        var folder = Path.Combine(mine.Root, "maintainers");
        if (Directory.Exists(folder))
            Directory.Delete(folder, recursive: true);
        Directory.CreateDirectory(folder);
        foreach (var (name, content) in People.Files(People.Gpg, People.Policy, names))
            File.WriteAllBytes(Path.Combine(folder, name), content);
    }

    private static string Line(PublishedTree published, string id) => $"<ImageReference Include=\"{published.Name}/{id}\" Digest=\"{published.Digest(id)}\" />";

    private static string Reference(PublishedTree published, string id, string metadata) => Line(published, id).Replace(" />", $" {metadata} />", StringComparison.Ordinal);

    /// <summary>Builds; the image is the layers of these and perhaps one of its own.</summary>
    private static void AssertLayers(PublishedTree published, TestTree mine, string id, bool own, params string[] below)
    {
        var dash = id.IndexOf('-', StringComparison.Ordinal);
        mine.Build(mine.Project(id[..dash], id[(dash + 1)..])).MustSucceed();
        var layers = ImageLayout.Read(Path.Combine(mine.Artifacts, "images", id)).Image.Layers;
        var expected = below.SelectMany(other => ImageLayout.Read(Path.Combine(published.Tree.Artifacts, "images", other)).Image.Layers).Distinct().ToList();
        CollectionAssert.AreEqual(expected, layers.Take(layers.Count - (own ? 1 : 0)).ToList());
    }

    [GeneratedRegex("Digest=\"[^\"]*\"")]
    private static partial Regex DigestAttribute();
}
