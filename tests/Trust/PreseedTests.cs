using System.Text.Json.Nodes;
using StageX.Build.Images;
using StageX.Build.Tests.Registries;
using StageX.Build.Tests.Sdk;

namespace StageX.Build.Tests.Trust;

/// <summary>-t:Preseed: images that a newcomer need not build, by the real dotnet, git, gpg and registry.</summary>
[TestClass]
[TestCategory("System")]
public sealed class PreseedTests
{
    [TestMethod]
    public void A_newcomer_need_not_build_the_world_and_nobody_takes_what_he_fetched_for_built()
    {
        using var published = new PublishedTree(Fill).Publish();
        using var clone = published.Clone();
        var (all, zlib) = (clone.Tree(), clone.Project("core", "zlib"));

        // Only what is asked for, with all that it needs; and a second time nothing is left to do.
        string[] none = [.. published.Trust, "-p:StageXOffline=true"];
        clone.Build(all, ["-t:Preseed", .. none]).MustFail(ErrorCode.RegistryOffline);
        AssertStatus("fetched", clone.Items(zlib, "Preseed", published.Trust), "core-zlib");
        AssertStatus("fetched", clone.Items(all, "Preseed", published.Trust), "core-app", "core-zlib", "pallet-all");
        clone.Build(all, ["-t:Preseed", "-graph", "-isolate", .. none]).MustSucceed();

        // A build takes them as they are, in each way that there is to build.
        foreach (var project in new[] { all, clone.Project("pallet", "all") })
            clone.Build(project, "-graph", "-isolate").MustSucceed();
        AssertStatus("fetched", clone.Items(all), "core-app", "core-zlib", "pallet-all");
        // A tree of what was fetched is as quick to say that there is nothing to do.
        clone.Build(all).MustSucceed();
        var nothing = clone.Build(all).MustSucceed().Output;
        Assert.Contains("Nothing changed since the last build.", nothing);
        Assert.Contains("fetched", nothing);
        AssertStatus("fetched", clone.Items(all), "core-app", "core-zlib", "pallet-all");
        foreach (var id in new[] { "core-app", "core-zlib", "pallet-all" })
            Assert.AreEqual(published.Digest(id).ToString(), (string)clone.Items(all).Single(image => (string)image["Identity"]! == id)["Digest"]!);
        foreach (var (target, project) in new[] { ("Sign", "zlib.msbuildproj"), ("Verify", "zlib.msbuildproj"), ("VerifyBootstrap", "zlib.msbuildproj") })
            clone.Build(zlib, [$"-t:{target}", "-p:StageXSigningKey=alice", .. published.Trust]).MustFailWith(ErrorCode.ImageFetched, project, 0, "core-zlib");
        Assert.AreEqual("fetched", (string)clone.Items(zlib, "Publish", published.Trust).Single()["Status"]!);

        // What is changed is built, and what depends on it; what is built on purpose was built.
        clone.Write("core", "app", "motd", "Changed.\n");
        AssertStatus("built;fetched;built", clone.Items(all, "UpdateDigests"), "core-app", "core-zlib", "pallet-all");
        clone.Build(zlib, "-t:Rebuild").MustSucceed();
        AssertStatus("up to date", clone.Items(zlib), "core-zlib");
        AssertStatus("built", clone.Items(zlib, "Preseed", none), "core-zlib");
    }

    [TestMethod]
    public void What_a_package_is_lent_is_a_part_of_it()
    {
        using var published = new PublishedTree(tree =>
        {
            tree.Add("core", "zlib", """    <Directory Include="/etc" />""", ("motd", "Lent.\n"));
            tree.Add("core", "app", """
                    <ProjectReference Include="../zlib/zlib.msbuildproj" Runtime="true" />
                    <File Include="../zlib/motd" Path="/etc/" />
                """);
            tree.Add("pallet", "all", """    <ProjectReference Include="../../core/app/app.msbuildproj" />""");
        }).Publish();
        using var clone = published.Clone();
        var app = clone.Project("core", "app");
        AssertStatus("fetched", clone.Items(app, "Preseed", published.Trust), "core-app", "core-zlib");
        AssertStatus("fetched", clone.Items(app), "core-app");
        clone.Write("core", "zlib", "motd", "Changed.\n");
        AssertStatus("built", clone.Items(app, "UpdateDigests"), "core-app");
    }

    [TestMethod]
    [DataRow("../files/motd", DisplayName = "a file")]
    [DataRow("../files/message.props", DisplayName = "what a definition imports")]
    public void What_a_package_is_lent_by_one_that_it_does_not_refer_to_is_a_part_of_it(string changed)
    {
        using var published = new PublishedTree(tree =>
        {
            tree.Add("core", "files", """    <Directory Include="/etc" />""", ("motd", "Lent.\n"), ("message.props", """
                <Project>
                  <ItemGroup>
                    <File Include="$(Folder)/motd" Path="/etc/" />
                  </ItemGroup>
                </Project>
                """));
            tree.Add("core", "app", """
                    <Directory Include="/etc" />
                  </ItemGroup>
                  <PropertyGroup>
                    <Folder>../files</Folder>
                  </PropertyGroup>
                  <Import Project="../files/message.props" />
                  <ItemGroup>
                """);
        }).Publish();
        using var clone = published.Clone();
        var app = clone.Project("core", "app");
        AssertStatus("fetched", clone.Items(app, "Preseed", published.Trust), "core-app");
        AssertStatus("fetched", clone.Items(app), "core-app");

        File.AppendAllText(Path.Combine(Path.GetDirectoryName(app)!, changed), Path.GetExtension(changed) == ".props" ? "<!-- -->" : "Changed.\n");
        AssertStatus("built", clone.Items(app, "UpdateDigests"), "core-app");
        var result = clone.Build(app, ["-t:Preseed", .. published.Trust]).MustSucceed();
        Assert.Contains("which it is lent, is not as verified history has it", result.Output);
    }

    [TestMethod]
    public void What_was_changed_here_is_not_replaced()
    {
        using var published = new PublishedTree(Fill).Publish();
        using var clone = published.Clone();
        clone.Write("core", "app", "motd", "Mine.\n");
        var result = clone.Build(clone.Tree(), ["-t:Preseed", .. published.Trust]).MustSucceed();
        Assert.Contains("its folder is not as verified history has it", result.Output);
        Assert.Contains("core-app is to be built", result.Output);
        Assert.IsFalse(Directory.Exists(Path.Combine(clone.Artifacts, "images", "core-app")));
        AssertStatus("fetched", clone.Items(clone.Project("core", "zlib")), "core-zlib");
    }

    [TestMethod]
    [TestCategory("Attack")]
    public void Only_what_two_maintainers_signed_is_fetched()
    {
        using var published = new PublishedTree(Fill).Publish();
        var digest = published.Digest("core-zlib");
        var folder = Path.Combine(published.Store, $"{published.Name}/core-zlib@sha256={digest.Hex}");
        // Alice's two are left.
        foreach (var file in new[] { "signature-3", "signature-4" })
            File.Delete(Path.Combine(folder, file));
        using var clone = published.Clone();
        clone.Build(clone.Tree(), ["-t:Preseed", .. published.Trust]).MustFailWith(ErrorCode.QuorumMissing, "zlib.msbuildproj", 0, "1 more of 2 signers");
        Assert.IsFalse(Directory.Exists(Path.Combine(clone.Artifacts, "images", "core-zlib")));

        // Neither the working tree's digests nor the registry's word count.
        published.Sign("core-zlib", "1.0", People.Bob);
        File.WriteAllText(Path.Combine(clone.Root, "core", "digests.txt"), $"{Digest.Of("x"u8).Hex} core-zlib\n");
        File.WriteAllBytes(published.Registry.BlobPath(digest), [.. File.ReadAllBytes(published.Registry.BlobPath(digest)), (byte)' ']);
        clone.Build(clone.Project("core", "zlib"), ["-t:Preseed", .. published.Trust]).MustFail(ErrorCode.RegistryLied, ErrorCode.NotInRegistry, ErrorCode.RegistryUnreachable);
        Assert.IsFalse(Directory.Exists(Path.Combine(clone.Artifacts, "images", "core-zlib")));
    }

    [TestMethod]
    public void It_goes_on_where_it_was_interrupted_over_tls_with_a_login()
    {
        using var user = new RegistryUser();
        using var published = new PublishedTree(Fill, user.Registry, user.Environment).Publish();
        using var clone = published.Clone();
        // One blob has arrived in part.
        var digest = published.Digest("core-zlib");
        var layer = ImageLayout.Read(Path.Combine(published.Tree.Artifacts, "images", "core-zlib")).Image.Layers[0].Digest;
        var arriving = Path.Combine(clone.Artifacts, "arriving", digest.Hex, "sha256");
        Directory.CreateDirectory(arriving);
        var content = File.ReadAllBytes(published.Registry.BlobPath(layer));
        File.WriteAllBytes(Path.Combine(arriving, layer.Hex + ".partial"), content[..(content.Length / 2)]);
        AssertStatus("fetched", clone.Items(clone.Project("core", "zlib"), "Preseed", published.Trust), "core-zlib");
        Assert.IsFalse(Directory.Exists(Path.Combine(clone.Artifacts, "arriving", digest.Hex)));

        using var stranger = published.Clone(new Dictionary<string, string?>(user.Environment) { ["REGISTRY_AUTH_FILE"] = "/nonexistent" });
        stranger.Build(stranger.Project("core", "zlib"), ["-t:Preseed", .. published.Trust]).MustFail(ErrorCode.RegistryRefused);
    }

    private static void Fill(TestTree tree)
    {
        tree.Add("core", "zlib", """    <Directory Include="/etc" />""");
        tree.Add("core", "app", """
                <ProjectReference Include="../zlib/zlib.msbuildproj" Runtime="true" />
                <File Include="motd" Path="/etc/" />
            """, ("motd", "Welcome.\n"));
        tree.Add("pallet", "all", """    <ProjectReference Include="../../core/app/app.msbuildproj" />""");
    }

    private static void AssertStatus(string status, IReadOnlyList<JsonNode> images, params string[] ids)
    {
        var sorted = images.OrderBy(image => (string)image["Identity"]!, StringComparer.Ordinal).ToList();
        CollectionAssert.AreEqual(ids, sorted.Select(image => (string)image["Identity"]!).ToArray());
        Assert.AreEqual(status, string.Join(';', status.Contains(';', StringComparison.Ordinal) ? sorted.Select(image => (string)image["Status"]!) : sorted.Select(image => (string)image["Status"]!).Distinct()));
    }
}
