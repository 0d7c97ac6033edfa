using StageX.Build.Sources;

namespace StageX.Build.Tests.Sources;

[TestClass]
public sealed class FetchTests : IDisposable
{
    private static readonly byte[] Content = MakeContent(300_000);
    private static readonly FetchOptions Fast = new() { RetryDelay = TimeSpan.Zero, StallTimeout = TimeSpan.FromSeconds(60) };

    private readonly TempFolder _folder = new();
    private readonly TestLog _log = new();
    private readonly SourceCache _cache;

    public FetchTests() => _cache = new SourceCache(_folder["cache"]);

    public required TestContext TestContext { get; set; }

    public void Dispose() => _folder.Dispose();

    [TestMethod]
    public async Task A_source_is_fetched_verified_and_read_only()
    {
        using var server = new TestServer(request => request.OkAsync(Content));
        await Fetch(Fast, server.Url("a.tar.gz"));
        AssertCached();
        Assert.IsTrue(File.GetAttributes(_cache.PathOf(Digest.Of(Content))).HasFlag(FileAttributes.ReadOnly));
    }

    [TestMethod]
    public async Task What_is_there_already_is_not_asked_for()
    {
        using var server = new TestServer(request => request.OkAsync(Content));
        await Fetch(Fast, server.Url("a"));
        await Fetch(Fast, server.Url("a"));
        Assert.HasCount(1, server.Requests);
    }

    [TestMethod]
    public async Task Redirects_are_followed()
    {
        using var server = new TestServer(request => request.Path == "/real"
            ? request.OkAsync(Content)
            : request.StatusAsync("302 Found", "Location: /real"));
        await Fetch(Fast, server.Url("moved"));
        AssertCached();
    }

    [TestMethod]
    public async Task A_missing_file_is_not_asked_for_again_and_the_next_mirror_is()
    {
        using var server = new TestServer(request => request.Path == "/mirror" ? request.OkAsync(Content) : request.StatusAsync("404 Not Found"));
        await Fetch(Fast, server.Url("gone"), server.Url("mirror"));
        AssertCached();
        Assert.HasCount(2, server.Requests);
    }

    [TestMethod]
    public async Task When_no_mirror_answers_each_is_listed_with_its_failure()
    {
        using var server = new TestServer(request => request.StatusAsync(request.Path == "/a" ? "404 Not Found" : "503 Busy"));
        var error = await Assert.ThrowsExactlyAsync<StageXException>(() => Fetch(Fast, server.Url("a"), server.Url("b")));
        Assert.AreEqual(ErrorCode.NoMirrorAnswers, error.Code);
        Assert.AreEqual(("Source", "an-include"), error.Item);
        Assert.Contains($"{server.Url("a")}: HTTP 404 Not Found", error.Message);
        Assert.Contains($"{server.Url("b")}: HTTP 503 Busy", error.Message);
        Assert.HasCount(1 + Fast.Attempts, server.Requests);
    }

    [TestMethod]
    public async Task A_busy_server_is_asked_again()
    {
        var answers = 0;
        using var server = new TestServer(request => Interlocked.Increment(ref answers) switch
        {
            1 => request.StatusAsync("503 Busy"),
            2 => request.StatusAsync("429 Slow down", "Retry-After: 0"),
            _ => request.OkAsync(Content),
        });
        await Fetch(Fast, server.Url("a"));
        AssertCached();
    }

    [TestMethod]
    public async Task A_server_that_dies_halfway_is_resumed_where_it_died()
    {
        using var server = new TestServer(async request =>
        {
            if (request.From > 0)
            {
                await request.RangeAsync(Content, "\"v1\"");
                return;
            }

            await request.HeadAsync("200 OK", $"Content-Length: {Content.Length}", "ETag: \"v1\"");
            await request.Body.WriteAsync(Content.AsMemory(0, 200_000));
            await request.Body.FlushAsync();
        });
        await Fetch(Fast, server.Url("a"));
        AssertCached();
        var second = server.Requests.Last();
        Assert.AreEqual(200_000, second.From);
        Assert.AreEqual("\"v1\"", second.Headers["If-Range"]);
    }

    [TestMethod]
    public async Task A_connection_that_is_reset_is_tried_again()
    {
        var answers = 0;
        using var server = new TestServer(request =>
        {
            if (Interlocked.Increment(ref answers) > 1)
                return request.OkAsync(Content);
            request.Die();
            return Task.CompletedTask;
        });
        await Fetch(Fast, server.Url("a"));
        AssertCached();
    }

    [TestMethod]
    public async Task A_later_build_goes_on_where_a_cancelled_one_stopped()
    {
        using var server = new TestServer(async request =>
        {
            if (request.From > 0)
            {
                await request.RangeAsync(Content, "\"v1\"");
                return;
            }

            await request.HeadAsync("200 OK", $"Content-Length: {Content.Length}", "ETag: \"v1\"");
            await request.Body.WriteAsync(Content.AsMemory(0, 100_000));
            await Task.Delay(Timeout.Infinite, request.Stopped);
        });
        using var cancel = new CancellationTokenSource();
        var fetch = new SourceFetcher(_cache, Fast, _log).FetchAsync([SourceOf(server.Url("a"))], cancel.Token);
        var partial = new FileInfo(Path.Combine(_cache.Folder, "partial", Digest.Of(Content).Hex));
        for (; !partial.Exists || partial.Length < 100_000; partial.Refresh())
            await Task.Yield();
        await cancel.CancelAsync();
        await Assert.ThrowsAsync<OperationCanceledException>(() => fetch);

        await Fetch(Fast, server.Url("a"));
        AssertCached();
        Assert.AreEqual(100_000, server.Requests.Last().From);
    }

    [TestMethod]
    public async Task A_server_that_ignores_the_range_starts_again_cleanly()
    {
        using var server = new TestServer(request => request.OkAsync(Content));
        Interrupted(Content[..1000], server.Url("a"), "\"v1\"");
        await Fetch(Fast, server.Url("a"));
        AssertCached();
        Assert.AreEqual(1000, server.Requests.Single().From);
    }

    [TestMethod]
    public async Task A_file_that_changed_meanwhile_comes_whole()
    {
        using var server = new TestServer(request => request.RangeAsync(Content, "\"v2\""));
        Interrupted(new byte[1000], server.Url("a"), "\"v1\"");
        await Fetch(Fast, server.Url("a"));
        AssertCached();
    }

    [TestMethod]
    public async Task Halves_that_do_not_belong_together_are_thrown_away()
    {
        using var server = new TestServer(request => request.RangeAsync(Content, "\"v1\""));
        Interrupted(new byte[1000], server.Url("a"), "\"v1\"");
        await Fetch(Fast, server.Url("a"));
        AssertCached();
        Assert.HasCount(2, server.Requests);
        Assert.IsEmpty(_log.Warnings);
    }

    [TestMethod]
    public async Task A_partial_file_that_is_complete_is_no_trap()
    {
        using var server = new TestServer(request => request.From >= Content.Length
            ? request.StatusAsync("416 Range Not Satisfiable")
            : request.OkAsync(Content));
        Interrupted(Content, server.Url("a"), "\"v1\"");
        await Fetch(Fast, server.Url("a"));
        AssertCached();
    }

    [TestMethod]
    public async Task A_server_that_stalls_is_given_up()
    {
        using var server = new TestServer(async request =>
        {
            await request.HeadAsync("200 OK", $"Content-Length: {Content.Length}");
            await request.Body.WriteAsync(Content.AsMemory(0, 1000));
            await Task.Delay(Timeout.Infinite, request.Stopped);
        });
        var options = Fast with { StallTimeout = TimeSpan.FromMilliseconds(100), Attempts = 2 };
        var error = await Assert.ThrowsExactlyAsync<StageXException>(() => Fetch(options, server.Url("a")));
        Assert.AreEqual(ErrorCode.NoMirrorAnswers, error.Code);
        Assert.Contains("nothing arrived for 0.1 s", error.Message);
        Assert.HasCount(2, server.Requests);
    }

    [TestMethod]
    public async Task A_truncated_file_is_refused_like_any_other_bytes()
    {
        using var server = new TestServer(request => request.OkAsync(Content[..^1]));
        var error = await Assert.ThrowsExactlyAsync<StageXException>(() => Fetch(Fast, server.Url("a")));
        Assert.AreEqual(ErrorCode.SourceHashMismatch, error.Code);
        Assert.Contains($"{Content.Length - 1} bytes", error.Message);
    }

    [TestMethod]
    public async Task Wrong_bytes_name_both_hashes_and_leave_nothing()
    {
        var wrong = MakeContent(5);
        using var server = new TestServer(request => request.OkAsync(wrong));
        var error = await Assert.ThrowsExactlyAsync<StageXException>(() => Fetch(Fast, server.Url("a")));
        Assert.AreEqual(ErrorCode.SourceHashMismatch, error.Code);
        Assert.Contains(Digest.Of(Content).ToString(), error.Message);
        Assert.Contains(Digest.Of(wrong).ToString(), error.Message);
        Assert.IsFalse(_cache.Contains(Digest.Of(Content)));
        Assert.IsFalse(_cache.Contains(Digest.Of(wrong)));
        Assert.IsEmpty(Directory.EnumerateFiles(_cache.Folder, "*", SearchOption.AllDirectories).Where(file => !file.EndsWith(".lock", StringComparison.Ordinal)));
    }

    [TestMethod]
    public async Task A_mirror_with_wrong_bytes_is_passed_over_with_a_warning()
    {
        using var server = new TestServer(request => request.OkAsync(request.Path == "/good" ? Content : [1, 2, 3]));
        await Fetch(Fast, server.Url("bad"), server.Url("good"));
        AssertCached();
        Assert.AreEqual(ErrorCode.SourceHashMismatch, _log.Warnings.Single().Code);
    }

    [TestMethod]
    public async Task Offline_never_asks_and_names_the_source()
    {
        using var server = new TestServer(request => request.OkAsync(Content));
        var error = await Assert.ThrowsExactlyAsync<StageXException>(() => Fetch(Fast with { Offline = true }, server.Url("a")));
        Assert.AreEqual(ErrorCode.SourceOffline, error.Code);
        Assert.Contains("a-name", error.Message);
        Assert.IsEmpty(server.Requests);
    }

    [TestMethod]
    public async Task A_file_url_works_offline()
    {
        await File.WriteAllBytesAsync(_folder["here"], Content);
        await Fetch(Fast with { Offline = true }, new Uri(_folder["here"]));
        AssertCached();
    }

    [TestMethod]
    public async Task A_file_larger_than_allowed_is_refused_whether_announced_or_not()
    {
        using var server = new TestServer(async request =>
        {
            if (request.Path == "/announced")
            {
                await request.OkAsync(Content);
                return;
            }

            await request.HeadAsync("200 OK");
            await request.Body.WriteAsync(Content);
        });
        var error = await Assert.ThrowsExactlyAsync<StageXException>(
            () => Fetch(Fast with { LargestFile = 1000 }, server.Url("announced"), server.Url("silent")));
        Assert.AreEqual(ErrorCode.NoMirrorAnswers, error.Code);
        Assert.AreEqual(2, error.Message.Split("larger than the 1000 bytes allowed").Length - 1);
    }

    [TestMethod]
    public async Task Two_builds_that_want_one_hash_fetch_it_once()
    {
        var hold = new TaskCompletionSource();
        using var server = new TestServer(async request =>
        {
            await hold.Task;
            await request.OkAsync(Content);
        });
        var first = Task.Run(() => Fetch(Fast, server.Url("a")));
        while (server.Requests.IsEmpty)
            await Task.Yield();
        var second = Task.Run(() => Fetch(Fast, server.Url("a")));
        while (_log.Milestones.IsEmpty)
            await Task.Yield();
        hold.SetResult();
        await Task.WhenAll(first, second);
        AssertCached();
        Assert.HasCount(1, server.Requests);
    }

    [TestMethod]
    public async Task One_source_that_fails_does_not_stop_the_others()
    {
        using var server = new TestServer(request => request.Path == "/a" ? request.OkAsync(Content) : request.StatusAsync("404 Not Found"));
        var missing = Digest.Of("missing"u8);
        var error = await Assert.ThrowsExactlyAsync<StageXException>(() => new SourceFetcher(_cache, Fast, _log).FetchAsync(
            [SourceOf(server.Url("x")) with { Sha256 = missing }, SourceOf(server.Url("a")), SourceOf(server.Url("y")) with { Sha256 = Digest.Of("other"u8) }],
            TestContext.CancellationToken));
        Assert.Contains(missing.ToString(), error.Message);
        AssertCached();
        Assert.AreEqual(ErrorCode.NoMirrorAnswers, _log.Warnings.Single().Code);
    }

    [TestMethod]
    public async Task Long_downloads_tell_how_far_they_are()
    {
        using var server = new TestServer(request => request.OkAsync(Content));
        await Fetch(Fast with { ProgressAfter = TimeSpan.Zero }, server.Url("a"));
        Assert.Contains("a-name: 100 % of 0.3 MiB", _log.Milestones);
    }

    [TestMethod]
    [DataRow("ftp://127.0.0.1/a")]
    [DataRow("http://user:secret@127.0.0.1/a")]
    [DataRow("file://elsewhere/a")]
    public async Task Only_plain_urls_are_taken(string url)
    {
        var error = await Assert.ThrowsExactlyAsync<StageXException>(() => Fetch(Fast, new Uri(url)));
        Assert.AreEqual(ErrorCode.SourceUrlInvalid, error.Code);
        Assert.DoesNotContain("secret", error.Message);
    }

    [TestMethod]
    public async Task A_cached_file_that_was_damaged_is_refused_and_removed()
    {
        using var server = new TestServer(request => request.OkAsync(Content));
        await Fetch(Fast, server.Url("a"));
        var path = _cache.PathOf(Digest.Of(Content));
        File.SetAttributes(path, FileAttributes.Normal);
        await File.WriteAllTextAsync(path, "damaged", TestContext.CancellationToken);
        var source = SourceOf(server.Url("a")) with { Extract = false };
        var error = Assert.ThrowsExactly<StageXException>(() => SourceTree.Extract(source, _cache, _folder["out"], TestContext.CancellationToken));
        Assert.AreEqual(ErrorCode.SourceCacheDamaged, error.Code);
        Assert.IsFalse(_cache.Contains(source.Sha256));
    }

    private Task Fetch(FetchOptions options, params Uri[] urls) =>
        new SourceFetcher(_cache, options, _log).FetchAsync([SourceOf(urls)], TestContext.CancellationToken);

    private static Source SourceOf(params Uri[] urls) =>
        new() { Include = "an-include", Name = "a-name", Urls = urls, Sha256 = Digest.Of(Content) };

    private void Interrupted(byte[] part, Uri url, string etag)
    {
        var partial = Path.Combine(_cache.Folder, "partial", Digest.Of(Content).Hex);
        Directory.CreateDirectory(Path.GetDirectoryName(partial)!);
        File.WriteAllBytes(partial, part);
        File.WriteAllText(partial + ".from", $"{url}\n{etag}\n");
    }

    private void AssertCached() =>
        Assert.AreEqual(Digest.Of(Content), Digest.OfFile(_cache.PathOf(Digest.Of(Content))));

    private static byte[] MakeContent(int size)
    {
        var content = new byte[size];
        new Random(size).NextBytes(content);
        return content;
    }
}
