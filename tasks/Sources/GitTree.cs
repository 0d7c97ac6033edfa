using System.Text;

namespace StageX.Build.Sources;

/// <summary>
/// Fetches one commit and writes its tree as <see cref="CanonicalTar"/>. The git at hand is only a carrier: no configuration of the
/// user or the system, no hooks, no attributes, no checkout.
/// </summary>
internal sealed class GitTree
{
    private readonly Source _source;
    private readonly string _repository;
    private readonly FetchOptions _options;
    private readonly CancellationToken _cancellation;

    private GitTree(Source source, string repository, FetchOptions options, CancellationToken cancellation)
    {
        _source = source;
        _repository = repository;
        _options = options;
        _cancellation = cancellation;
    }

    /// <summary>Fetches from one URL into a temporary repository and writes the tar.</summary>
    /// <exception cref="HintException">This repository does not deliver the commit.</exception>
    public static void Fetch(Source source, Uri url, string repository, Stream tar, FetchOptions options, CancellationToken cancellation)
    {
        var tree = new GitTree(source, repository, options, cancellation);
        try
        {
            tree.FetchCommit(url);
            tree.WriteTar(tar);
        }
        finally
        {
            if (Directory.Exists(repository))
                DeleteRepository(repository);
        }
    }

    private void FetchCommit(Uri url)
    {
        if (Directory.Exists(_repository))
            DeleteRepository(_repository);
        Git("init", "--quiet", "--bare", "--template=", _repository).Require();
        var only = Git([.. Repository, "fetch", "--quiet", "--no-tags", "--depth=1", url.AbsoluteUri, _source.Commit!]);
        if (only.ExitCode == 0)
            return;
        // A server need not give a commit that no branch points to; then everything has to come.
        var all = Git([.. Repository, "fetch", "--quiet", "--no-tags", url.AbsoluteUri, "+refs/*:refs/stagex/*"]);
        if (all.ExitCode != 0)
            throw new HintException($"git: {LastLine(all.Errors)}");
        if (Git([.. Repository, "cat-file", "-e", $"{_source.Commit}^{{commit}}"]).ExitCode != 0)
            throw new HintException($"the repository has no commit {_source.Commit}");
    }

    private void WriteTar(Stream output)
    {
        var listing = Git([.. Repository, "ls-tree", "-r", "-z", "--full-tree", _source.Commit!]).Require();
        var entries = Parse(listing).OrderBy(entry => entry.Path, ByteOrder.Instance);
        using var blobs = GitObjects.Open([.. Options, .. Repository], Isolate, _cancellation) ?? throw Missing();
        var contents = blobs.Content;
        var tar = new CanonicalTar(output);
        foreach (var entry in entries)
        {
            _cancellation.ThrowIfCancellationRequested();
            var size = SizeOf(blobs.Ask(entry.Id), entry.Id);
            if (output.Position + size > _options.LargestFile)
                throw new HintException($"the tree is larger than the {_options.LargestFile} bytes allowed");
            if (entry.IsLink)
            {
                var target = new byte[size];
                contents.ReadExactly(target);
                tar.AddLink(entry.Path, target);
            }
            else
                tar.AddFile(entry.Path, entry.IsExecutable, size, to => Copy(contents, to, size));
            blobs.EndContent();
        }

        tar.End();
        blobs.End(_cancellation);
    }

    private sealed record TreeEntry(byte[] Path, string Id, bool IsLink, bool IsExecutable);

    // "<mode> <type> <id>\t<path>\0"
    private IEnumerable<TreeEntry> Parse(byte[] listing)
    {
        for (var start = 0; start < listing.Length;)
        {
            var end = Array.IndexOf(listing, (byte)0, start);
            var tab = Array.IndexOf(listing, (byte)'\t', start);
            var fields = Encoding.ASCII.GetString(listing, start, tab - start).Split(' ');
            var path = listing[(tab + 1)..end];
            yield return fields[0] switch
            {
                "100644" or "100664" => new(path, fields[2], false, false),
                "100755" => new(path, fields[2], false, true),
                "120000" => new(path, fields[2], true, false),
                "160000" => throw _source.Fault(
                    ErrorCode.GitTreeUnsupported,
                    $"{_source.Name}: '{Encoding.UTF8.GetString(path)}' is a submodule, which the hash of the tree does not cover. Add it as a source of its own."),
                var mode => throw _source.Fault(
                    ErrorCode.GitTreeUnsupported, $"{_source.Name}: '{Encoding.UTF8.GetString(path)}' has the mode {mode}."),
            };
            start = end + 1;
        }
    }

    private static long SizeOf(string? header, string id) =>
        (header ?? throw new HintException("git ended while its blobs were read")).Split(' ') is [var answered, "blob", var size] && answered == id
            ? long.Parse(size, System.Globalization.CultureInfo.InvariantCulture)
            : throw new HintException($"git has no blob {id}");

    private static void Copy(Stream from, Stream to, long size)
    {
        var buffer = new byte[1 << 16];
        for (var left = size; left > 0;)
        {
            var count = from.Read(buffer, 0, (int)Math.Min(buffer.Length, left));
            if (count == 0)
                throw new HintException("git ended while its blobs were read");
            to.Write(buffer, 0, count);
            left -= count;
        }
    }

    private IEnumerable<string> Repository => ["--git-dir", _repository];

    private IEnumerable<string> Options =>
    [
        "-c", "protocol.allow=never",
        "-c", "protocol.file.allow=always",
        "-c", $"protocol.http.allow={(_options.Offline ? "never" : "always")}",
        "-c", $"protocol.https.allow={(_options.Offline ? "never" : "always")}",
        "-c", "core.hooksPath=/dev/null",
        "-c", "credential.helper=",
        "-c", "gc.auto=0",
        "-c", "http.lowSpeedLimit=1",
        "-c", $"http.lowSpeedTime={(int)Math.Max(1, _options.StallTimeout.TotalSeconds)}",
    ];

    private Result Git(params string[] arguments)
    {
        var (exitCode, output, errors) = ChildProcess.Run("git", [.. Options, .. arguments], Isolate, _cancellation) ?? throw Missing();
        return new Result(exitCode, output, errors);
    }

    private StageXException Missing() =>
        _source.Fault(ErrorCode.GitMissing, $"{_source.Name} is a git commit, and git is not installed. Install git.");

    private static void Isolate(IDictionary<string, string?> environment) =>
        GitEnvironment.Isolate(environment, OperatingSystem.IsWindows() ? "NUL" : "/dev/null");

    private static string LastLine(string errors) =>
        errors.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).LastOrDefault() ?? "failed without a word";

    internal static void DeleteRepository(string repository)
    {
        // git's objects are read-only, which Windows does not delete.
        if (OperatingSystem.IsWindows())
            foreach (var file in Directory.EnumerateFiles(repository, "*", SearchOption.AllDirectories))
                File.SetAttributes(file, FileAttributes.Normal);
        Directory.Delete(repository, recursive: true);
    }

    private sealed record Result(int ExitCode, byte[] Output, string Errors)
    {
        public byte[] Require() => ExitCode == 0 ? Output : throw new HintException($"git: {LastLine(Errors)}");
    }

    private sealed class ByteOrder : IComparer<byte[]>
    {
        public static ByteOrder Instance { get; } = new();

        public int Compare(byte[]? x, byte[]? y) => x.AsSpan().SequenceCompareTo(y);
    }
}
