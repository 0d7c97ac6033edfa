using System.Text.Json.Nodes;
using StageX.Build.Images;
using StageX.Build.Stages;
using StageX.Build.Tests.Registries;
using StageX.Build.Tests.Sdk;
using StageX.Build.Trust;

namespace StageX.Build.Tests.Trust;

/// <summary>-t:Sign and -t:VerifySignatures, by the real dotnet, git and gpg.</summary>
[TestClass]
[TestCategory("System")]
public sealed class SignTests
{
    [TestMethod]
    public void Maintainers_sign_what_they_verified_and_anybody_sees_who_did()
    {
        using var repository = new SourceRepository("Alice", "Bob", "Carol");
        using var tree = new TestTree { Environment = new Dictionary<string, string?> { ["GNUPGHOME"] = People.Gpg.Home } };
        var project = tree.Add("core", "zlib", """    <Directory Include="/etc" />""");
        tree.Add("pallet", "all", """    <ProjectReference Include="../../core/zlib/zlib.msbuildproj" />""");
        var all = tree.Tree();
        using var store = new TemporaryFolder();
        var signed = $"-p:StageXSignatureStore={store.Path}";
        string[] trust = [$"-p:StageXRepository={repository.Root}", $"-p:StageXTrustedCommit={repository.Trusted}", $"-p:StageXConfiguration={repository.Configuration}", "-p:StageXRegistry=registry.example.org/stagex", "-p:StageXRelease=1", signed];
        string[] As(string key) => [.. trust, $"-p:StageXSigningKey={key}"];

        // Nothing is signed that was not built a second time, or another digest, or from something else.
        tree.Build(all, "-t:UpdateDigests").MustSucceed();
        Assert.Contains("on this machine", tree.Build(project, ["-t:Sign", .. As("alice")]).MustFailWith(ErrorCode.NotVerified, "zlib.msbuildproj", 0).Output);
        foreach (var (change, words) in new (Action<JsonObject>, string)[]
        {
            (record => record["reproducible"] = false, "not reproducible"),
            (record => record["built"]!["core-zlib"] = Digest.Of("x"u8).ToString(), "another digest"),
            (record => record["stages"]!.AsObject()["package"] = Digest.Of("x"u8).ToString(), "another state"),
            (record => record.Remove("machine"), "cannot be read"),
        })
        {
            Record(tree, "core-zlib", "GenuineIntel", change);
            Assert.Contains(words, tree.Build(project, ["-t:Sign", .. As("alice")]).MustFailWith(ErrorCode.NotVerified, "zlib.msbuildproj", 0).Output);
        }
        Assert.IsFalse(Directory.EnumerateFileSystemEntries(store.Path).Any());

        foreach (var (key, vendor) in new[] { ("alice", "GenuineIntel"), (People.Bob, "AuthenticAMD") })
        {
            Record(tree, "core-zlib", vendor);
            Record(tree, "pallet-all", vendor);
            var items = tree.Items(all, "Sign", As(key));
            CollectionAssert.AreEqual(new[] { "core-zlib", "pallet-all" }, items.Select(item => (string)item["Identity"]!).ToArray());
            Assert.HasCount(3, ((string)items[0]["Signatures"]!).Split(';'));
            // Once is enough.
            Assert.AreEqual("", (string)tree.Items(project, "Sign", As(key))[0]["Signatures"]!);
        }
        tree.Build(all, ["-t:Sign", "-graph", "-isolate", .. As("alice")]).MustSucceed();
        tree.Build(project, ["-t:Sign", .. As("mallory")]).MustFailWith(ErrorCode.CannotSign, "zlib.msbuildproj", 0, "maintainers are alice, bob, carol");

        // Nobody sees digests that were not merged.
        Assert.HasCount(2, tree.Build(all, ["-t:VerifySignatures", .. trust]).Coded(ErrorCode.DigestUnknown));
        repository.Branch();
        foreach (var stage in new[] { "core", "pallet" })
        {
            Directory.CreateDirectory(repository[stage]);
            File.Copy(Path.Combine(tree.Root, stage, "digests.txt"), repository[stage + "/digests.txt"]);
        }
        repository.Commit(People.Alice);
        repository.Merge(People.Carol);
        foreach (var arguments in new[] { trust, [.. trust, "-graph", "-isolate"] })
            tree.Build(all, ["-t:VerifySignatures", .. arguments]).MustSucceed();
        var report = tree.Items(project, "VerifySignatures", trust).Single();
        Assert.AreEqual("true", (string)report["Quorum"]!);
        Assert.AreEqual($"{People.Alice};{People.Bob}", (string)report["Signers"]!);
        Assert.AreEqual("AuthenticAMD;GenuineIntel", (string)report["Vendors"]!);

        // Each signature names its reason, which lies beside it; one that was changed since is none.
        string[] Reasons() => [.. ((string)tree.Items(project, "VerifySignatures", trust).Single()["Records"]!).Split(';', StringSplitOptions.RemoveEmptyEntries)];
        var reasons = Reasons();
        CollectionAssert.AreEqual(new[] { "GenuineIntel", "AuthenticAMD" }, reasons.Select(file => (string)JsonNode.Parse(File.ReadAllBytes(file))!["machine"]!["vendor"]!).ToArray());
        File.AppendAllText(reasons[0], "\n");
        CollectionAssert.AreEqual(reasons[1..], Reasons());
        File.Delete(reasons[1]);
        File.CreateSymbolicLink(reasons[1], Path.Combine(tree.Artifacts, "verify", "core-zlib.json"));
        Assert.IsEmpty(Reasons());

        // What the working tree says does not matter; one signature less does; and so does who else says what.
        File.WriteAllText(Path.Combine(tree.Root, "core", "digests.txt"), $"{Digest.Of("x"u8).Hex} core-zlib\n");
        tree.Build(project, ["-t:VerifySignatures", .. trust]).MustSucceed();
        var name = TrustSettings.NameOf("registry.example.org/stagex", "core-zlib");
        new SignatureStore(store["second"]).Add(name, Digest.Of("x"u8), People.Gpg.Sign(People.Carol, new ContainerSignature { Reference = $"{name}:sx1", Manifest = Digest.Of("x"u8) }.Serialize()));
        tree.Build(project, ["-t:VerifySignatures", .. trust, $"-p:StageXSignatureStore={store.Path}%3B{store["second"]}"]).MustFailWith(ErrorCode.OtherDigestSigned, "signature-1", 0, "Carol");
        foreach (var file in Directory.GetFiles(store.Path, "signature-*", SearchOption.AllDirectories).Where(file => Path.GetFileName(file) is "signature-4" or "signature-5" or "signature-6"))
            File.Delete(file);
        tree.Build(project, ["-t:VerifySignatures", .. trust]).MustFailWith(ErrorCode.QuorumMissing, "digests.txt", 0, "1 more of 2 signers");

        tree.Build(project, ["-t:VerifySignatures", .. trust, "-p:StageXSignatureStore="]).MustFailWith(ErrorCode.NoSignatureStore, "zlib.msbuildproj", 0);
        tree.Build(project, ["-t:VerifySignatures", .. trust, "-p:StageXRegistry="]).MustFailWith(ErrorCode.NoRegistry, "zlib.msbuildproj", 0);
    }

    [TestMethod]
    [TestCategory("Attack")]
    public void Only_what_two_maintainers_signed_is_published_and_its_digest_survives()
    {
        using var registry = new LocalRegistry();
        using var repository = new SourceRepository("Alice", "Bob");
        using var tree = new TestTree { Environment = new Dictionary<string, string?> { ["GNUPGHOME"] = People.Gpg.Home } };
        var project = tree.Add("core", "zlib", """    <Directory Include="/etc" />""");
        using var store = new TemporaryFolder();
        string[] trust = [$"-p:StageXRepository={repository.Root}", $"-p:StageXTrustedCommit={repository.Trusted}", $"-p:StageXConfiguration={repository.Configuration}", $"-p:StageXRegistry={registry.Address}/stagex", $"-p:StageXSignatureStore={store.Path}"];
        string[] released = [.. trust, "-p:StageXRelease=1"];
        CommandResult Inspect(string reference) => Command.Run("skopeo", ["inspect", "--tls-verify=false", "--format", "{{.Digest}}", $"docker://{registry.Address}/stagex/core-zlib{reference}"]);
        tree.Build(project, "-t:UpdateDigests").MustSucceed();
        tree.Build(project, "-t:Publish").MustSucceed();
        var digest = ImageLayout.Read(Path.Combine(tree.Artifacts, "images", "core-zlib")).Manifest.Digest;

        tree.Build(project, ["-t:Publish", .. trust]).MustFailWith(ErrorCode.DigestUnknown, "digests.txt", 0);
        repository.Branch();
        Directory.CreateDirectory(repository["core"]);
        File.Copy(Path.Combine(tree.Root, "core", "digests.txt"), repository["core/digests.txt"]);
        repository.Commit(People.Alice);
        repository.Merge(People.Bob);
        tree.Build(project, ["-t:Publish", .. trust]).MustFailWith(ErrorCode.QuorumMissing, "zlib.msbuildproj", 0, "2 more of 2 signers");
        foreach (var (who, vendor) in new[] { ("alice", "GenuineIntel"), ("bob", "AuthenticAMD") })
        {
            Record(tree, "core-zlib", vendor);
            tree.Build(project, ["-t:Sign", $"-p:StageXSigningKey={who}", .. trust]).MustSucceed();
            if (who == "alice")
                tree.Build(project, ["-t:Publish", .. trust]).MustFailWith(ErrorCode.QuorumMissing, "zlib.msbuildproj", 0, "1 more of 2 signers");
        }
        // The image has its signers, a tag that nobody signed has none.
        tree.Build(project, ["-t:Publish", .. released]).MustFailWith(ErrorCode.QuorumMissing, "zlib.msbuildproj", 0, ":sx1 lacks");
        Assert.AreNotEqual(0, Inspect($"@{digest}").ExitCode, "nothing was pushed");

        var item = tree.Items(project, "Publish", trust).Single();
        Assert.AreEqual((digest.ToString(), "1.0"), ((string)item["Digest"]!, (string)item["Tags"]!));
        foreach (var reference in new[] { $"@{digest}", ":1.0" })
            Assert.AreEqual(digest.ToString(), Inspect(reference).MustSucceed().Output.Trim());
        Assert.AreNotEqual(0, Inspect(":sx1").ExitCode);

        // Another image than the recorded one, whatever the working tree's digests say.
        tree.Add("core", "zlib", """    <Directory Include="/usr" />""");
        tree.Build(project, "-t:UpdateDigests").MustSucceed();
        tree.Build(project, ["-t:Publish", .. trust]).MustFailWith(ErrorCode.DigestMismatch, "core/digests.txt", 1);
    }

    [TestMethod]
    public void Without_maintainers_every_gate_fails()
    {
        using var repository = new SourceRepository();
        using var tree = new TestTree { Environment = new Dictionary<string, string?> { ["GNUPGHOME"] = People.Gpg.Home } };
        var project = tree.Add("core", "zlib", """    <Directory Include="/etc" />""");
        foreach (var target in new[] { "VerifySource", "Sign", "VerifySignatures", "ContainersPolicy", "Publish" })
            tree.Build(project, $"-t:{target}", $"-p:StageXRepository={repository.Root}", $"-p:StageXTrustedCommit={repository.Trusted}", $"-p:StageXConfiguration={repository.Configuration}", "-p:StageXRegistry=localhost", $"-p:StageXSignatureStore={repository["store"]}")
                .MustFailWith(ErrorCode.NoMaintainers, "zlib.msbuildproj", 0);
    }

    /// <summary>What -t:Verify writes on a machine with a processor of that vendor.</summary>
    private static void Record(TestTree tree, string id, string vendor, Action<JsonObject>? change = null)
    {
        var keys = JsonNode.Parse(File.ReadAllBytes(Path.Combine(tree.Artifacts, "logs", id, "keys.json")))!.AsObject();
        var record = new JsonObject
        {
            ["package"] = id,
            ["reproducible"] = true,
            ["built"] = new JsonObject { [id] = ImageLayout.Read(Path.Combine(tree.Artifacts, "images", id)).Manifest.Digest.ToString() },
            ["stages"] = new JsonObject(keys.Select(pair => KeyValuePair.Create(pair.Key, (JsonNode?)StageKey.Of(pair.Value!.AsObject()).ToString()))),
            ["machine"] = new JsonObject { ["vendor"] = vendor, ["architecture"] = "x64", ["kernel"] = "6.1.0" },
        };
        change?.Invoke(record);
        Directory.CreateDirectory(Path.Combine(tree.Artifacts, "verify"));
        File.WriteAllBytes(Path.Combine(tree.Artifacts, "verify", id + ".json"), CanonicalJson.Serialize(record));
    }
}
