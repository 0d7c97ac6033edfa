using System.Text;
using StageX.Build.Registries;
using StageX.Build.Trust;

namespace StageX.Build.Tests.Trust;

/// <summary>Signatures of images: what they say, where they lie, how many it takes, and what other tools make of them.</summary>
[TestClass]
public sealed class ContainerSignatureTests
{
    private const string Registry = "registry.example.org/stagex", Id = "core-zlib", Version = "1.3.1";
    private static readonly RepositoryName Name = TrustSettings.NameOf(Registry, Id);
    private static readonly Digest Image = Digest.Of("the image"u8);
    private static readonly BuildFacts Intel = new("GenuineIntel", "x64", "buildah", "6.1.0"), Amd = Intel with { Vendor = "AuthenticAMD" };

    [TestMethod]
    public void Two_maintainers_on_processors_of_two_vendors_are_the_quorum()
    {
        using var store = new TemporaryFolder();
        Assert.AreEqual("2 more of 2 signers, 2 more of 2 processor vendors", Judge(store).Missing);
        Add(store, Sign(People.Alice, Of($"{Name}@{Image}", Intel)));
        Assert.AreEqual("1 more of 2 signers, 1 more of 2 processor vendors", Judge(store).Missing);
        // The same person again, also for other references, is no other.
        Add(store, Sign(People.Alice, Of($"{Name}:{Version}", Intel)), Sign(People.Alice, Of($"{Name}:sx2026.11", Intel)));
        Assert.AreEqual("1 more of 2 signers, 1 more of 2 processor vendors", Judge(store).Missing);
        // Foreign ones name no vendor.
        Add(store, Sign(People.Bob, Of($"{Name}:{Version}", null)));
        Assert.AreEqual("1 more of 2 processor vendors", Judge(store).Missing);
        Add(store, Sign(People.Carol, Of($"{Name}@{Image}", Amd)));
        var report = Judge(store);
        Assert.AreEqual("", report.Missing);
        CollectionAssert.AreEqual(new[] { "Alice", "Bob", "Carol" }, report.Signers.Select(signer => signer.Name).ToArray());
        Assert.IsTrue(report.Signatures.All(signature => signature.Refusal.Length == 0));
    }

    [TestMethod]
    public void What_we_write_is_canonical_and_reads_back()
    {
        var signature = Of($"{Name}@{Image}", Intel) with { Timestamp = 1 };
        var json = Encoding.UTF8.GetString(signature.Serialize());
        Assert.AreEqual($$$"""{"critical":{"identity":{"docker-reference":"{{{Name}}}@{{{Image}}}"},"image":{"docker-manifest-digest":"{{{Image}}}"},"type":"atomic container signature"},"optional":{"creator":"StageX.Build","stagex":{"architecture":"x64","engine":"buildah","kernel":"6.1.0","processor-vendor":"GenuineIntel"},"timestamp":1}}""", json);
        Assert.AreEqual(signature, ContainerSignature.Parse(signature.Serialize()));
    }

    private static readonly (string Attack, Func<string, string> Text, string Words)[] Attacks =
    [
        ("another digest", good => Encoding.UTF8.GetString((Of($"{Name}:{Version}", Intel) with { Manifest = Digest.Of("x"u8) }).Serialize()), "for the image"),
        ("another name", good => good.Replace("core-zlib", "core-zlob"), "it is for"),
        ("a name that begins like it", good => good.Replace("core-zlib:", "core-zlib-x:"), "it is for"),
        ("another registry", good => good.Replace("registry.", "evil."), "it is for"),
        ("another path", good => good.Replace("/stagex/", "/stagey/"), "it is for"),
        ("another port", good => good.Replace("example.org/", "example.org:5000/"), "it is for"),
        ("another tag", good => good.Replace(":1.3.1\"", ":latest\""), "it is for"),
        ("another version", good => good.Replace(":1.3.1\"", ":1.3.0\""), "it is for"),
        ("a release's tag that is none", good => good.Replace(":1.3.1\"", ":sx../..\""), "it is for"),
        ("no tag", good => good.Replace(":1.3.1\"", "\""), "it is for"),
        ("another digest in the reference", good => good.Replace(":1.3.1\"", "@sha256:" + new string('0', 64) + "\""), "it is for"),
        ("another type", good => good.Replace("atomic container signature", "cosign container image signature"), "another type"),
        ("no type", good => good.Replace(",\"type\":\"atomic container signature\"", ""), "'type' is missing"),
        ("a list with a tag", _ => Listed.Replace("\"},\"image\"", ":1.3.1\"},\"image\""), "it is for"),
        ("a list about another image", _ => Listed.Replace(Image.Hex, Digest.Of("x"u8).Hex), "for the image"),
        ("a list with a digest that is one already", _ => Listed.Replace(Image.Hex, Image.ToString()), "sha256 digest"),
        ("a list of two", _ => Listed.Replace("}]", "},{}]"), "not an object"),
        ("a list's type outside a list", _ => Listed[1..^1], "another type"),
        ("a key twice", good => good.Replace("\"type\":", "\"type\":\"x\",\"type\":"), "no container signature"),
        ("a key twice, once escaped", good => good.Replace("\"type\":", "\"typ\\u0065\":\"x\",\"type\":"), "no container signature"),
        ("an unknown critical member", good => good.Replace("\"type\":", "\"expires\":1,\"type\":"), "'critical' has 'expires'"),
        ("an unknown part of the identity", good => good.Replace("{\"docker-reference\"", "{\"also\":\"x\",\"docker-reference\""), "'identity' has 'also'"),
        ("an unknown part of the image", good => good.Replace("{\"docker-manifest-digest\"", "{\"also\":\"x\",\"docker-manifest-digest\""), "'image' has 'also'"),
        ("something beside both", good => good.Replace("\"optional\":", "\"also\":1,\"optional\":"), "the signature has 'also'"),
        ("a key in other letters", good => good.Replace("\"critical\"", "\"Critical\""), "has 'Critical'"),
        ("a number for the reference", good => good.Replace($"\"{Name}:{Version}\"", "1"), "not a string"),
        ("a list for the image", good => good.Replace($"{{\"docker-manifest-digest\":\"{Image}\"}}", "[]"), "not an object"),
        ("null", good => "null", "not an object"),
        ("a list", good => "[" + good + "]", "not an object"),
        ("a digest in capitals", good => good.Replace(Image.ToString(), "sha256:" + Image.Hex.ToUpperInvariant()), "sha256 digest"),
        ("a digest of another kind", good => good.Replace("sha256:", "sha512:"), "sha256 digest"),
        ("a time that is text", good => good.Replace("\"optional\":{", "\"optional\":{\"timestamp\":\"1\","), "not an integer"),
        ("a vendor with a blank, to be two", good => good.Replace("GenuineIntel", "GenuineIntel "), "processor's vendor"),
        ("facts without a vendor", good => good.Replace("processor-vendor", "vendor"), "missing"),
        ("two documents", good => good + good, "no container signature"),
        ("a comment", good => good + "// x", "no container signature"),
        ("a byte order mark", good => "\ufeff" + good, "no container signature"),
        ("depth", good => good.Replace("\"optional\":{", "\"optional\":{\"x\":" + new string('[', 5000) + new string(']', 5000) + ","), "no container signature"),
        ("half a surrogate pair", good => good.Replace("core-zlib", "core-\\ud800"), "no container signature"),
        ("nothing", good => "", "no container signature"),
        ("no JSON", good => "atomic container signature", "no container signature"),
        ("a zero", good => good.Replace("core-zlib", "core-zlib\\u0000"), "it is for"),
    ];

    /// <summary>What the script of the StageX distribution signs.</summary>
    private static string Listed => $$$"""[{"critical":{"identity":{"docker-reference":"{{{Name}}}"},"image":{"docker-manifest-digest":"{{{Image.Hex}}}"},"type":"pgp container image signature"},"optional":null}]""";

    public static IEnumerable<object[]> AttackNames => Attacks.Select(attack => new object[] { attack.Attack });

    private static string Good => Encoding.UTF8.GetString(Of($"{Name}:{Version}", Intel).Serialize());

    [TestMethod]
    [TestCategory("Attack")]
    [DynamicData(nameof(AttackNames))]
    public void A_signature_that_says_something_else_or_more_does_not_count(string attack)
    {
        var (_, text, words) = Attacks.Single(other => other.Attack == attack);
        Assert.AreNotEqual(Good, text(Good), "the attack is one");
        MustNotCount(Sign(People.Alice, Encoding.UTF8.GetBytes(text(Good))), words);
    }

    [TestMethod]
    [TestCategory("Attack")]
    public void What_is_no_signed_JSON_does_not_count()
    {
        Assert.AreEqual("", new Quorum(Maintainers, [], DateTimeOffset.UtcNow).Judge("", Sign(People.Alice, Encoding.UTF8.GetBytes(Good)), "", Name, Image, Version).Refusal);
        MustNotCount(Sign(People.Alice, [.. Encoding.UTF8.GetBytes(Good[..^1]), 0xC3, 0x28, (byte)'}']), "no container signature");
        MustNotCount(Sign(People.Gpg.Fingerprint("Erin"), Encoding.UTF8.GetBytes(Good)), "no maintainer's key");
        MustNotCount(People.Gpg.Run(["--local-user", People.Alice, "--detach-sign"], Encoding.UTF8.GetBytes(Good)), "one signed message");
        MustNotCount(Encoding.UTF8.GetBytes(Good), "no OpenPGP packet");
    }

    private static void MustNotCount(byte[] file, string words)
    {
        var judged = new Quorum(Maintainers, [], DateTimeOffset.UtcNow).Judge("", file, "", Name, Image, Version);
        Assert.Contains(words, judged.Refusal);
        Assert.IsNull(judged.Signer);
    }

    [TestMethod]
    [TestCategory("Attack")]
    public void A_store_is_read_within_its_folder_and_its_links_are_not_followed()
    {
        using var store = new TemporaryFolder();
        Assert.AreEqual(ErrorCode.NoRegistry, Assert.ThrowsExactly<StageXException>(() => TrustSettings.NameOf("", Id)).Code);
        foreach (var (registry, id) in new[] { ("registry.example.org/..", Id), ("../registry.example.org", Id), ("registry.example.org/a//b", Id), ("https://registry.example.org", Id), (Registry, "../core-zlib"), (Registry, "core-zlib@sha256=0"), (Registry, "Core"), ("registry.example.org:123456", Id), ("stagex", Id) })
            Assert.AreEqual(ErrorCode.RegistryNameInvalid, Assert.ThrowsExactly<StageXException>(() => TrustSettings.NameOf(registry, id), $"{registry} {id}").Code);
        foreach (var registry in new[] { "localhost", "localhost:5000", "127.0.0.1:5000/a/b_c", "registry.example.org" })
            Assert.AreEqual($"{registry}/{Id}", TrustSettings.NameOf(registry, Id).ToString());

        var (alice, bob) = (Sign(People.Alice, Of($"{Name}@{Image}", Intel)), Sign(People.Bob, Of($"{Name}@{Image}", Amd)));
        Add(store, alice, bob);
        var folder = Path.Combine(store.Path, $"{Name}@sha256={Image.Hex}");
        Assert.AreEqual("", Judge(store).Missing);
        // A file that is a link, one that is too large, one that is empty, one that waits for a writer; and the end where a number is missing.
        File.Move(Path.Combine(folder, "signature-2"), store["bob"]);
        File.CreateSymbolicLink(Path.Combine(folder, "signature-2"), store["bob"]);
        File.WriteAllBytes(Path.Combine(folder, "signature-3"), new byte[1 << 20]);
        File.WriteAllBytes(Path.Combine(folder, "signature-4"), []);
        Command.Run("mkfifo", [Path.Combine(folder, "signature-5")]).MustSucceed();
        File.WriteAllBytes(Path.Combine(folder, "signature-7"), bob);
        CollectionAssert.AreEqual(new[] { "", "a link", "larger than", "empty", "empty" },
            Judge(store).Signatures.Select(signature => new[] { "", "a link", "larger than", "empty" }.Last(words => signature.Refusal.Contains(words, StringComparison.Ordinal))).ToArray());
        Assert.AreEqual("1 more of 2 signers, 1 more of 2 processor vendors", Judge(store).Missing);
        var record = Digest.Of("a record"u8);
        Command.Run("mkfifo", [Path.Combine(folder, $"record-{record.Hex}.json")]).MustSucceed();
        Assert.IsNull(new SignatureStore(store.Path).FindRecord(Name, Image, record));
        // A link to nothing is no end: what is behind it counts for nothing, and is not hidden either.
        File.Delete(store["bob"]);
        Assert.HasCount(5, Judge(store).Signatures);

        // The whole folder, or one above it, is elsewhere.
        Directory.Move(folder, store["elsewhere"]);
        Directory.CreateSymbolicLink(folder, store["elsewhere"]);
        Assert.IsTrue(Judge(store).Signatures.All(signature => signature.Refusal.Contains("a link", StringComparison.Ordinal)));
        Assert.ThrowsExactly<StageXException>(() => new SignatureStore(store.Path).Add(Name, Image, alice));
        File.Delete(folder);
        Directory.Move(store["elsewhere"], folder);
        // One that was stripped takes those behind it along.
        File.Delete(Path.Combine(folder, "signature-1"));
        Assert.IsEmpty(Judge(store).Signatures);
    }

    [TestMethod]
    [TestCategory("Attack")]
    public void A_key_must_be_good_now_and_have_been_when_it_signed()
    {
        using var gpg = new Gpg();
        foreach (var name in new[] { "Alice", "Bob", "Carol" })
            gpg.Create(name, expires: name == "Carol" ? "2022-01-01" : "never", at: "20200101");
        var files = new Dictionary<string, byte[]>();
        foreach (var name in new[] { "Alice", "Bob", "Carol" })
            files[name] = gpg.Sign(gpg.Fingerprint(name), Of($"{Name}@{Image}", Intel).Serialize(), Gpg.Time("20210101"));
        gpg.Revoke(gpg.Fingerprint("Bob"), 2, at: "20230101");
        var set = MaintainerSet.Read(People.Files(gpg, People.Policy, "Alice", "Bob", "Carol"));
        string Refusal(string name, string now) => new Quorum(set, [], DateTimeOffset.Parse(now, System.Globalization.CultureInfo.InvariantCulture)).Judge("", files[name], "", Name, Image, Version).Refusal;
        foreach (var name in files.Keys)
            Assert.AreEqual("", Refusal(name, "2021-06-01Z"), name);
        Assert.AreEqual("", Refusal("Alice", "2024-01-01Z"));
        Assert.Contains("revoked at 2023", Refusal("Bob", "2024-01-01Z"));
        Assert.Contains("expired at 2022", Refusal("Carol", "2024-01-01Z"));
        Assert.Contains("in the future", Refusal("Alice", "2020-06-01Z"));

        var until = People.Files(gpg, People.Policy, "Alice");
        until["alice.txt"] = [.. until["alice.txt"], .. "until: 2020-12-31\n"u8];
        Assert.Contains("until 2020-12-31", new Quorum(MaintainerSet.Read(until), [], DateTimeOffset.UtcNow).Judge("", files["Alice"], "", Name, Image, Version).Refusal);
        // Who is a maintainer no more could say today that he had signed while he was.
        var former = People.Files(gpg, People.Policy, "Alice");
        former["alice.txt"] = [.. former["alice.txt"], .. "until: 2022-12-31\n"u8];
        set = MaintainerSet.Read(former);
        Assert.AreEqual("", Refusal("Alice", "2022-12-31Z"));
        Assert.Contains("until 2022-12-31", Refusal("Alice", "2023-01-01Z"));
    }

    [TestMethod]
    [TestCategory("Attack")]
    public void Maintainers_who_say_that_one_reference_is_two_images_are_named()
    {
        using var first = new TemporaryFolder();
        using var second = new TemporaryFolder();
        var other = Digest.Of("another image"u8);
        Add(first, Sign(People.Alice, Of($"{Name}:sx1", Intel)), Sign(People.Bob, Of($"{Name}:sx1", Amd)));
        new SignatureStore(second.Path).Add(Name, other, Sign(People.Carol, (Of($"{Name}:sx1", Intel) with { Manifest = other }).Serialize()));
        // Of an older release, and of nobody: no alarm.
        new SignatureStore(second.Path).Add(Name, other, Sign(People.Alice, (Of($"{Name}:sx0", Intel) with { Manifest = other }).Serialize()));
        new SignatureStore(second.Path).Add(Name, other, Sign(People.Gpg.Fingerprint("Dave"), (Of($"{Name}:sx1", Intel) with { Manifest = other }).Serialize()));
        var report = new Quorum(Maintainers, [new SignatureStore(first.Path), new SignatureStore(second.Path)], DateTimeOffset.UtcNow).Judge(Name, Id, Image, Version, "1");
        Assert.AreEqual("", report.Missing);
        Assert.AreEqual("Carol", report.Others.Single().Signer!.Name);
        Assert.AreEqual(other, report.Others.Single().Says!.Manifest);
    }

    [TestMethod]
    [TestCategory("Attack")]
    public void Subkeys_names_and_many_signatures_of_one_person_are_no_quorum()
    {
        using var gpg = new Gpg();
        using var store = new TemporaryFolder();
        var key = gpg.Create("Zoe");
        gpg.Run(["--quick-add-key", key, "ed25519", "sign", "never"]);
        gpg.Run(["--quick-add-uid", key, "Zelda <zelda@example.org>"]);
        gpg.Create("Bob");
        foreach (var by in new[] { key, gpg.SubkeyFingerprint(key) })
            foreach (var facts in new[] { Intel, Amd })
                Add(store, gpg.Sign(by + "!", Of($"{Name}:{Version}", facts).Serialize()));
        var report = new Quorum(MaintainerSet.Read(People.Files(gpg, People.Policy, "Zoe", "Bob")), [new SignatureStore(store.Path)], DateTimeOffset.UtcNow).Judge(Name, Id, Image, Version, "");
        Assert.IsTrue(report.Signatures.All(signature => signature.Refusal.Length == 0));
        Assert.AreEqual("Zoe", report.Signers.Single().Name);
        Assert.AreEqual("1 more of 2 signers", report.Missing);
    }

    [TestMethod]
    [TestCategory("System")]
    public void Signatures_of_other_tools_verify_here_and_ours_there()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["manifest"], """{"schemaVersion":2,"mediaType":"application/vnd.oci.image.manifest.v1+json","config":{"mediaType":"application/vnd.oci.image.config.v1+json","digest":"sha256:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a","size":2},"layers":[]}""");
        var digest = Digest.OfFile(folder["manifest"]);
        var reference = $"{Name}:{Version}";
        var environment = new Dictionary<string, string?> { ["GNUPGHOME"] = People.Gpg.Home };
        Command.Run("skopeo", ["standalone-sign", folder["manifest"], reference, People.Bob, "-o", folder["theirs"]], environment: environment).MustSucceed();
        var theirs = new Quorum(Maintainers, [], DateTimeOffset.UtcNow).Judge("", File.ReadAllBytes(folder["theirs"]), "", Name, digest, Version);
        Assert.AreEqual(("", "Bob"), (theirs.Refusal, theirs.Signer?.Name));
        Assert.IsNull(theirs.Says!.Facts);
        Assert.IsNotNull(theirs.Says.Timestamp);

        File.WriteAllBytes(folder["ours"], Sign(People.Alice, (Of(reference, Intel) with { Manifest = digest, Timestamp = 1 }).Serialize()));
        Command.Run("skopeo", ["standalone-verify", folder["manifest"], reference, People.Alice, folder["ours"]], environment: environment).MustSucceed();

        // What a person makes by hand: other white space, no optional part.
        var byHand = Sign(People.Carol, Encoding.UTF8.GetBytes($$"""
            {
                "critical": {
                    "type": "atomic container signature",
                    "image": { "docker-manifest-digest": "{{digest}}" },
                    "identity": { "docker-reference": "{{$"{Name}@{digest}"}}" }
                },
                "optional": null
            }
            """));
        Assert.AreEqual("", new Quorum(Maintainers, [], DateTimeOffset.UtcNow).Judge("", byHand, "", Name, digest, Version).Refusal);

        // What the script of the StageX distribution pipes into gpg --sign.
        Assert.AreEqual("", new Quorum(Maintainers, [], DateTimeOffset.UtcNow).Judge("", Sign(People.Carol, Encoding.UTF8.GetBytes(Listed)), "", Name, Image, Version).Refusal);
    }

    private static MaintainerSet Maintainers => People.Maintainers("Alice", "Bob", "Carol");

    private static QuorumReport Judge(TemporaryFolder store) => new Quorum(Maintainers, [new SignatureStore(store.Path)], DateTimeOffset.UtcNow).Judge(Name, Id, Image, Version, "");

    private static ContainerSignature Of(string reference, BuildFacts? facts) => new() { Reference = reference, Manifest = Image, Facts = facts };

    private static byte[] Sign(string key, ContainerSignature signature) => Sign(key, signature.Serialize());

    private static byte[] Sign(string key, byte[] content) => People.Gpg.Sign(key, content);

    private static void Add(TemporaryFolder store, params byte[][] signatures)
    {
        foreach (var signature in signatures)
            new SignatureStore(store.Path).Add(Name, Image, signature);
    }
}
