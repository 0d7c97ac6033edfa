using StageX.Build.Registries;
using StageX.Build.Tests.Registries;
using StageX.Build.Trust;

namespace StageX.Build.Tests.Trust;

/// <summary>The quorum as stock skopeo and podman enforce it, with none of our code on their side.</summary>
[TestClass]
[TestCategory("System")]
public sealed class ContainersPolicyTests
{
    [TestMethod]
    [TestCategory("Attack")]
    [DataRow(2, 2)]
    [DataRow(3, 2)]
    [DataRow(3, 3)]
    [DataRow(5, 2)]
    [DataRow(5, 3)]
    public void Podman_and_skopeo_take_an_image_when_as_many_of_them_signed(int people, int needed)
    {
        using var far = new FarSide();
        var names = People.Names.Take(people).ToList();
        far.Policy(names, needed);
        var digest = far.Push("1.0", "first");
        far.MustRefuse("nobody", $"@{digest}");
        far.PodmanMustRefuse("nobody", $"@{digest}");
        // The same person again and again is one; and somebody whom nobody asked is none.
        far.Sign(names[0], digest, "1.0");
        far.Sign(names[0], digest, "1.0");
        far.Sign(names[0], digest, "sx1");
        far.MustRefuse("one signer", ":1.0");
        far.MustRefuse("one signer", $"@{digest}");
        far.PodmanMustRefuse("one signer", ":1.0");
        for (var signer = 1; signer < needed; signer++)
        {
            far.MustRefuse($"{signer} signers", ":1.0");
            far.Sign(names[^signer], digest, "1.0");
        }
        far.MustTake(":1.0");
        far.MustTake($"@{digest}");
        far.PodmanMustTake(":1.0");
        far.Retag(digest, "latest");
        far.MustRefuse("another tag of the same image", ":latest");
    }

    [TestMethod]
    [TestCategory("Attack")]
    public void Podman_and_skopeo_refuse_what_is_older_elsewhere_or_of_others_and_take_mirrors()
    {
        using var far = new FarSide();
        var names = People.Names.Take(3).ToList();
        far.Policy(names, 2);
        var old = far.Push("1.0", "old");
        far.Sign("Alice", old, "1.0", "sx1");
        far.Sign("Bob", old, "1.0", "sx1");
        far.MustTake(":1.0");
        far.PodmanMustTake(":1.0");

        // A registry that gives the older image, well signed in its day, for the newer tag.
        far.Retag(old, "2.0");
        far.MustRefuse("an older release", ":2.0");
        far.PodmanMustRefuse("an older release", ":2.0");
        // Another image with the signatures of a good one, for its tag.
        var evil = far.Push("1.0", "evil");
        far.CopySignatures(old, evil);
        far.MustRefuse("signatures of another image", ":1.0");
        far.PodmanMustRefuse("signatures of another image", ":1.0");
        // Signatures for another name.
        var other = far.Push("1.0", "other", name: "core-other");
        far.CopySignatures(old, other, "core-other");
        far.MustRefuse("signatures of another name", ":1.0", "core-other");
        // Somebody who is no maintainer, beside one who is.
        far.SignOther("Alice", other, "core-other", "1.0");
        far.SignOther("Dave", other, "core-other", "1.0");
        far.MustRefuse("one maintainer and a stranger", ":1.0", "core-other");
        // What is not of this registry is not accepted at all.
        Assert.AreNotEqual(0, far.Skopeo("copy", $"oci:{far.Layout}", "oci:" + far.Temporary()).ExitCode);

        // A mirror: the same signatures, of the registry's name.
        far.Retag(old, "1.0");
        far.Mirror(old, "1.0");
        far.MustTakeFromMirror(":1.0");
        var unsigned = far.Push("3.0", "unsigned");
        far.Mirror(unsigned, "3.0");
        Assert.AreNotEqual(0, far.FromMirror(":3.0").ExitCode);
    }

    [TestMethod]
    public void What_podman_signs_when_it_pushes_counts_here()
    {
        using var far = new FarSide();
        far.Policy(["Alice", "Bob"], 2);
        far.Push("1.0", "first");
        var digest = far.PodmanPushSigned("Bob", "1.0");
        far.MustRefuse("one signer", ":1.0");
        far.Sign("Alice", digest, "1.0");
        var report = far.Judge(digest, "1.0");
        CollectionAssert.AreEqual(new[] { "Alice", "Bob" }, report.Signers.Select(signer => signer.Name).ToArray());
        far.MustTake(":1.0");
    }

    [TestMethod]
    public void Only_those_who_can_sign_today_are_in_a_keyring_and_they_must_be_enough()
    {
        using var gpg = new Gpg();
        using var folder = new TemporaryFolder();
        foreach (var name in new[] { "Alice", "Bob", "Carol" })
            gpg.Create(name, at: "20200101");
        gpg.Revoke(gpg.Fingerprint("Carol"), 3);
        var set = MaintainerSet.Read(People.Files(gpg, People.Policy, "Alice", "Bob", "Carol"));
        const string registry = "registry.example.org";
        Assert.HasCount(2, ContainersPolicy.Write(folder["policy"], set, DateTimeOffset.UtcNow, registry, [], "https://signatures.example.org"));
        CollectionAssert.AreEquivalent(new[] { "alice.gpg", "bob.gpg" }, Directory.GetFiles(folder["policy/keys"]).Select(Path.GetFileName).ToArray());
        File.WriteAllText(folder["policy/policy.json.mine"], "");
        Assert.Contains("of somebody else", Assert.ThrowsExactly<StageXException>(() => ContainersPolicy.Write(folder["policy"], set, DateTimeOffset.UtcNow, registry, [], "https://signatures.example.org")).Message);
        File.Delete(folder["policy/policy.json.mine"]);
        gpg.Revoke(gpg.Fingerprint("Bob"), 3);
        set = MaintainerSet.Read(People.Files(gpg, People.Policy, "Alice", "Bob", "Carol"));
        Assert.AreEqual(ErrorCode.QuorumMissing, Assert.ThrowsExactly<StageXException>(() => ContainersPolicy.Write(folder["policy"], set, DateTimeOffset.UtcNow, registry, [], "https://signatures.example.org")).Code);
    }
}

/// <summary>A registry, a mirror, signatures beside them, and a user with podman and skopeo.</summary>
internal sealed class FarSide : IDisposable
{
    private const string Package = "core-zlib";
    private readonly TemporaryFolder _folder = new("sx-far-");
    private readonly LocalRegistry _registry = new(), _mirror = new();
    private MaintainerSet _maintainers = null!;
    private int _count;

    private string Store => _folder["store"];

    private RepositoryName Registry => RepositoryName.Parse($"{_registry.Address}/stagex");

    private RepositoryName Mirrored => RepositoryName.Parse($"{_mirror.Address}/stagex");

    public string Layout => _folder["image"];

    public string Temporary() => _folder[$"temporary{_count++}"];

    public void Policy(IEnumerable<string> names, int needed)
    {
        _maintainers = MaintainerSet.Read(People.Files(People.Gpg, People.Policy.Replace("artifact-signers: 2", $"artifact-signers: {needed}", StringComparison.Ordinal), names));
        ContainersPolicy.Write(_folder[".config/containers"], _maintainers, DateTimeOffset.UtcNow, $"{Registry}", [$"{Mirrored}"], new Uri(Path.Combine(Store, Registry.Host)).AbsoluteUri);
    }

    /// <summary>Pushes an image of one file.</summary>
    public Digest Push(string tag, string content, string name = Package)
    {
        var layout = Temporary();
        var root = Directory.CreateDirectory(Temporary()).FullName;
        File.WriteAllText(Path.Combine(root, "file"), content);
        Command.Run("umoci", ["init", "--layout", layout]).MustSucceed();
        Command.Run("umoci", ["new", "--image", $"{layout}:x"]).MustSucceed();
        Command.Run("umoci", ["insert", "--rootless", "--image", $"{layout}:x", root, "/data"]).MustSucceed();
        Directory.CreateDirectory(Layout);
        Copy($"oci:{layout}:x", $"docker://{Registry}/{name}:{tag}");
        return DigestOf(tag, name);
    }

    private Digest DigestOf(string tag, string name) =>
        Digest.Parse(Command.Run("skopeo", ["inspect", "--tls-verify=false", "--format", "{{.Digest}}", $"docker://{Registry}/{name}:{tag}"]).MustSucceed().Output.Trim());

    public void Retag(Digest digest, string tag) => Copy($"docker://{Registry}/{Package}@{digest}", $"docker://{Registry}/{Package}:{tag}");

    public void Mirror(Digest digest, string tag) => Copy($"docker://{Registry}/{Package}@{digest}", $"docker://{Mirrored}/{Package}:{tag}");

    public void Sign(string who, Digest digest, params string[] tags) => SignOther(who, digest, Package, tags);

    public void SignOther(string who, Digest digest, string package, params string[] tags)
    {
        var name = Registry.Child(package);
        foreach (var tag in tags)
            new SignatureStore(Store).Add(name, digest, People.Gpg.Sign(People.Gpg.Fingerprint(who), new ContainerSignature { Reference = $"{name}:{tag}", Manifest = digest }.Serialize()));
    }

    public void CopySignatures(Digest from, Digest to, string name = Package)
    {
        foreach (var (_, content, _) in new SignatureStore(Store).Read(Registry.Child(Package), from).ToList())
            new SignatureStore(Store).Add(Registry.Child(name), to, content!);
    }

    public QuorumReport Judge(Digest digest, string version) => new Quorum(_maintainers, [new SignatureStore(Store)], DateTimeOffset.UtcNow).Judge(Registry.Child(Package), Package, digest, version, "");

    public void MustTake(string reference) => Pull(reference, Package).MustSucceed();

    public void MustRefuse(string what, string reference, string name = Package)
    {
        var result = Pull(reference, name);
        Assert.AreNotEqual(0, result.ExitCode, what);
        Assert.Contains("Source image rejected", result.Output, what);
    }

    public void MustTakeFromMirror(string reference) => FromMirror(reference).MustSucceed();

    public CommandResult FromMirror(string reference) => Skopeo("copy", "--src-tls-verify=false", $"docker://{Mirrored}/{Package}{reference}", "dir:" + Temporary());

    public void PodmanMustTake(string reference) => Podman("pull", "--quiet", "--tls-verify=false", $"{Registry}/{Package}{reference}").MustSucceed();

    public void PodmanMustRefuse(string what, string reference)
    {
        var result = Podman("pull", "--quiet", "--tls-verify=false", $"{Registry}/{Package}{reference}");
        Assert.AreNotEqual(0, result.ExitCode, what);
        Assert.Contains("Source image rejected", result.Output, what);
    }

    public Digest PodmanPushSigned(string who, string tag)
    {
        Podman("pull", "--quiet", "--tls-verify=false", "--signature-policy", Accepting, $"{Registry}/{Package}:{tag}").MustSucceed();
        var policy = File.ReadAllText(_folder[".config/containers/policy.json"]);
        // Pushing, podman asks the policy about its own copy.
        File.Copy(Accepting, _folder[".config/containers/policy.json"], overwrite: true);
        Podman("push", "--quiet", "--tls-verify=false", "--sign-by", People.Gpg.Fingerprint(who), $"{Registry}/{Package}:{tag}").MustSucceed();
        File.WriteAllText(_folder[".config/containers/policy.json"], policy);
        return DigestOf(tag, Package);
    }

    /// <summary>As the user who has the policy in his home.</summary>
    public CommandResult Skopeo(params string[] arguments) => Command.Run("skopeo", arguments, environment: Home);

    private CommandResult Pull(string reference, string name) => Skopeo("copy", "--src-tls-verify=false", $"docker://{Registry}/{name}{reference}", "dir:" + Temporary());

    private CommandResult Podman(params string[] arguments) =>
        Command.Run("podman", ["--root", _folder["graph"], "--runroot", _folder["run"], "--storage-driver", "vfs", .. arguments], environment: Home);

    private void Copy(string from, string to) => Command.Run("skopeo", ["copy", "--quiet", "--policy", Accepting, "--src-tls-verify=false", "--dest-tls-verify=false", from, to]).MustSucceed();

    private string Accepting
    {
        get
        {
            File.WriteAllText(_folder["accepting.json"], """{"default":[{"type":"insecureAcceptAnything"}]}""");
            return _folder["accepting.json"];
        }
    }

    private Dictionary<string, string?> Home => new() { ["HOME"] = _folder.Path, ["XDG_CONFIG_HOME"] = null, ["GNUPGHOME"] = People.Gpg.Home };

    public void Dispose()
    {
        _registry.Dispose();
        _mirror.Dispose();
        _folder.Dispose();
    }
}
