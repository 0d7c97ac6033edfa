using System.Diagnostics;
using StageX.Build.Sources;

namespace StageX.Build.Tests.Sources;

[TestClass]
public sealed class GitTests : IDisposable
{
    private static readonly string Long = string.Concat(Enumerable.Repeat("long-name-", 9));

    private readonly TempFolder _folder = new();
    private readonly TestLog _log = new();
    private readonly SourceCache _cache;

    public GitTests() => _cache = new SourceCache(_folder["cache"]);

    public required TestContext TestContext { get; set; }

    public void Dispose() => _folder.Dispose();

    [TestMethod]
    public async Task A_commit_is_fetched_and_extracted_whatever_attributes_say()
    {
        var commit = MakeRepository();
        var source = await Fetch(commit);
        SourceTree.Extract(source, _cache, _folder["out"], TestContext.CancellationToken);
        Assert.AreSequenceEqual(
            [
                ".gitattributes 644 * text=auto eol=crlf export-subst\\nhidden export-ignore\\n", "hidden 644 hidden\\n", "link -> version", $"{Long}/", $"{Long}/{Long}/", $"{Long}/{Long}/deep 644 deep\\n",
                "run 755 #!/bin/sh\\n", "version 644 $Format:%H$\\n", "ä 644 umlaut\\n",
            ],
            SourceRoom.List(Path.Combine(_folder["out"], "src")));
        Assert.IsEmpty(Directory.EnumerateFileSystemEntries(_folder["cache/partial"]).Where(path => !path.EndsWith(".lock", StringComparison.Ordinal)));
    }

    [TestMethod]
    public async Task Anybody_can_make_the_same_tar()
    {
        var commit = MakeRepository();
        var source = await Fetch(commit);
        Run("sh", "-c", $"cd '{_folder["repository"]}' && git config core.attributesFile /dev/null && git ls-files -z | LC_ALL=C sort -z | tar -c -b 1 --format=ustar --mtime=@1 --owner=0 --group=0 --numeric-owner --mode=u=rwX,go=rX --no-recursion --null -T - -f '{_folder["theirs.tar"]}'");
        Assert.AreEqual(Digest.OfFile(_folder["theirs.tar"]), source.Sha256);
    }

    [TestMethod]
    public async Task Paths_and_targets_longer_than_a_tar_header_survive()
    {
        MakeRepository();
        _folder.Write($"repository/{Long}/{Long}/{Long}/{Long}", "far\n");
        File.CreateSymbolicLink(_folder["repository/far"], $"{Long}/{Long}/{Long}/{Long}");
        Git("add", "-A");
        Git("commit", "-qm", "far");
        var source = await Fetch(Git("rev-parse", "HEAD").Trim());
        SourceTree.Extract(source, _cache, _folder["out"], TestContext.CancellationToken);
        Assert.AreEqual("far\n", await File.ReadAllTextAsync(_folder["out/src/far"], TestContext.CancellationToken));
    }

    [TestMethod]
    public async Task A_commit_that_no_branch_points_to_is_found()
    {
        var commit = MakeRepository();
        File.AppendAllText(_folder["repository/version"], "more\n");
        Git("commit", "-qam", "more");
        await Fetch(commit);
    }

    [TestMethod]
    public async Task Another_tree_than_pinned_is_refused()
    {
        var source = SourceOf(MakeRepository()) with { Sha256 = Digest.Of("other"u8) };
        var error = await Assert.ThrowsExactlyAsync<StageXException>(() => Fetch(source));
        Assert.AreEqual(ErrorCode.SourceHashMismatch, error.Code);
    }

    [TestMethod]
    public async Task A_repository_without_the_commit_is_one_that_does_not_answer()
    {
        MakeRepository();
        var error = await Assert.ThrowsExactlyAsync<StageXException>(() => Fetch(SourceOf(new string('a', 40))));
        Assert.AreEqual(ErrorCode.NoMirrorAnswers, error.Code);
        Assert.Contains("has no commit aaaa", error.Message);
    }

    [TestMethod]
    public async Task Submodules_are_refused_by_name()
    {
        var inner = MakeRepository();
        Git("update-index", "--add", "--cacheinfo", $"160000,{inner},sub");
        Git("commit", "-qm", "submodule");
        var error = await Assert.ThrowsExactlyAsync<StageXException>(() => Fetch(SourceOf(Git("rev-parse", "HEAD").Trim())));
        Assert.AreEqual(ErrorCode.GitTreeUnsupported, error.Code);
        Assert.Contains("'sub' is a submodule", error.Message);
    }

    [TestMethod]
    [DataRow("main")]
    [DataRow("0123abc")]
    public async Task Only_a_full_commit_is_one(string commit)
    {
        var error = await Assert.ThrowsExactlyAsync<StageXException>(() => Fetch(SourceOf(commit)));
        Assert.AreEqual(ErrorCode.SourceInvalid, error.Code);
    }

    /// <summary>Learns the hash from the refusal, as a person does, then fetches.</summary>
    private async Task<Source> Fetch(string commit)
    {
        var guess = SourceOf(commit);
        var error = await Assert.ThrowsExactlyAsync<StageXException>(() => Fetch(guess));
        Assert.AreEqual(ErrorCode.SourceHashMismatch, error.Code, error.Message);
        var source = guess with { Sha256 = Digest.Parse(error.Message.Split("delivers ")[1][..71]) };
        await Fetch(source);
        return source;
    }

    private Task Fetch(Source source) =>
        new SourceFetcher(_cache, new FetchOptions { RetryDelay = TimeSpan.Zero }, _log).FetchAsync([source], TestContext.CancellationToken);

    private Source SourceOf(string commit) =>
        new() { Include = "an-include", Name = "src", Urls = [new Uri(_folder["repository"])], Sha256 = Digest.Of("unknown"u8), Commit = commit };

    private string MakeRepository()
    {
        Directory.CreateDirectory(_folder["repository"]);
        Git("init", "-q", "-b", "main");
        _folder.Write("repository/version", "$Format:%H$\n");
        _folder.Write("repository/hidden", "hidden\n");
        _folder.Write("repository/ä", "umlaut\n");
        _folder.Write($"repository/{Long}/{Long}/deep", "deep\n");
        Run("chmod", "700", _folder.Write("repository/run", "#!/bin/sh\n"));
        File.CreateSymbolicLink(_folder["repository/link"], "version");
        Git("add", "-A");
        // After the files: the index holds them as they are.
        _folder.Write("repository/.gitattributes", "* text=auto eol=crlf export-subst\nhidden export-ignore\n");
        Git("add", ".gitattributes");
        Git("commit", "-qm", "first");
        return Git("rev-parse", "HEAD").Trim();
    }

    private string Git(params string[] arguments) => Run(
        "git", ["-C", _folder["repository"], "-c", "user.name=Test", "-c", "user.email=test@stagex.invalid", "-c", "commit.gpgSign=false", "-c", "core.autocrlf=false", "-c", "core.safecrlf=false", .. arguments]);

    private static string Run(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program) { RedirectStandardOutput = true };
        foreach (var argument in arguments)
            start.ArgumentList.Add(argument);
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.AreEqual(0, process.ExitCode, string.Join(' ', arguments));
        return output;
    }
}
