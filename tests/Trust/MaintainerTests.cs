using System.Text;
using StageX.Build.Trust;

namespace StageX.Build.Tests.Trust;

/// <summary>The maintainers' folder: entries, keys, thresholds.</summary>
[TestClass]
public sealed class MaintainerTests
{
    [TestMethod]
    public void Entries_name_people_by_the_fingerprint_of_their_primary_key()
    {
        var files = People.Files(People.Gpg, People.Policy.Replace("optional", "required", StringComparison.Ordinal), "Bob", "Alice");
        Edit(files, "bob.txt", text => text + "until: 2031-12-31\nssh: ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAINdamAGCsQq31Uv+08lkBzoO4XLz2qYjJa8CGmj3B1Ea\n");
        files["README.md"] = [];
        var set = MaintainerSet.Read(files);
        Assert.AreEqual(new TrustPolicy(2, 2, 2, true), set.Policy);
        CollectionAssert.AreEqual(new[] { People.Alice, People.Bob }, set.All.Select(maintainer => maintainer.Fingerprint).ToArray());
        Assert.AreEqual(new DateOnly(2031, 12, 31), set.All[1].Until);
        Assert.AreEqual("Bob", set.All[1].Name);
    }

    [TestMethod]
    public void Without_entries_there_is_nobody_and_a_gate_says_so()
    {
        var set = MaintainerSet.Read(People.Files(People.Gpg, People.Policy));
        Assert.AreEqual(ErrorCode.NoMaintainers, Assert.ThrowsExactly<StageXException>(() => set.MustNotBeEmpty()).Code);
    }

    public static IEnumerable<object[]> Mistakes =>
    [
        ["policy.txt", "source-signers: 2", "source-signers: 1", 1, "at least 2"],
        ["policy.txt", "artifact-signers: 2", "artifact-signers: 1", 2, "at least 2"],
        ["policy.txt", "processor-vendors: 2", "processor-vendors: 0", 3, "at least 1"],
        ["policy.txt", "processor-vendors: 2\n", "", 0, "missing"],
        ["policy.txt", "optional", "perhaps", 4, "'required' or 'optional'"],
        ["policy.txt", "optional\n", "optional\nsmartcard: required\n", 5, "unknown"],
        ["policy.txt", "source-signers: 2", "source-signers: 2\nsource-signers: 2", 2, "twice"],
        ["policy.txt", "source-signers: 2", "source-signers:2", 1, "name: value"],
        ["alice.txt", "name: Alice", "name: ", 1, "name: value"],
        ["alice.txt", "since: 2020-01-01", "since: 1.1.2020", 4, "2026-01-31"],
        ["alice.txt", "alice.asc", "alicia.asc", 3, "no file"],
        ["alice.txt", "alice.asc", "bob.asc", 2, "has the fingerprint"],
        ["alice.txt", "alice.asc", "../../alice.asc", 3, "no file"],
        ["alice.txt", "name: Alice\n", "name: Alice\nssh: ssh-dss AAAAB3NzaC1kc3M=\n", 2, "not accepted"],
        ["alice.txt", "name: Alice\n", "name: Alice\nssh: ssh-ed25519 AAAAB3NzaC1kc3M=\n", 2, "another type"],
        ["alice.asc", "-----BEGIN PGP PUBLIC KEY BLOCK-----", "-----BEGIN PGP PRIVATE KEY BLOCK-----", 3, "one block"],
        ["alice.asc", "-----BEGIN PGP PUBLIC KEY BLOCK-----\n\nm", "-----BEGIN PGP PUBLIC KEY BLOCK-----\n\nn", 3, "key: "],
    ];

    [TestMethod]
    [DynamicData(nameof(Mistakes))]
    public void A_mistake_is_named_at_its_line(string file, string text, string wrong, int line, string words)
    {
        var files = People.Files(People.Gpg, People.Policy, "Alice", "Bob");
        Edit(files, file, content => content.Replace(text, wrong, StringComparison.Ordinal));
        var error = Assert.ThrowsExactly<StageXException>(() => MaintainerSet.Read(files));
        Assert.AreEqual(ErrorCode.MaintainersUnreadable, error.Code);
        Assert.AreEqual(line, error.Line, error.Message);
        Assert.Contains(words, error.Message);
        Assert.AreEqual("eng/maintainers/" + file.Replace(".asc", ".txt", StringComparison.Ordinal), error.File);
    }

    [TestMethod]
    [TestCategory("Attack")]
    public void Nobody_is_two_maintainers_and_no_file_stands_by_unnamed()
    {
        var twice = People.Files(People.Gpg, People.Policy, "Alice");
        twice["alicia.txt"] = Encoding.UTF8.GetBytes($"name: Alicia\nfingerprint: {People.Alice}\nkey: alicia.asc\nsince: 2020-01-01\n");
        twice["alicia.asc"] = twice["alice.asc"];
        Assert.Contains("in common with alice", Assert.ThrowsExactly<StageXException>(() => MaintainerSet.Read(twice)).Message);

        // Another's key as a subkey that signs nothing here; podman may read that otherwise.
        var borrowed = People.Files(People.Gpg, People.Policy, "Alice", "Bob");
        var alice = People.Gpg.Run(["--export", People.Alice]);
        borrowed["bob.asc"] = [.. People.Gpg.Run(["--export", People.Bob]), 0xB8, .. alice.AsSpan(1, 1 + alice[1])];
        Assert.Contains("in common with alice", Assert.ThrowsExactly<StageXException>(() => MaintainerSet.Read(borrowed)).Message);

        var other = People.Files(People.Gpg, People.Policy, "Alice");
        other["alice.asc"] = People.Gpg.Export(People.Bob);
        Assert.Contains("has the fingerprint " + People.Bob, Assert.ThrowsExactly<StageXException>(() => MaintainerSet.Read(other)).Message);

        var stray = People.Files(People.Gpg, People.Policy, "Alice");
        stray["mallory.asc"] = [];
        Assert.Contains("no maintainer's entry", Assert.ThrowsExactly<StageXException>(() => MaintainerSet.Read(stray)).Message);

        var two = People.Files(People.Gpg, People.Policy, "Alice");
        two["alice.asc"] = [.. two["alice.asc"], .. People.Gpg.Export(People.Bob)];
        Assert.ThrowsExactly<StageXException>(() => MaintainerSet.Read(two));
    }

    private static void Edit(Dictionary<string, byte[]> files, string file, Func<string, string> edit)
    {
        var before = Encoding.UTF8.GetString(files[file]);
        var after = edit(before);
        Assert.AreNotEqual(before, after);
        files[file] = Encoding.UTF8.GetBytes(after);
    }
}
