using System.Text;
using System.Text.Json.Nodes;
using StageX.Build.Images;
using StageX.Build.Reproducibility;
using StageX.Build.Tests.Registries;
using StageX.Build.Tests.Sdk;
using StageX.Build.Tests.Trust;

namespace StageX.Build.Tests.Reproducibility;

[TestClass]
public sealed class AttestationTests
{
    private static readonly string[] Files = [Provenance.FileName, BillOfMaterials.FileName, "index.json", "oci-layout"];

    [TestMethod]
    public void Attestations_are_the_same_in_every_clone_of_a_commit()
    {
        using var tree = Tree();
        using var folder = new TemporaryFolder();
        tree.Build(tree.Tree(), "-t:Attest").MustSucceed();
        var clone = folder["else where"];
        Git(tree.Root, "clone", "--quiet", tree.Root, clone);
        Command.Run("dotnet", ["msbuild", Path.Combine(clone, "pallet", "p", "p.msbuildproj"), "-t:Attest", "-nologo", "-nodeReuse:false", $"-p:StageXCache={PutSource(folder["cache"])}", "-p:StageXDebianSuites=none"],
            folder.Path, new Dictionary<string, string?> { ["RepositoryUrl"] = "https://example.org/tree.git", ["TZ"] = "Asia/Kolkata", ["LC_ALL"] = "tr_TR.UTF-8" }).MustSucceed();
        foreach (var id in new[] { "core-lib", "core-app", "pallet-p", "core-lib-dev" })
        {
            var (ours, theirs) = (Folder(tree.Root, id), Folder(clone, id));
            CollectionAssert.AreEqual(All(ours), All(theirs));
            foreach (var file in All(ours))
            {
                CollectionAssert.AreEqual(File.ReadAllBytes(Path.Combine(ours, file)), File.ReadAllBytes(Path.Combine(theirs, file)), file);
                Assert.DoesNotContain(tree.Root, File.ReadAllText(Path.Combine(ours, file)));
            }
            Assert.IsEmpty(Files.Except(All(ours)));
        }
        // The image's own layout goes on naming one image.
        ImageValidator.Validate(Path.Combine(tree.Artifacts, "images", "pallet-p"));
        tree.Build(tree.Tree(), "-t:Clean").MustSucceed();
        Assert.IsEmpty(Directory.GetDirectories(Path.Combine(tree.Artifacts, "attestations")));
    }

    [TestMethod]
    public void The_documents_are_what_their_specifications_ask_for()
    {
        using var tree = Tree();
        var items = tree.Items(tree.Project("pallet", "p"), "Attest");
        Assert.AreEqual("pallet-p", (string)items.Single()["Identity"]!);
        var app = ReadJson(tree, "core-app", Provenance.FileName);
        Specifications.CheckProvenance(app);
        var commit = Git(tree.Root, "rev-parse", "HEAD");
        var resources = app["predicate"]!["buildDefinition"]!["resolvedDependencies"]!.AsArray().ToDictionary(resource => (string)resource!["name"]!, resource => resource!);
        CollectionAssert.AreEqual(new[] { "tree", "definition", "fetch/app", "image/core-lib" }, resources.Keys.ToArray());
        Assert.AreEqual(commit, (string)resources["tree"]["digest"]!["gitCommit"]!);
        Assert.AreEqual($"git+https://example.org/tree.git@{commit}", (string)resources["tree"]["uri"]!);
        Assert.AreEqual(Git(tree.Root, "rev-parse", "HEAD:core/app"), (string)resources["definition"]["digest"]!["gitTree"]!);
        Assert.AreEqual("https://example.org/app-1.0.tar.gz", (string)resources["fetch/app"]["uri"]!);
        Assert.AreEqual(SourceHash, (string)resources["fetch/app"]["digest"]!["sha256"]!);
        Assert.AreEqual(DigestOf(tree, "core-lib").Hex, (string)resources["image/core-lib"]["digest"]!["sha256"]!);
        Assert.AreEqual(DigestOf(tree, "core-app").Hex, (string)app["subject"]![0]!["digest"]!["sha256"]!);

        var materials = ReadJson(tree, "pallet-p", BillOfMaterials.FileName);
        Specifications.CheckSpdx(materials);
        var packages = materials["packages"]!.AsArray().ToDictionary(package => (string)package!["SPDXID"]!, package => package!);
        CollectionAssert.AreEquivalent(new[] { "SPDXRef-Image-pallet-p", "SPDXRef-Image-core-app", "SPDXRef-Image-core-lib", "SPDXRef-Source-core-app-" + SourceHash[..16] }, packages.Keys.ToArray());
        Assert.AreEqual("MIT OR LicenseRef-Own", (string)packages["SPDXRef-Image-core-app"]["licenseDeclared"]!);
        Assert.AreEqual("something odd, really", (string)packages["SPDXRef-Image-core-lib"]["licenseComments"]!);
        Assert.AreEqual("https://example.org/app-1.0.tar.gz", (string)packages["SPDXRef-Source-core-app-" + SourceHash[..16]]["downloadLocation"]!);
        var relationships = materials["relationships"]!.AsArray().Select(r => $"{r!["spdxElementId"]} {r["relationshipType"]} {r["relatedSpdxElement"]}".Replace("SPDXRef-", "")).ToArray();
        CollectionAssert.AreEquivalent(new[]
        {
            "DOCUMENT DESCRIBES Image-pallet-p", "Image-pallet-p CONTAINS Image-core-app", "Image-pallet-p CONTAINS Image-core-lib",
            "Image-core-app DEPENDS_ON Image-core-lib", "Image-core-app GENERATED_FROM Source-core-app-" + SourceHash[..16],
        }, relationships);

        foreach (var id in new[] { "core-lib", "core-lib-dev", "core-app", "pallet-p" })
        {
            Specifications.CheckReferrers(Folder(tree.Root, id), DigestOf(tree, id));
            Specifications.CheckProvenance(ReadJson(tree, id, Provenance.FileName));
            Specifications.CheckSpdx(ReadJson(tree, id, BillOfMaterials.FileName));
        }
    }

    [TestMethod]
    public void Whoever_publishes_the_specifications_finds_nothing_wrong_with_the_documents()
    {
        using var tree = Tree();
        tree.Build(tree.Tree(), "-t:Attest").MustSucceed();
        string[] ids = ["core-lib", "core-lib-dev", "core-app", "pallet-p"];
        foreach (var (kind, file, mutations) in new (string, string, (string From, string To)[])[]
        {
            ("provenance", Provenance.FileName,
            [
                ("\"buildType\"", "\"buildKind\""), ("\"buildType\"", "\"build_type\""), ("\"resolvedDependencies\":[", "\"resolvedDependencies\":[[],"), ("\"subject\":[", "\"subject\":[{\"hash\":\"\"},"),
                ("\"runDetails\":{", "\"runDetails\":{\"host\":\"here\","), ("\"predicateType\":\"", "\"predicateType\":1,\"was\":\""),
            ]),
            ("spdx", BillOfMaterials.FileName,
            [
                ("SPDX-2.3", "SPDX-2.x"), (SourceHash, "00"), ("\"SHA256\"", "\"SHA257\""), ("\"packages\":[", "\"package\":[],\"packages\":["), ("MIT OR LicenseRef-Own", "MIT OR LicenseRef-Other"),
                ("\"DESCRIBES\"", "\"PRESCRIBES\""), ("\"CONTAINER\"", "\"BOTTLE\""), ("\"filesAnalyzed\":false", "\"filesAnalysed\":false"), ("1970-01-01T", "1970-01-01 "),
            ]),
        })
        {
            Specifications.CheckAsPublished(kind, ids.Select(id => Path.Combine(Folder(tree.Root, id), file)));
            // They would say it if something were wrong.
            var text = File.ReadAllText(Path.Combine(Folder(tree.Root, "core-app"), file));
            using var folder = new TemporaryFolder();
            foreach (var (from, to) in mutations)
            {
                Assert.Contains(from, text);
                File.WriteAllText(folder["mutant.json"], text.Replace(from, to, StringComparison.Ordinal));
                Assert.AreEqual(1, Specifications.AsPublished(kind, folder["mutant.json"]).ExitCode, to);
            }
        }
    }

    [TestMethod]
    public void A_provenance_says_what_it_was_read_from_and_nothing_else_is_one()
    {
        var provenance = new Provenance
        {
            Id = "core-a", Digest = Digest.Of("x"u8), Project = "packages/core/a/a.msbuildproj", Platform = "linux/amd64", Commit = new string('a', 40), Definition = new string('b', 64), SdkVersion = "1.2.3",
            Sources = [new("a", "https://example.org/a", Digest.Of("a"u8), null), new("g", null, Digest.Of("g"u8), new string('c', 40))], Images = [new("core-b", Digest.Of("b"u8))],
        };
        var json = provenance.ToJson();
        CollectionAssert.AreEqual(json, Provenance.Parse(json).ToJson());
        foreach (var (from, to) in new[]
        {
            ("https://slsa.dev/provenance/v1", "https://slsa.dev/provenance/v0.2"), ("Statement/v1", "Statement/v0.1"), ("stagex.build/package/v1", "stagex.build/package/v2"), ("\"name\":\"core-a\"", "\"name\":\"core-c\""),
            (new string('a', 40), "--upload-pack=evil"), (new string('a', 40), new string('A', 40)), ("\"gitCommit\"", "\"sha1\""), (provenance.Digest.Hex, "00"), ("fetch/a", "a"), ("{", "["),
        })
            Assert.ThrowsExactly<FormatException>(() => Provenance.Parse(Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(json).Replace(from, to, StringComparison.Ordinal))), from);
    }

    [TestMethod]
    public void What_no_commit_holds_is_not_attested()
    {
        using var tree = Tree();
        var project = tree.Project("core", "lib");
        tree.Write("core", "other", "untracked", "");
        tree.Build(project, "-t:Attest").MustFailWith("SX6021", "lib.msbuildproj", 0, "core/other/");
        Directory.Delete(Path.Combine(tree.Root, "core", "other"), recursive: true);
        tree.Write("core", "lib", "lib.so", "changed");
        tree.Build(project, "-t:Attest").MustFailWith("SX6021", "lib.msbuildproj", 0, "core/lib/lib.so");
        Directory.Delete(Path.Combine(tree.Root, ".git"), recursive: true);
        tree.Build(project, "-t:Attest").MustFailWith("SX6020", "lib.msbuildproj", 0, "no checkout of a git commit");
        Assert.IsFalse(Directory.Exists(Folder(tree.Root, "core-lib")));
    }

    [TestMethod]
    public void An_image_is_reproduced_from_its_provenance_or_the_difference_is_named()
    {
        using var tree = Tree();
        using var folder = new TemporaryFolder();
        var project = tree.Project("core", "app");
        var provenance = folder["provenance.json"];
        File.Copy((string)tree.Items(project, "Attest").Single()["Provenance"]!, provenance);
        var digest = DigestOf(tree, "core-app").ToString();
        Directory.Delete(tree.Artifacts, recursive: true);
        CommandResult Reproduce(string file, params string[] more) => tree.Build(project, ["-t:Reproduce", $"-p:StageXProvenance={file}", .. more]);

        // In this checkout, which is at the commit.
        Assert.Contains($"core-app: reproduced {digest}", Reproduce(provenance, $"-p:StageXDigest={digest}").MustSucceed().Output);
        Reproduce(provenance, $"-p:StageXDigest={Digest.Of("x"u8)}").MustFailWith("SX6022", "app.msbuildproj", 0);
        Reproduce("").MustFailWith("SX6022", "app.msbuildproj", 0, "StageXProvenance");
        Reproduce(folder["nowhere.json"]).MustFailWith("SX6022", "app.msbuildproj", 0);
        tree.Build(tree.Project("core", "lib"), "-t:Reproduce", $"-p:StageXProvenance={provenance}").MustFailWith("SX6022", "lib.msbuildproj", 0, "core-app");

        // What the provenance names must be what the commit has.
        string Forged(string from, string to)
        {
            var text = File.ReadAllText(provenance);
            Assert.Contains(from, text);
            var file = folder[$"forged-{Guid.NewGuid():n}.json"];
            File.WriteAllText(file, text.Replace(from, to, StringComparison.Ordinal));
            return file;
        }
        Reproduce(Forged(SourceHash, new string('0', 64))).MustFailWith("SX6024", "app.msbuildproj", 0, "sources", SourceHash);
        Reproduce(Forged("app-1.0.tar.gz", "app-1.1.tar.gz")).MustFailWith("SX6024", "app.msbuildproj", 0, "sources");
        Reproduce(Forged(Git(tree.Root, "rev-parse", "HEAD:core/app"), new string('1', 40))).MustFailWith("SX6024", "app.msbuildproj", 0, "tree");
        Reproduce(Forged(DigestOf(tree, "core-lib").Hex, new string('2', 64))).MustFailWith("SX6024", "app.msbuildproj", 0, "core-lib");
        Reproduce(Forged(digest["sha256:".Length..], new string('3', 64))).MustFailWith("SX6025", "app.msbuildproj", 0, digest, new string('3', 64));

        // Later the checkout is somewhere else: in a clean clone, with its own artifacts.
        tree.Write("core", "lib", "lib.so", "changed");
        Commit(tree);
        Reproduce(provenance).MustFailWith("SX6023", "app.msbuildproj", 0, "StageXCheckout");
        var clone = folder["clone"];
        var item = tree.Items(project, "Reproduce", $"-p:StageXProvenance={provenance}", $"-p:StageXCheckout={clone}").Single();
        Assert.AreEqual(digest, (string)item["Digest"]!);
        Assert.StartsWith(clone, (string)item["Layout"]!);
        // The clone serves again as long as it is clean.
        Reproduce(provenance, $"-p:StageXCheckout={clone}").MustSucceed();
        File.WriteAllText(Path.Combine(clone, "core", "lib", "lib.so"), "changed");
        Reproduce(provenance, $"-p:StageXCheckout={clone}").MustFailWith("SX6021", "app.msbuildproj", 0, "lib.so");
        Reproduce(provenance, $"-p:StageXCheckout={tree.Root}").MustFailWith("SX6026", "app.msbuildproj", 0);
        Reproduce(Forged(Git(tree.Root, "rev-parse", "HEAD~"), new string('4', 40)), $"-p:StageXCheckout={folder["other"]}").MustFailWith("SX6023", "app.msbuildproj", 0);
    }

    [TestMethod]
    [TestCategory("System")]
    [DataRow(false)]
    [DataRow(true)]
    public void Published_beside_its_image_a_provenance_is_found_from_the_digest_alone(bool referrers)
    {
        using var registry = new LocalRegistry(referrers: referrers);
        using var published = new PublishedTree(tree => tree.Add("core", "lib", """    <File Include="lib.h" Path="/usr/include/" />""", ("lib.h", "header")), registry);
        var tree = published.Tree;
        File.WriteAllText(Path.Combine(tree.Root, ".gitignore"), "/artifacts/\n");
        Git(tree.Root, "init", "--quiet", "--initial-branch=main");
        Commit(tree);
        var project = tree.Project("core", "lib");
        tree.Build(project, "-t:Attest").MustSucceed();
        published.Publish();

        var digest = published.Digest("core-lib");
        var listed = Command.Run("skopeo", ["inspect", "--raw", "--tls-verify=false", $"docker://{published.Name}/core-lib:sha256-{digest.Hex}"]);
        Assert.AreEqual(referrers, listed.ExitCode != 0, "the tag stands in for a list that the registry does not keep\n" + listed.Output);
        var sent = File.ReadAllBytes(Path.Combine(Folder(tree.Root, "core-lib"), Provenance.FileName));
        Directory.Delete(tree.Artifacts, recursive: true);
        var item = tree.Items(project, "Reproduce", $"-p:StageXRegistry={published.Name}", $"-p:StageXDigest={digest}").Single();
        Assert.AreEqual(digest.ToString(), (string)item["Digest"]!);
        CollectionAssert.AreEqual(sent, File.ReadAllBytes((string)item["Provenance"]!));
        using var folder = new TemporaryFolder();
        var clone = tree.Items(project, "Reproduce", $"-p:StageXRegistry={published.Name}", $"-p:StageXDigest={digest}", $"-p:StageXCheckout={folder["clone"]}").Single();
        Assert.AreEqual(digest.ToString(), (string)clone["Digest"]!);
        tree.Build(project, "-t:Reproduce", $"-p:StageXRegistry={published.Name}", $"-p:StageXDigest={Digest.Of("x"u8)}").MustFailWith("SX6022", "lib.msbuildproj", 0, "no provenance");
    }

    [TestMethod]
    public void A_tree_is_attested_and_reproduced_as_a_whole_with_a_graph_too()
    {
        using var tree = Tree();
        tree.Build(tree.Tree(), "-graph", "-isolate", "-t:Attest").MustSucceed();
        tree.Build(tree.Project("pallet", "p"), "-graph", "-isolate", "-t:Attest").MustSucceed();
        using var folder = new TemporaryFolder();
        Directory.Move(Path.Combine(tree.Artifacts, "attestations"), folder["attestations"]);
        foreach (var arguments in new[] { new[] { tree.Tree() }, [tree.Tree(), "-graph", "-isolate"] })
        {
            var output = tree.Build(arguments[0], [.. arguments[1..], "-t:Reproduce", $"-p:StageXProvenance={folder["attestations"]}"]).MustSucceed().Output;
            foreach (var id in new[] { "core-lib", "core-app", "pallet-p" })
                Assert.Contains($"{id}: reproduced", output);
        }
    }

    [TestMethod]
    [TestCategory("System")]
    public void A_package_of_the_distribution_is_reproduced_by_a_clean_clone_given_its_provenance_alone()
    {
        using var folder = new TemporaryFolder();
        string Clone(string name)
        {
            Git(Repository.Root, "clone", "--quiet", "--no-local", Repository.Root, folder[name]);
            return folder[name];
        }
        CommandResult Run(string clone, params string[] arguments) => Command.Run("dotnet", ["msbuild", Path.Combine(clone, "packages", "core", "true-false", "true-false.msbuildproj"), "-nologo", "-nodeReuse:false", .. arguments], clone);
        var first = Clone("first");
        Run(first, "-t:Attest", $"-p:StageXCache={folder["cache1"]}").MustSucceed();
        var provenance = folder["provenance.json"];
        File.Move(Path.Combine(Folder(first, "core-true-false"), Provenance.FileName), provenance);
        var digest = Provenance.Parse(File.ReadAllBytes(provenance)).Digest;
        Directory.Delete(first, recursive: true);

        var output = Run(Clone("second"), "-t:Reproduce", $"-p:StageXProvenance={provenance}", $"-p:StageXDigest={digest}", $"-p:StageXCheckout={folder["third"]}", $"-p:StageXCache={folder["cache2"]}").MustSucceed().Output;
        Assert.Contains($"core-true-false: reproduced {digest}", output);
        Assert.AreEqual(digest, ImageLayout.Read(Path.Combine(folder["third"], "artifacts", "images", "core-true-false")).Manifest.Digest);
    }

    private static string SourceHash { get; } = Digest.Of("a source"u8).Hex;

    // A library with a subpackage, a program that needs it, and both together; under git.
    private static TestTree Tree()
    {
        var tree = new TestTree { Environment = new Dictionary<string, string?> { ["RepositoryUrl"] = "https://example.org/tree.git" } };
        PutSource(tree.Cache);
        tree.Add("core", "lib", """
                <Subpackage Include="dev" />
              </ItemGroup>
              <PropertyGroup><PackageLicenseExpression>something odd, really</PackageLicenseExpression></PropertyGroup>
              <ItemGroup>
            """, ("lib.so", "library"), ("lib.h", "header"),
            ("Containerfile", "FROM scratch AS package\nCOPY lib.so /usr/lib/\nFROM scratch AS package-dev\nCOPY lib.h /usr/include/\n"));
        tree.Add("core", "app", $"""
                <Source Include="https://example.org/app-1.0.tar.gz" Sha256="{SourceHash}" Extract="false" />
                <ProjectReference Include="../lib/lib.msbuildproj" Runtime="true" />
              </ItemGroup>
              <PropertyGroup><PackageLicenseExpression>MIT OR LicenseRef-Own</PackageLicenseExpression><PackageProjectUrl>https://example.org/</PackageProjectUrl></PropertyGroup>
              <ItemGroup>
            """, ("Containerfile", "FROM scratch AS package\nCOPY --from=stagex/core-lib /usr/lib/ /usr/lib/app/\nCOPY fetch/app /usr/bin/\n"));
        tree.Add("pallet", "p", """    <ProjectReference Include="../../core/app/app.msbuildproj" />""");
        File.WriteAllText(Path.Combine(tree.Root, ".gitignore"), "/artifacts/\n");
        tree.Tree();
        Git(tree.Root, "init", "--quiet", "--initial-branch=main");
        Commit(tree);
        return tree;
    }

    private static string PutSource(string cache)
    {
        Directory.CreateDirectory(Path.Combine(cache, "sources", "sha256"));
        File.WriteAllText(Path.Combine(cache, "sources", "sha256", SourceHash), "a source");
        return cache;
    }

    private static void Commit(TestTree tree)
    {
        Git(tree.Root, "add", "--all");
        Git(tree.Root, "-c", "user.name=a", "-c", "user.email=a@example.org", "commit", "--quiet", "--no-gpg-sign", "--message=change");
    }

    private static string Git(string folder, params string[] arguments) => Command.Run("git", ["-C", folder, .. arguments]).MustSucceed().Output.Trim();

    private static string Folder(string root, string id) => Path.Combine(root, "artifacts", "attestations", id);

    private static string[] All(string folder) => [.. Directory.GetFiles(folder, "*", SearchOption.AllDirectories).Select(file => Path.GetRelativePath(folder, file)).Order(StringComparer.Ordinal)];

    private static Digest DigestOf(TestTree tree, string id) => ImageLayout.Read(Path.Combine(tree.Artifacts, "images", id)).Manifest.Digest;

    private static JsonNode ReadJson(TestTree tree, string id, string file)
    {
        var bytes = File.ReadAllBytes(Path.Combine(Folder(tree.Root, id), file));
        var json = CanonicalJson.Parse(bytes)!;
        CollectionAssert.AreEqual(CanonicalJson.Serialize(json), bytes);
        return json;
    }
}
