using System.Text.Json.Nodes;
using StageX.Build.Tests.Distribution;
using StageX.Build.Tests.Sdk;
using StageX.Build.Tests.Trust;
using StageX.Build.Trust;

namespace StageX.Build.Tests.Reproducibility;

/// <summary>The record of a verification as what a maintainer signs by.</summary>
[TestClass]
[TestCategory("System")]
public sealed class VerifyAndSignTests
{
    [TestMethod]
    public void A_maintainer_verifies_and_signs_and_anybody_sees_on_what_it_was_built()
    {
        using var published = new PublishedTree(tree =>
        {
            tree.AddBusybox();
            tree.Add("user", "good", TestTree.Busybox + "\n" + """    <Stage Include="build" Script="build.sh" />""", ("build.sh", "echo text > /rootfs/text\n"));
        });
        // This machine has a processor of one vendor.
        published.Repository.Maintainers(People.Files(People.Gpg, People.Policy.Replace("processor-vendors: 2", "processor-vendors: 1", StringComparison.Ordinal), ["Alice", "Bob", "Carol"]));
        published.Repository.Trusted = published.Repository.Commit(null);
        var (tree, project) = (published.Tree, published.Tree.Project("user", "good"));
        string[] As(string who) => [.. published.Trust, "-p:StageXRelease=1", $"-p:StageXSigningKey={who}"];
        tree.Build(project, ["-t:Sign", .. As("alice")]).MustFailWith(ErrorCode.NotVerified, project, 0);

        var vary = DefaultSet.Build(Path.Combine(Repository.Root, "packages/core/vary/vary.msbuildproj")).Single().Layout;
        var reason = File.ReadAllBytes((string)tree.Items(project, "Verify", $"-p:StageXVary={vary}").Single()["Record"]!);
        var record = JsonNode.Parse(reason)!;
        foreach (var who in new[] { "alice", "bob" })
            Assert.HasCount(3, ((string)tree.Items(project, "Sign", As(who)).Single()["Signatures"]!).Split(';'));

        // What the signatures say of the rebuild is what the record says.
        var report = tree.Items(project, "VerifySignatures", [.. published.Trust, "-p:StageXRelease=1"]).Single();
        Assert.AreEqual("true", (string)report["Quorum"]!);
        Assert.AreEqual((string)record["machine"]!["vendor"]!, (string)report["Vendors"]!);
        var name = TrustSettings.NameOf(published.Name, "user-good");
        var signature = Directory.GetFiles(published.Store, "signature-1", SearchOption.AllDirectories).Single();
        Assert.Contains(name.Path, signature);
        var facts = JsonNode.Parse(Command.Run("gpg", ["--quiet", "--decrypt", signature], null, new Dictionary<string, string?> { ["GNUPGHOME"] = People.Gpg.Home }).MustSucceed().Output.Split('\n').First(line => line.StartsWith('{')))!["optional"]!["stagex"]!;
        foreach (var (fact, value) in new[]
        {
            ("processor-vendor", record["machine"]!["vendor"]), ("architecture", record["machine"]!["architecture"]),
            ("kernel", record["machine"]!["kernel"]), ("record", Digest.Of(reason).ToString()), ("engine", record["engines"]!["rebuilt"]!["name"]),
        })
            Assert.AreEqual((string)value!, (string)facts[fact]!, fact);
        CollectionAssert.AreEqual(reason, File.ReadAllBytes((string)report["Records"]!));
    }
}
