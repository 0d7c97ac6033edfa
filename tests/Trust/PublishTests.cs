using StageX.Build.Images;
using StageX.Build.Registries;
using StageX.Build.Reproducibility;
using StageX.Build.Tests.Registries;
using StageX.Build.Tests.Sdk;
using StageX.Build.Tests.Sources;
using StageX.Build.Trust;

namespace StageX.Build.Tests.Trust;

/// <summary>-t:Publish, by the real dotnet, git, gpg and registry.</summary>
[TestClass]
[TestCategory("System")]
public sealed class PublishTests
{
    [TestMethod]
    public async Task Images_and_attestations_arrive_over_tls_with_a_login_and_their_digests_survive()
    {
        using var user = new RegistryUser();
        using var published = new PublishedTree(Fill, user.Registry, user.Environment);
        var tree = published.Tree;
        File.WriteAllText(Path.Combine(tree.Root, ".gitignore"), "artifacts/\n");
        foreach (var arguments in new string[][] { ["init", "--quiet"], ["add", "."], ["-c", "user.name=x", "-c", "user.email=x@example.org", "-c", "commit.gpgsign=false", "commit", "--quiet", "-m", "Packages"] })
            Command.Run("git", arguments, tree.Root).MustSucceed();
        tree.Build(tree.Project("core", "zlib"), "-t:Attest").MustSucceed();
        published.Publish();
        // Once more: nothing is new, and nothing fails.
        tree.Build(tree.Tree(), ["-t:Publish", .. published.Trust]).MustSucceed();

        var digest = published.Digest("core-zlib");
        foreach (var reference in new[] { $"@{digest}", ":1.0" })
            Assert.AreEqual(digest.ToString(), Command.Run("skopeo", ["inspect", "--cert-dir", user.Certificates, "--format", "{{.Digest}}", $"docker://{published.Name}/core-zlib{reference}"], environment: user.Environment).MustSucceed().Output.Trim());
        using var folder = new TemporaryFolder();
        using var repository = new RemoteRepository(RepositoryName.Parse($"{published.Name}/core-zlib"), user.Options, new TestLog());
        var attestations = Path.Combine(tree.Artifacts, "attestations", "core-zlib");
        foreach (var (type, file) in new[] { (Provenance.MediaType, Provenance.FileName), (BillOfMaterials.MediaType, BillOfMaterials.FileName) })
            CollectionAssert.AreEqual(File.ReadAllBytes(Path.Combine(attestations, file)), (await RemoteReferrers.PullAsync(repository, digest, type, folder[file], default)).Single());

        // Somebody whom the registry does not know.
        using var other = new TemporaryFolder();
        File.WriteAllText(other["auth.json"], "{}");
        using var stranger = new TestTree { Environment = new Dictionary<string, string?>(tree.Environment) { ["REGISTRY_AUTH_FILE"] = other["auth.json"] } };
        var project = stranger.Add("core", "zlib", Zlib);
        stranger.Build(project, ["-t:Publish", .. published.Trust]).MustFail(ErrorCode.RegistryRefused);
        using var unbelieving = new TestTree { Environment = new Dictionary<string, string?>(tree.Environment) { ["XDG_CONFIG_HOME"] = other.Path } };
        unbelieving.Build(unbelieving.Add("core", "zlib", Zlib), ["-t:Publish", .. published.Trust]).MustFail(ErrorCode.RegistryUnreachable);
    }

    [TestMethod]
    public void A_publication_that_was_killed_leaves_no_tag_and_is_taken_up_again()
    {
        using var published = new PublishedTree(tree =>
        {
            tree.Add("core", "large", """    <File Include="data" Path="/" />""", ("data", ""));
            var random = new byte[96 << 20];
            new Random(1).NextBytes(random);
            File.WriteAllBytes(tree.File("core", "large", "data"), random);
        });
        published.Sign("core-large");
        var project = published.Tree.Project("core", "large");
        CommandResult Inspect() => Command.Run("skopeo", ["inspect", "--tls-verify=false", "--format", "{{.Digest}}", $"docker://{published.Name}/core-large:1.0"]);
        using (var publishing = published.Tree.Start(project, ["-t:Publish", "-m:1", .. published.Trust]))
        {
            Assert.IsTrue(SpinWait.SpinUntil(() => publishing.HasExited || published.Registry.HasUploads("stagex/core-large"), TimeSpan.FromMinutes(2)));
            publishing.Kill(entireProcessTree: true);
            publishing.WaitForExit();
        }
        Assert.AreNotEqual(0, Inspect().ExitCode);
        published.Tree.Build(project, ["-t:Publish", .. published.Trust]).MustSucceed();
        Assert.AreEqual(published.Digest("core-large").ToString(), Inspect().MustSucceed().Output.Trim());
    }

    [TestMethod]
    [TestCategory("Attack")]
    public void A_version_that_was_built_anew_is_no_alarm_and_one_that_history_never_had_is()
    {
        using var published = new PublishedTree(Fill);
        var zlib = published.Tree.Project("core", "zlib");
        published.Sign("core-zlib");
        var former = published.Digest("core-zlib");
        published.Tree.Add("core", "zlib", """    <Directory Include="/usr" />""");
        published.Tree.Build(published.Tree.Tree(), "-t:UpdateDigests").MustSucceed();
        published.Merge();
        published.Sign("core-zlib");
        foreach (var target in new[] { "VerifySignatures", "Publish" })
            published.Tree.Build(zlib, [$"-t:{target}", .. published.Trust]).MustSucceed();

        var name = TrustSettings.NameOf(published.Name, "core-zlib");
        void Say(Digest digest, string reference) => new SignatureStore(published.Store).Add(name, digest, People.Gpg.Sign(People.Carol, new ContainerSignature { Reference = reference, Manifest = digest }.Serialize()));
        Say(Digest.Of("evil"u8), $"{name}:1.0");
        foreach (var target in new[] { "VerifySignatures", "Publish" })
            published.Tree.Build(zlib, [$"-t:{target}", .. published.Trust]).MustFailWith(ErrorCode.OtherDigestSigned, "signature-1", 0, "Carol");
        Directory.Delete(Path.Combine(published.Store, $"{name}@sha256={Digest.Of("evil"u8).Hex}"), recursive: true);
        // A release has one image of each package.
        Say(former, $"{name}:sx1");
        published.Tree.Build(zlib, ["-t:VerifySignatures", "-p:StageXRelease=1", .. published.Trust]).MustFailWith(ErrorCode.OtherDigestSigned, "signature-5", 0, "Carol");
    }

    [TestMethod]
    [TestCategory("Attack")]
    public void A_layer_that_was_swapped_after_the_build_gets_no_tag()
    {
        using var published = new PublishedTree(Fill);
        published.Sign("core-zlib");
        var layout = Path.Combine(published.Tree.Artifacts, "images", "core-zlib");
        var layer = new FileInfo(Path.Combine(layout, "blobs", "sha256", ImageLayout.Read(layout).Image.Layers[0].Digest.Hex));
        var (time, content) = (layer.LastWriteTimeUtc, File.ReadAllBytes(layer.FullName));
        content[^20] ^= 1;
        File.WriteAllBytes(layer.FullName, content);
        layer.LastWriteTimeUtc = time;
        Assert.AreNotEqual(0, published.Tree.Build(published.Tree.Project("core", "zlib"), ["-t:Publish", .. published.Trust]).ExitCode);
        Assert.AreNotEqual(0, Command.Run("skopeo", ["inspect", "--tls-verify=false", $"docker://{published.Name}/core-zlib:1.0"]).ExitCode);
    }

    [TestMethod]
    [TestCategory("Attack")]
    public async Task What_takes_the_images_place_between_check_and_push_is_not_pushed()
    {
        using var registry = new LocalRegistry();
        using var tree = new TestTree();
        using var folder = new TemporaryFolder();
        tree.Build(tree.Add("core", "zlib", Zlib)).MustSucceed();
        var layout = Path.Combine(tree.Artifacts, "images", "core-zlib");
        var judged = ImageLayout.Read(layout).Manifest.Digest;
        var manifest = Path.Combine(layout, "blobs", "sha256", judged.Hex);
        using var repository = new RemoteRepository(RepositoryName.Parse($"{registry.Address}/stagex/core-zlib"), new RegistryOptions(), new TestLog());
        async Task MustBeRefusedAsync()
        {
            Assert.AreEqual(ErrorCode.UnreadableLayout, (await Assert.ThrowsExactlyAsync<StageXException>(() => RemoteImage.PushAsync(layout, repository, ["1.0"], default, judged))).Code);
            Assert.IsNull(await repository.FindManifestAsync("1.0", default));
        }

        // A manifest that is another when it is read once more.
        File.Move(manifest, folder["good"]);
        File.WriteAllText(folder["evil"], File.ReadAllText(folder["good"]).Replace("core-zlib", "core-evil", StringComparison.Ordinal));
        Command.Run("mkfifo", [manifest]).MustSucceed();
        using (var writer = Command.Start("bash", ["-euc", $"cat {folder["good"]} > {manifest}; cat {folder["evil"]} > {manifest}"]))
        {
            await MustBeRefusedAsync();
            writer.Kill();
        }
        File.Delete(manifest);
        File.Move(folder["good"], manifest);

        // An index that points two ways.
        var index = Path.Combine(layout, "index.json");
        var text = File.ReadAllText(index);
        var descriptor = text[(text.IndexOf('[', StringComparison.Ordinal) + 1)..text.LastIndexOf(']')];
        File.WriteAllText(index, text.Replace(descriptor, $"{descriptor},{descriptor.Replace(judged.Hex, Digest.Of("x"u8).Hex, StringComparison.Ordinal)}", StringComparison.Ordinal));
        await MustBeRefusedAsync();
        File.WriteAllText(index, text);

        // Another image.
        tree.Build(tree.Add("core", "zlib", """    <Directory Include="/usr" />""")).MustSucceed();
        await MustBeRefusedAsync();
    }

    [TestMethod]
    [DataRow("VerifySource")]
    [DataRow("VerifySignatures")]
    [DataRow("ContainersPolicy")]
    [DataRow("Publish")]
    [DataRow("Preseed")]
    public void Every_target_can_be_built_in_isolation(string target)
    {
        using var published = new PublishedTree(Fill);
        foreach (var id in new[] { "core-zlib", "pallet-all" })
            published.Sign(id);
        foreach (var project in new[] { published.Tree.Tree(), published.Tree.Project("pallet", "all") })
            published.Tree.Build(project, ["-graph", "-isolate", $"-t:{target}", .. published.Trust]).MustSucceed();
    }

    [TestMethod]
    public void Every_target_can_be_asked_of_a_solution()
    {
        using var published = new PublishedTree(Fill);
        foreach (var id in new[] { "core-zlib", "pallet-all" })
            published.Sign(id);
        var tree = published.Tree;
        Command.Run("dotnet", ["new", "sln", "-n", "all", "--format", "sln"], tree.Root).MustSucceed();
        Command.Run("dotnet", ["sln", "all.sln", "add", "--in-root", tree.Project("core", "zlib"), tree.Project("pallet", "all")], tree.Root).MustSucceed();
        foreach (var target in new[] { "VerifySource", "VerifySignatures", "ContainersPolicy", "Publish", "Preseed" })
            tree.Build(Path.Combine(tree.Root, "all.sln"), [$"-t:{target}", .. published.Trust]).MustSucceed();
    }

    private const string Zlib = """    <Directory Include="/etc" />""";

    private static void Fill(TestTree tree)
    {
        tree.Add("core", "zlib", Zlib);
        tree.Add("pallet", "all", """    <ProjectReference Include="../../core/zlib/zlib.msbuildproj" />""");
    }
}
