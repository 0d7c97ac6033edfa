using StageX.Build.Images;
using StageX.Build.Tests.Registries;
using StageX.Build.Tests.Sdk;
using StageX.Build.Trust;

namespace StageX.Build.Tests.Trust;

/// <summary>A distribution on a registry of loopback: its packages, its repository, and the signatures of Alice and Bob.</summary>
internal sealed class PublishedTree : IDisposable
{
    private static readonly BuildFacts Intel = new("GenuineIntel", "x64", "buildah", "6.1.0"), Amd = Intel with { Vendor = "AuthenticAMD" };
    private readonly LocalRegistry? _own;
    private readonly TemporaryFolder _folder = new("sx-dist-");

    /// <param name="fill">Adds the packages.</param>
    /// <param name="registry">The registry; null for one that asks nobody who he is.</param>
    /// <param name="environment">Of all builds.</param>
    public PublishedTree(Action<TestTree> fill, LocalRegistry? registry = null, IReadOnlyDictionary<string, string?>? environment = null)
    {
        _own = registry is null ? new LocalRegistry() : null;
        Registry = registry ?? _own!;
        Tree = new TestTree { Environment = new Dictionary<string, string?>(environment ?? new Dictionary<string, string?>()) { ["GNUPGHOME"] = People.Gpg.Home } };
        try
        {
            fill(Tree);
            Tree.Build(Tree.Tree(), "-t:UpdateDigests").MustSucceed();
            Merge();
        }
        catch
        {
            // Nobody has it yet who could.
            Dispose();
            throw;
        }
    }

    public LocalRegistry Registry { get; }

    public SourceRepository Repository { get; } = new("Alice", "Bob", "Carol");

    public TestTree Tree { get; }

    public string Store => _folder["signatures"];

    public string Name => $"{Registry.Address}/stagex";

    /// <summary>What each command has to be told.</summary>
    public string[] Trust =>
    [
        $"-p:StageXRepository={Repository.Root}", $"-p:StageXTrustedCommit={Repository.Trusted}", $"-p:StageXConfiguration={Repository.Configuration}", $"-p:StageXRegistry={Name}",
        $"-p:StageXSignatureStore={Store}",
    ];

    public Digest Digest(string id) => ImageLayout.Read(Path.Combine(Tree.Artifacts, "images", id)).Manifest.Digest;

    /// <summary>Brings the packages and their digests, as they stand, into verified history.</summary>
    public void Merge()
    {
        Repository.Branch();
        foreach (var stage in Directory.GetDirectories(Tree.Root).Where(folder => Path.GetFileName(folder) != "artifacts"))
            Command.Run("cp", ["-r", stage, Repository.Root]).MustSucceed();
        Repository.Commit(People.Alice);
        Repository.Merge(People.Bob);
    }

    /// <summary>Signs what history records as Alice and Bob, on processors of two vendors.</summary>
    public void Sign(string id, string version = "1.0", params IReadOnlyList<string> signers)
    {
        var (name, digest) = (TrustSettings.NameOf(Name, id), Digest(id));
        foreach (var signer in signers.Count > 0 ? signers : [People.Alice, People.Bob])
            foreach (var reference in new[] { $"{name}@{digest}", $"{name}:{version}" })
                new SignatureStore(Store).Add(name, digest, People.Gpg.Sign(signer, new ContainerSignature { Reference = reference, Manifest = digest, Facts = signer == People.Alice ? Intel : Amd }.Serialize()));
    }

    /// <summary>Signs and pushes all that was built.</summary>
    public PublishedTree Publish()
    {
        foreach (var layout in Directory.GetDirectories(Path.Combine(Tree.Artifacts, "images")))
            Sign(Path.GetFileName(layout));
        Tree.Build(Tree.Tree(), ["-t:Publish", .. Trust]).MustSucceed();
        return this;
    }

    /// <summary>The same packages as somebody finds them in a clone, with nothing built.</summary>
    public TestTree Clone(IReadOnlyDictionary<string, string?>? environment = null)
    {
        var clone = new TestTree { Environment = environment ?? Tree.Environment };
        foreach (var stage in Directory.GetDirectories(Repository.Root).Where(folder => Path.GetFileName(folder) is not (".git" or "eng")))
            Command.Run("cp", ["-r", stage, clone.Root]).MustSucceed();
        clone.Tree();
        return clone;
    }

    public void Dispose()
    {
        Tree.Dispose();
        Repository.Dispose();
        _own?.Dispose();
        _folder.Dispose();
    }
}
