using System.Text;
using StageX.Build.Trust;

namespace StageX.Build.Tests.Trust;

/// <summary>Histories that two maintainers stand behind, by the real git.</summary>
[TestClass]
public sealed class SourceHistoryTests
{
    [TestMethod]
    public void Changes_of_two_maintainers_pass_once_and_are_not_looked_at_again()
    {
        using var repository = new SourceRepository("Alice", "Bob", "Carol");
        repository.MustPass(0);
        repository.Change(People.Alice, People.Bob);
        // Two branches that went on at the same time: the second takes the main line in before it is merged.
        repository.Branch("one");
        repository.Commit(null);
        repository.Commit(People.Bob);
        repository.Branch("two");
        repository.Commit(People.Carol);
        repository.Merge(People.Carol, "one");
        repository.Git("checkout", "--quiet", "two");
        repository.GitAs(People.Carol, "merge", "--quiet", "-m", "Take main in", "main");
        repository.Merge(People.Alice, "two");
        repository.MustPass(3);
        repository.Change(People.Bob, People.Carol);
        repository.MustPass(1).MustPass(0);
        CollectionAssert.AreEquivalent(new[] { People.Alice, People.Bob, People.Carol },
            File.ReadAllLines(Path.Combine(repository.Configuration, "verified", repository.Trusted)).Skip(1).Select(line => line.Split(' ')[0]).ToArray());

        // Where nothing is given, the configuration says whom to trust.
        File.WriteAllText(Path.Combine(repository.Configuration, "trusted-commit"), repository.Trusted + "\n");
        repository.Trusted = "";
        using var history = repository.Open();
        Assert.AreEqual("content\n", Encoding.UTF8.GetString(history.ReadFile("file0")!));
        Assert.IsNull(history.ReadFile("eng/nothing"));
    }

    [TestMethod]
    public void Of_two_clones_that_are_verified_at_once_the_one_that_is_behind_sets_nothing_back()
    {
        using var repository = new SourceRepository("Alice", "Bob");
        using var clones = new TemporaryFolder();
        for (var round = 0; round < 8; round++)
        {
            repository.Change(People.Alice, People.Bob);
            repository.Git("clone", "--quiet", "--mirror", ".", clones[$"{round}"]);
            repository.Change(People.Bob, People.Alice);
            Parallel.Invoke(() => repository.Open().Dispose(), () =>
            {
                try
                {
                    repository.Open(repository: clones[$"{round}"]).Dispose();
                }
                catch (StageXException e) when (e.Code == ErrorCode.HistoryRewritten)
                {
                    // It came second, and does not hold what was verified before.
                }
            });
            Assert.AreEqual(repository.Head, File.ReadAllLines(Path.Combine(repository.Configuration, "verified", repository.Trusted))[0]);
        }
    }

    [TestMethod]
    public void A_contribution_from_outside_is_adopted_and_three_may_be_asked_for()
    {
        using var repository = new SourceRepository(People.Gpg, People.Files(People.Gpg, People.Policy.Replace("source-signers: 2", "source-signers: 3", StringComparison.Ordinal), "Alice", "Bob", "Carol"));
        repository.Branch();
        repository.Commit(null);
        repository.Commit(People.Gpg.Fingerprint("Dave"));
        repository.Adopt(People.Alice);
        repository.Adopt(People.Bob);
        repository.Merge(People.Carol);
        repository.MustPass(1);
        repository.Change(People.Alice, People.Bob);
        repository.MustFail(ErrorCode.ChangeRefused, "3 maintainers must sign");
    }

    [TestMethod]
    public void SSH_signatures_count_for_the_maintainer_whose_entry_has_the_key()
    {
        using var keys = new TemporaryFolder();
        var files = People.Files(People.Gpg, People.Policy, "Alice", "Bob", "Carol");
        foreach (var (name, type, bits) in new[] { ("alice", "ed25519", "256"), ("bob", "ecdsa", "384"), ("carol", "rsa", "2048"), ("mallory", "ed25519", "256") })
        {
            Command.Run("ssh-keygen", ["-q", "-t", type, "-b", bits, "-N", "", "-f", keys[name]]).MustSucceed();
            if (name != "mallory")
                files[name + ".txt"] = [.. files[name + ".txt"], .. Encoding.UTF8.GetBytes($"ssh: {File.ReadAllText(keys[name + ".pub"]).Trim()}\n")];
        }
        using var repository = new SourceRepository(People.Gpg, files);
        repository.Change(keys["alice"], keys["bob"]);
        repository.Change(keys["carol"], People.Alice);
        repository.MustPass(2);

        // Two keys of one person; somebody else's key; a signature that was made for something else.
        var good = repository.Head;
        repository.Change(keys["alice"], People.Alice);
        repository.MustFail(ErrorCode.ChangeRefused, "only Alice did");
        repository.Git("reset", "--quiet", "--hard", good);
        repository.Change(keys["mallory"], People.Alice);
        repository.MustFail(ErrorCode.ChangeUnsigned, "no maintainer's SSH key");
        repository.Git("reset", "--quiet", "--hard", good);
        repository.Branch();
        var commit = repository.RawCommit(repository.Commit(null));
        File.WriteAllBytes(keys["commit"], commit);
        Command.Run("ssh-keygen", ["-Y", "sign", "-q", "-f", keys["alice"], "-n", "file", keys["commit"]]).MustSucceed();
        repository.Raw(WithSignature(commit, File.ReadAllText(keys["commit.sig"])));
        repository.Merge(People.Bob);
        repository.MustFail(ErrorCode.ChangeUnsigned, "something else than git");
    }

    [TestMethod]
    [TestCategory("Attack")]
    public void Maintainers_are_who_the_main_line_named_before_the_change()
    {
        using var repository = new SourceRepository("Alice", "Bob");
        // Whom two added counts from the next change on.
        repository.Branch();
        repository.Maintainers(People.Files(People.Gpg, People.Policy, "Alice", "Bob", "Carol"));
        repository.Commit(People.Alice);
        repository.Merge(People.Bob);
        repository.Change(People.Carol, People.Bob);
        repository.MustPass(2);
        var good = repository.Head;

        // Dave adds himself, and counts on it at once.
        repository.Branch();
        repository.Maintainers(People.Files(People.Gpg, People.Policy, "Alice", "Bob", "Carol", "Dave"));
        repository.Commit(People.Gpg.Fingerprint("Dave"));
        repository.Merge(People.Alice);
        repository.MustFail(ErrorCode.ChangeUnsigned, "no maintainer's key");
        repository.Git("reset", "--quiet", "--hard", good);
        // Alice replaces Bob's key by one of hers, and merges with it.
        repository.Branch();
        using var other = new Gpg();
        other.Create("Bob");
        var replaced = People.Files(People.Gpg, People.Policy, "Alice", "Carol");
        foreach (var (name, content) in People.Files(other, People.Policy, "Bob"))
            replaced[name] = content;
        repository.Maintainers(replaced);
        repository.Commit(People.Alice);
        repository.Merge(People.Alice);
        repository.MustFail(ErrorCode.ChangeRefused, "only Alice did");
        repository.Git("reset", "--quiet", "--hard", good);
        // In the working tree keys may be what they like.
        repository.Maintainers(replaced);
        using (var history = repository.Open())
            CollectionAssert.Contains(history.Maintainers.All.Select(maintainer => maintainer.Fingerprint).ToArray(), People.Bob);
        repository.Git("reset", "--quiet", "--hard", good);

        // Whom two removed counts no more.
        repository.Branch();
        repository.Maintainers(People.Files(People.Gpg, People.Policy, "Alice", "Bob"));
        repository.Commit(People.Alice);
        repository.Merge(People.Bob);
        repository.MustPass(1);
        repository.Change(People.Carol, People.Alice);
        repository.MustFail(ErrorCode.ChangeUnsigned, "no maintainer's key");
    }

    [TestMethod]
    [TestCategory("Attack")]
    public void A_policy_is_never_lowered_and_the_folder_never_emptied_or_broken()
    {
        (string Attack, Action<Dictionary<string, byte[]>> Edit, string Code, string Words)[] attacks =
        [
            ("fewer source signers", files => files["policy.txt"] = Policy("source-signers: 3", "source-signers: 2"), ErrorCode.PolicyLowered, "source-signers from 3 to 2"),
            ("fewer artifact signers", files => files["policy.txt"] = Policy("artifact-signers: 3", "artifact-signers: 2"), ErrorCode.PolicyLowered, "artifact-signers"),
            ("one vendor", files => files["policy.txt"] = Policy("vendors: 2", "vendors: 1"), ErrorCode.PolicyLowered, "processor-vendors"),
            ("no smart card", files => files["policy.txt"] = Policy("card: required", "card: optional"), ErrorCode.PolicyLowered, "smart-card"),
            ("one signer at all", files => files["policy.txt"] = Policy("source-signers: 3", "source-signers: 1"), ErrorCode.MaintainersUnreadable, "at least 2"),
            ("no policy", files => files.Remove("policy.txt"), ErrorCode.MaintainersUnreadable, "missing"),
            ("nobody", files => { foreach (var name in files.Keys.Where(name => name != "policy.txt").ToList()) files.Remove(name); }, ErrorCode.NoMaintainers, "no maintainers since"),
        ];
        byte[] Policy(string old, string now) => Encoding.UTF8.GetBytes(Strict.Replace(old, now, StringComparison.Ordinal));
        using var repository = new SourceRepository(People.Gpg, People.Files(People.Gpg, Strict, "Alice", "Bob", "Carol"));
        foreach (var (attack, edit, code, words) in attacks)
        {
            repository.Git("checkout", "--quiet", "main");
            repository.Git("reset", "--quiet", "--hard", repository.Trusted);
            var files = People.Files(People.Gpg, Strict, "Alice", "Bob", "Carol");
            edit(files);
            repository.Branch();
            repository.Maintainers(files);
            repository.Commit(People.Alice);
            repository.Adopt(People.Carol);
            repository.Merge(People.Bob);
            repository.MustFail(code, words, attack);
        }
    }

    private const string Strict = "source-signers: 3\nartifact-signers: 3\nprocessor-vendors: 2\nsmart-card: required\n";

    private static readonly (string Attack, Action<SourceRepository> Do, string Code, string Words)[] Attacks =
    [
        ("a commit on the main line", repository => repository.Commit(People.Alice), ErrorCode.ChangeRefused, "is no merge"),
        ("a fast-forward", repository => { Topic(repository, People.Alice); repository.Git("checkout", "--quiet", "main"); repository.Git("merge", "--quiet", "--ff-only", "topic"); }, ErrorCode.ChangeRefused, "is no merge"),
        ("nobody merges", repository => { Topic(repository, People.Alice); repository.Merge(null); }, ErrorCode.ChangeUnsigned, "it is not signed"),
        ("nobody wrote", repository => { Topic(repository, null); repository.Merge(People.Alice); }, ErrorCode.ChangeUnsigned, "it is not signed"),
        ("one signs both", repository => { Topic(repository, People.Alice); repository.Merge(People.Alice); }, ErrorCode.ChangeRefused, "only Alice did"),
        ("one adopts his own", repository => { Topic(repository, People.Alice); repository.Adopt(People.Alice); repository.Merge(People.Alice); }, ErrorCode.ChangeRefused, "only Alice did"),
        ("an outsider writes", repository => { Topic(repository, People.Gpg.Fingerprint("Dave")); repository.Merge(People.Alice); }, ErrorCode.ChangeUnsigned, "no maintainer's key"),
        ("an outsider merges", repository => { Topic(repository, People.Alice); repository.Merge(People.Gpg.Fingerprint("Dave")); }, ErrorCode.ChangeUnsigned, "no maintainer's key"),
        ("something after the adoption", repository => { Topic(repository, null); repository.Adopt(People.Bob); repository.Commit(null); repository.Merge(People.Alice); }, ErrorCode.ChangeUnsigned, "it is not signed"),
        ("a signer below a change that another made", repository => { Topic(repository, People.Bob); repository.Commit(People.Alice); repository.Merge(People.Alice); }, ErrorCode.ChangeRefused, "only Alice did"),
        ("digests in the same commit by a single signer", repository =>
        {
            repository.Branch();
            File.WriteAllText(repository["digests.txt"], "0\n");
            File.WriteAllText(repository["package"], "1\n");
            repository.Commit(People.Alice);
            repository.Merge(People.Alice);
        }, ErrorCode.ChangeRefused, "only Alice did"),
        ("a policy lowered by a single signer", repository =>
        {
            repository.Branch();
            repository.Maintainers(People.Files(People.Gpg, People.Policy.Replace("vendors: 2", "vendors: 1", StringComparison.Ordinal), "Alice", "Bob"));
            repository.Commit(People.Alice);
            repository.Merge(People.Alice);
        }, ErrorCode.ChangeRefused, "only Alice did"),
        ("a merge that changes the tree", repository =>
        {
            Topic(repository, People.Alice);
            repository.Git("checkout", "--quiet", "main");
            repository.Git("merge", "--quiet", "--no-ff", "--no-commit", "topic");
            File.WriteAllText(repository["smuggled"], "");
            repository.Commit(People.Bob, "Merge topic");
        }, ErrorCode.ChangeRefused, "other files"),
        ("a merge that keeps the main line's files", repository => { Topic(repository, People.Alice); repository.Merge(People.Bob, "topic", "--strategy=ours"); }, ErrorCode.ChangeRefused, "other files"),
        ("a branch behind the main line", repository =>
        {
            Topic(repository, People.Alice);
            repository.Git("checkout", "--quiet", "main");
            repository.Branch("other");
            repository.Commit(People.Alice);
            repository.Merge(People.Bob, "other");
            repository.Merge(People.Bob);
        }, ErrorCode.ChangeRefused, "does not hold the main line"),
        ("three branches at once", repository =>
        {
            Topic(repository, People.Alice);
            repository.Branch("other");
            repository.Commit(People.Alice);
            repository.Git("checkout", "--quiet", "main");
            repository.GitAs(People.Bob, "merge", "--quiet", "--no-ff", "-m", "Octopus", "topic", "other");
        }, ErrorCode.ChangeRefused, "at once"),
        ("the same twice", repository => { Topic(repository, People.Alice); repository.Merge(People.Bob); var tip = repository.Git("rev-parse", "topic").Trim(); repository.Raw(Encoding.UTF8.GetBytes($"tree {repository.Git("rev-parse", "HEAD^{tree}").Trim()}\nparent {repository.Head}\nparent {tip}\nauthor a <a> 1 +0000\ncommitter a <a> 1 +0000\n\nx\n")); }, ErrorCode.ChangeRefused, "does not hold the main line"),
        ("a history of its own", repository =>
        {
            repository.Git("checkout", "--quiet", "--orphan", "elsewhere");
            repository.Commit(People.Alice);
            repository.Git("branch", "--quiet", "--force", "main");
            repository.Git("checkout", "--quiet", "main");
        }, ErrorCode.HistoryRewritten, "does not hold the trusted commit"),
        ("the trusted commit on a branch", repository =>
        {
            repository.Git("checkout", "--quiet", "--orphan", "elsewhere");
            File.WriteAllText(repository["other"], "");
            repository.Commit(People.Alice);
            repository.GitAs(People.Bob, "merge", "--quiet", "--allow-unrelated-histories", "--strategy=ours", "-m", "Merge", "main");
        }, ErrorCode.HistoryRewritten, "does not lead to"),
        ("a message that imitates a signature", repository =>
        {
            repository.Branch();
            repository.Commit(People.Alice);
            var signed = Encoding.UTF8.GetString(repository.RawCommit("HEAD"));
            var signature = signed[signed.IndexOf("gpgsig", StringComparison.Ordinal)..signed.IndexOf("\n\n", StringComparison.Ordinal)];
            repository.Commit(null, "Innocent\n\n" + signature);
            repository.Merge(People.Bob);
        }, ErrorCode.ChangeUnsigned, "it is not signed"),
        ("another commit's signature", repository =>
        {
            Topic(repository, People.Alice);
            var signature = GitCommit.Read(repository.Head, repository.RawCommit("HEAD")).SignatureText!;
            repository.Raw(WithSignature(repository.RawCommit(repository.Commit(null)), signature));
            repository.Merge(People.Bob);
        }, ErrorCode.ChangeUnsigned, "no maintainer's key"),
        ("two signatures", repository => { Topic(repository, People.Alice); repository.Raw(WithSignature(repository.RawCommit("HEAD"), "x")); }, ErrorCode.ChangeRefused, "the header 'gpgsig'"),
        ("a signature for another kind of hash", repository => { Topic(repository, null); repository.Raw(Insert(repository.RawCommit("HEAD"), "gpgsig-sha256 x\n")); }, ErrorCode.ChangeRefused, "the header 'gpgsig-sha256'"),
        ("a header that nobody shows", repository => { Topic(repository, People.Alice); repository.Raw(Insert(repository.RawCommit("HEAD"), "note x\n")); }, ErrorCode.ChangeRefused, "the header 'note'"),
        ("rubble in a header, as collisions need", repository => { Topic(repository, null); repository.Raw(Insert(repository.RawCommit("HEAD"), "junk \u0001\u007f\n")); }, ErrorCode.ChangeRefused, "no text"),
        ("rubble behind the message's end", repository => { Topic(repository, null); repository.Raw([.. repository.RawCommit("HEAD"), 1, .. Enumerable.Range(128, 64).Select(value => (byte)value)]); }, ErrorCode.ChangeRefused, "no text"),
        ("a message that ends for some readers", repository => { Topic(repository, null); repository.Raw([.. repository.RawCommit("HEAD"), 0, (byte)'x']); }, ErrorCode.HistoryUnusable, "nulInCommit"),
        ("an armor of two blocks", repository =>
        {
            Topic(repository, People.Alice);
            var commit = GitCommit.Read(repository.Head, repository.RawCommit("HEAD"));
            repository.Raw(WithSignature(commit.SignedContent, commit.SignatureText + "\n" + commit.SignatureText));
            repository.Merge(People.Bob);
        }, ErrorCode.ChangeUnsigned, "does not count"),
        ("an empty signature", repository => { Topic(repository, null); repository.Raw(WithSignature(repository.RawCommit("HEAD"), "")); repository.Merge(People.Bob); }, ErrorCode.ChangeUnsigned, "one block"),
    ];

    public static IEnumerable<object[]> AttackNames => Attacks.Select(attack => new object[] { attack.Attack });

    [TestMethod]
    [TestCategory("Attack")]
    [DynamicData(nameof(AttackNames))]
    public void A_change_that_two_maintainers_did_not_sign_is_refused(string attack)
    {
        using var repository = new SourceRepository("Alice", "Bob");
        var (_, action, code, words) = Attacks.Single(other => other.Attack == attack);
        action(repository);
        // An object that is wrong by itself need not be merged to be found.
        repository.MustFail(code, words, attack);
    }

    private static void Topic(SourceRepository repository, string? signer)
    {
        repository.Branch();
        repository.Commit(signer);
    }

    [TestMethod]
    [TestCategory("Attack")]
    public void Repositories_that_show_another_history_than_they_have_are_refused()
    {
        using var repository = new SourceRepository("Alice", "Bob");
        repository.Change(People.Alice, People.Bob);
        var good = repository.Head;
        repository.Branch();
        var bad = repository.Commit(null);
        repository.Git("checkout", "--quiet", "main");

        repository.Git("replace", good, bad);
        repository.MustFail(ErrorCode.HistoryUnusable, "replaces objects");
        repository.Git("pack-refs", "--all");
        repository.MustFail(ErrorCode.HistoryUnusable, "replaces objects");
        repository.Git("replace", "--delete", good);
        // One that git would fetch first, with a program that the repository names.
        using (var trap = new TemporaryFolder())
        {
            File.WriteAllText(trap["program"], $"#!/bin/sh\ntouch {trap["sprung"]}\nexit 1\n");
            Command.Run("chmod", ["+x", trap["program"]]).MustSucceed();
            Command.Run("cp", ["-r", repository[".git"], trap["bare"]]).MustSucceed();
            File.AppendAllText(trap["bare/config"], $"[core]\n\trepositoryformatversion = 1\n\tbare = true\n[extensions]\n\tpartialclone = far\n[remote \"far\"]\n\tpromisor = true\n\turl = /nonexistent\n\tuploadpack = {trap["program"]}\n");
            Directory.CreateDirectory(trap["bare/refs/replace"]);
            File.WriteAllText(trap[$"bare/refs/replace/{good}"], new string('1', 40) + "\n");
            Assert.AreEqual(ErrorCode.HistoryUnusable, Assert.ThrowsExactly<StageXException>(() => repository.Open(repository: trap["bare"]).Dispose()).Code);
            Assert.IsFalse(File.Exists(trap["sprung"]));
            Command.Run("git", ["-C", trap["bare"], "for-each-ref", "refs/replace"]);
            Assert.IsTrue(File.Exists(trap["sprung"]), "git itself falls into it");
        }

        Directory.CreateDirectory(repository[".git/info"]);
        File.WriteAllText(repository[".git/info/grafts"], $"{good} {repository.Trusted}\n");
        repository.MustFail(ErrorCode.HistoryUnusable, "grafts");
        File.Delete(repository[".git/info/grafts"]);
        repository.MustPass(1);

        using var folder = new TemporaryFolder();
        Command.Run("git", ["clone", "--quiet", "--depth=1", "file://" + repository.Root, folder["shallow"]]).MustSucceed();
        Assert.Contains("shallow", Assert.ThrowsExactly<StageXException>(() => repository.Open(repository: folder["shallow"]).Dispose()).Message);
        Assert.AreEqual(ErrorCode.HistoryUnusable, Assert.ThrowsExactly<StageXException>(() => repository.Open(repository: folder.Path).Dispose()).Code);

        // An object under a wrong name: what git calls by the name of the merge is another commit.
        Command.Run("git", ["clone", "--quiet", "--bare", "--no-local", repository.Root, folder["bare"]]).MustSucceed();
        repository.Open(repository: folder["bare"]).Dispose();
        Command.Run("git", ["clone", "--quiet", "--bare", "--no-local", repository.Root, folder["false"]]).MustSucceed();
        Command.Run("bash", ["-euc", "mv objects/pack/*.pack ../p; rm -f objects/pack/*; git unpack-objects -q < ../p"], folder["false"], new Dictionary<string, string?> { ["GIT_DIR"] = folder["false"] }).MustSucceed();
        string Loose(string id) => Path.Combine(folder["false"], "objects", id[..2], id[2..]);
        File.Delete(Loose(good));
        File.Copy(Loose(repository.Trusted), Loose(good));
        Assert.AreEqual(ErrorCode.HistoryUnusable, Assert.ThrowsExactly<StageXException>(() => repository.Open(repository: folder["false"]).Dispose()).Code);
    }

    [TestMethod]
    [TestCategory("Attack")]
    public void What_was_verified_is_remembered_and_nobody_gets_behind_it()
    {
        using var repository = new SourceRepository("Alice", "Bob");
        repository.Branch();
        var onBranch = repository.Commit(People.Alice);
        var first = repository.Merge(People.Bob);
        repository.Change(People.Bob, People.Alice);
        repository.MustPass(2);
        var second = repository.Head;

        // An older state is told; a commit of a branch is none; another future is refused, though well signed.
        repository.Git("reset", "--quiet", "--hard", first);
        var warnings = new Warnings();
        repository.MustPass(0, warnings);
        CollectionAssert.AreEqual(new[] { ErrorCode.HistoryOlder }, warnings.Codes);
        repository.Git("reset", "--quiet", "--hard", onBranch);
        repository.MustFail(ErrorCode.HistoryRewritten, "does not lead to");
        repository.Git("reset", "--quiet", "--hard", first);
        repository.Change(People.Bob, People.Alice);
        repository.MustFail(ErrorCode.HistoryRewritten, "does not lead to " + second);

        repository.Trusted = "main";
        repository.MustFail(ErrorCode.NoTrustedCommit, "not the full id");
        repository.Trusted = "";
        repository.MustFail(ErrorCode.NoTrustedCommit, "no commit is trusted");
    }

    [TestMethod]
    [TestCategory("Attack")]
    public void A_key_that_was_compromised_counts_for_nothing_that_was_merged_before_either_and_a_retired_one_does()
    {
        foreach (var (reason, code) in new[] { (1, ErrorCode.ChangeUnsigned), (3, null) })
        {
            using var gpg = new Gpg();
            foreach (var name in new[] { "Alice", "Bob", "Carol" })
                gpg.Create(name, at: "20240101");
            using var repository = new SourceRepository(gpg, People.Files(gpg, People.Policy, "Alice", "Bob", "Carol"));
            repository.Change(gpg.Fingerprint("Alice"), gpg.Fingerprint("Bob"));
            repository.MustPass(1);
            gpg.Revoke(gpg.Fingerprint("Alice"), reason);
            repository.Branch();
            repository.Maintainers(People.Files(gpg, People.Policy, "Alice", "Bob", "Carol"));
            repository.Commit(gpg.Fingerprint("Bob"));
            repository.Merge(gpg.Fingerprint("Carol"));
            if (code is null)
                repository.MustPass(1);
            else
                repository.MustFail(code, "revoked as compromised");
        }
    }

    [TestMethod]
    [TestCategory("Attack")]
    public void Who_is_a_maintainer_no_more_does_not_sign_as_of_when_he_was()
    {
        using var gpg = new Gpg();
        foreach (var name in new[] { "Alice", "Bob", "Carol" })
            gpg.Create(name, at: "20240101");
        var files = People.Files(gpg, People.Policy, "Alice", "Bob", "Carol");
        files["alice.txt"] = [.. files["alice.txt"], .. "until: 2025-12-31\n"u8];
        using var repository = new SourceRepository(gpg, files);
        repository.Change(gpg.Fingerprint("Bob"), gpg.Fingerprint("Carol"));
        var good = repository.Head;
        repository.Change(gpg.Fingerprint("Alice"), gpg.Fingerprint("Bob"));
        repository.MustFail(ErrorCode.ChangeUnsigned, "until 2025-12-31");
        repository.Git("reset", "--quiet", "--hard", good);

        // Alice and Bob agree that it is 2025: in what they sign, and then in what they commit as well.
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["gpg"], "#!/bin/sh\nexec gpg --faked-system-time 20250601T120000! \"$@\"\n");
        Command.Run("chmod", ["+x", folder["gpg"]]).MustSucceed();
        repository.Git("config", "gpg.program", folder["gpg"]);
        foreach (var date in new[] { null, "2025-06-01T12:00:00Z" })
        {
            repository.Environment["GIT_COMMITTER_DATE"] = date;
            repository.Change(gpg.Fingerprint("Alice"), gpg.Fingerprint("Bob"));
            repository.MustFail(ErrorCode.ChangeRefused, "it says that it was made at 2025-06-01 12:00");
            repository.Git("reset", "--quiet", "--hard", good);
        }
        repository.MustPass(1);
    }

    [TestMethod]
    [TestCategory("Attack")]
    public void A_key_that_was_revoked_stays_so_where_somebody_shows_an_older_state()
    {
        using var gpg = new Gpg();
        foreach (var name in new[] { "Alice", "Bob", "Carol" })
            gpg.Create(name, at: "20240101");
        using var repository = new SourceRepository(gpg, People.Files(gpg, People.Policy, "Alice", "Bob", "Carol"));
        gpg.Revoke(gpg.Fingerprint("Alice"), 1);
        repository.Branch();
        repository.Maintainers(People.Files(gpg, People.Policy.Replace("artifact-signers: 2", "artifact-signers: 3", StringComparison.Ordinal), "Alice", "Bob", "Carol"));
        repository.Commit(gpg.Fingerprint("Bob"));
        repository.Merge(gpg.Fingerprint("Carol"));
        repository.MustPass(1);
        repository.Git("reset", "--quiet", "--hard", repository.Trusted);
        using var history = repository.Open();
        Assert.AreEqual(repository.Trusted, history.Head);
        Assert.IsTrue(history.Maintainers.All.Single(maintainer => maintainer.Name == "Alice").Key.IsCompromised);
        Assert.AreEqual(3, history.Maintainers.Policy.ArtifactSigners);
    }

    /// <summary>The blocks with which SHA-1 was first shown to collide (shattered.io): the beginning of two PDF files.</summary>
    [TestMethod]
    [TestCategory("Attack")]
    public void A_commit_has_no_room_for_the_blocks_of_a_collision()
    {
        var start = Convert.FromHexString("255044462d312e330a25e2e3cfd30a0a0a312030206f626a0a3c3c2f57696474682032203020522f4865696768742033203020522f547970652034203020522f537562747970652035203020522f46696c7465722036203020522f436f6c6f7253706163652037203020522f4c656e6774682038203020522f42697473506572436f6d706f6e656e7420383e3e0a73747265616d0affd8fffe00245348412d3120697320646561642121212121852fec092339759c39b1a1c63c4c97e1fffe01");
        byte[][] blocks =
        [
            Convert.FromHexString("7346dc9166b67e118f029ab621b2560ff9ca67cca8c7f85ba84c79030c2b3de218f86db3a90901d5df45c14f26fedfb3dc38e96ac22fe7bd728f0e45bce046d23c570feb141398bb552ef5a0a82be331fea48037b8b5d71f0e332edf93ac3500eb4ddc0decc1a864790c782c76215660dd309791d06bd0af3f98cda4bc4629b1"),
            Convert.FromHexString("7f46dc93a6b67e013b029aaa1db2560b45ca67d688c7f84b8c4c791fe02b3df614f86db1690901c56b45c1530afedfb76038e972722fe7ad728f0e4904e046c230570fe9d41398abe12ef5bc942be33542a4802d98b5d70f2a332ec37fac3514e74ddc0f2cc1a874cd0c78305a21566461309789606bd0bf3f98cda8044629a1"),
        ];
#pragma warning disable CA5350 // It is what collides.
        var hashes = blocks.Select(block => Convert.ToHexStringLower(System.Security.Cryptography.SHA1.HashData([.. start, .. block]))).ToList();
#pragma warning restore CA5350
        Assert.AreEqual("f92d74e3874587aaf443d1db961d4e26dde13e9c", hashes.Distinct().Single());
        Assert.AreNotEqual(Digest.Of([.. start, .. blocks[0]]), Digest.Of([.. start, .. blocks[1]]));

        using var repository = new SourceRepository("Alice", "Bob");
        foreach (var block in blocks)
            foreach (var place in new[] { "junk ", "\n" })
            {
                Topic(repository, People.Alice);
                var commit = repository.RawCommit("HEAD");
                var end = commit.AsSpan().IndexOf("\n\n"u8) + 1;
                byte[] colliding = [.. commit.AsSpan(0, end), .. Encoding.ASCII.GetBytes(place), .. block, .. "\n"u8, .. commit.AsSpan(end)];
                Assert.Contains("no text", Assert.ThrowsExactly<RefusedException>(() => GitCommit.Read(repository.Trusted, colliding)).Message);
                // git looks for zeros before we read.
                repository.Raw(colliding);
                Assert.IsTrue(Assert.ThrowsExactly<StageXException>(() => repository.Open().Dispose()).Code is ErrorCode.ChangeRefused or ErrorCode.HistoryUnusable);
            }
    }

    private static byte[] WithSignature(byte[] commit, string armored) => Insert(commit, "gpgsig " + armored.TrimEnd('\n').Replace("\n", "\n ", StringComparison.Ordinal) + "\n");

    // At the end of the headers.
    private static byte[] Insert(byte[] commit, string header)
    {
        var end = commit.AsSpan().IndexOf("\n\n"u8) + 1;
        return [.. commit.AsSpan(0, end), .. Encoding.UTF8.GetBytes(header), .. commit.AsSpan(end)];
    }
}
