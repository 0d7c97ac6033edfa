using StageX.Build.Trust;

namespace StageX.Build.Tests.Trust;

/// <summary>A git repository whose main line begins with a set of maintainers, and somebody who verifies it.</summary>
internal sealed class SourceRepository : IDisposable
{
    private readonly TemporaryFolder _folder = new("sx-git-");
    private readonly Gpg _gpg;
    private int _count;

    public SourceRepository(params string[] maintainers) : this(People.Gpg, People.Files(People.Gpg, People.Policy, maintainers))
    {
    }

    public SourceRepository(Gpg gpg, IReadOnlyDictionary<string, byte[]> maintainers)
    {
        _gpg = gpg;
        Directory.CreateDirectory(Root);
        Git("init", "--quiet", "--initial-branch=main", ".");
        Maintainers(maintainers);
        Trusted = Commit(null);
    }

    public string Root => _folder["tree"];

    public string Trusted { get; set; }

    public string Configuration => _folder["config"];

    public string Cache => _folder["cache"];

    /// <summary>Of git, besides its own.</summary>
    public Dictionary<string, string?> Environment { get; } = [];

    public string this[string path] => Path.Combine(Root, path);

    public string Head => Git("rev-parse", "HEAD").Trim();

    public string Git(params string[] arguments) => GitAs(null, arguments);

    /// <summary>Runs git as somebody who signs with an OpenPGP key, or with an SSH key where a file is given.</summary>
    public string GitAs(string? signer, params string[] arguments)
    {
        string[] signing = signer is null ? [] : signer[0] == '/' ? ["-c", "gpg.format=ssh", "-c", $"user.signingkey={signer}"] : ["-c", $"user.signingkey={signer}"];
        return Command.Run("git", ["-c", "user.name=Somebody", "-c", "user.email=somebody@example.org", "-c", "commit.gpgsign=" + (signer is null ? "false" : "true"), "-c", "gc.auto=0", "-c", "advice.detachedHead=false", .. signing, .. arguments], Root,
            new Dictionary<string, string?>(Environment) { ["GNUPGHOME"] = _gpg.Home, ["GIT_CONFIG_GLOBAL"] = "/dev/null" }).MustSucceed().Output;
    }

    public void Maintainers(IReadOnlyDictionary<string, byte[]> files)
    {
        var folder = this[MaintainerSet.Folder];
        if (Directory.Exists(folder))
            Directory.Delete(folder, recursive: true);
        Directory.CreateDirectory(folder);
        foreach (var (name, content) in files)
            File.WriteAllBytes(Path.Combine(folder, name), content);
    }

    /// <summary>Commits what is there, and where nothing changed a new file.</summary>
    public string Commit(string? signer, string message = "Change something")
    {
        if (Git("status", "--porcelain").Length == 0)
            File.WriteAllText(this[$"file{_count++}"], "content\n");
        Git("add", "--all");
        GitAs(signer, "commit", "--quiet", "-m", message);
        return Head;
    }

    public string Adopt(string signer)
    {
        GitAs(signer, "commit", "--quiet", "--allow-empty", "-m", "Adopt");
        return Head;
    }

    public void Branch(string name = "topic", string from = "main") => Git("checkout", "--quiet", "-B", name, from);

    public string Merge(string? signer, string name = "topic", params string[] options)
    {
        Git("checkout", "--quiet", "main");
        GitAs(signer, ["merge", "--quiet", "--no-ff", "-m", $"Merge {name}", .. options, name]);
        return Head;
    }

    /// <summary>A change as it should be.</summary>
    public string Change(string author, string merger)
    {
        Branch();
        Commit(author);
        return Merge(merger);
    }

    /// <summary>A commit object as it stands, on the branch that is checked out.</summary>
    public void Raw(byte[] content, string type = "commit")
    {
        File.WriteAllBytes(_folder["object"], content);
        Git("update-ref", "HEAD", Git("hash-object", "-t", type, "--literally", "-w", _folder["object"]).Trim());
    }

    public byte[] RawCommit(string id)
    {
        using var process = Command.Start("git", ["cat-file", "commit", id], Root);
        using var content = new MemoryStream();
        process.StandardOutput.BaseStream.CopyTo(content);
        process.WaitForExit();
        return content.ToArray();
    }

    public SourceHistory Open(IBuildLog? log = null, string? repository = null, DateTimeOffset? now = null) => SourceHistory.Verify(new SourceHistorySettings
    {
        Repository = repository ?? Root,
        TrustedCommit = Trusted,
        Configuration = Configuration,
        Cache = Cache,
    }, now ?? DateTimeOffset.UtcNow, log ?? new Warnings(), CancellationToken.None);

    public SourceRepository MustPass(int changes, IBuildLog? log = null)
    {
        using var history = Open(log);
        Assert.AreEqual(Head, history.Head);
        Assert.AreEqual(changes, history.Changes);
        return this;
    }

    public void MustFail(string code, string words, string what = "")
    {
        var error = Assert.ThrowsExactly<StageXException>(() => Open().Dispose(), what);
        Assert.AreEqual(code, error.Code, $"{what}: {error.Message}");
        Assert.Contains(words, error.Message, what);
    }

    public void Dispose() => _folder.Dispose();
}

/// <summary>Keeps the codes of warnings.</summary>
internal sealed class Warnings : IBuildLog
{
    public List<string> Codes { get; } = [];

    public void Milestone(string message)
    {
    }

    public void Detail(string message)
    {
    }

    public void Warning(string code, string message, string? file = null, int line = 0) => Codes.Add(code);
}
