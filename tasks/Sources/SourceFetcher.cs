using System.Net;
using Polly;
using Polly.Retry;

namespace StageX.Build.Sources;

/// <summary>
/// Fills the cache: asks a source's hints in their order, then Debian's archive, until one delivers the bytes that have the hash.
/// </summary>
public sealed class SourceFetcher(SourceCache cache, FetchOptions options, IBuildLog log)
{
    private readonly ResiliencePipeline _retry = RetryOf(options);

    /// <summary>Fetches what the cache lacks, several at a time. A failing one does not stop the others.</summary>
    /// <exception cref="StageXException">Of the first source that failed; those of others were given as warnings.</exception>
    public async Task FetchAsync(IReadOnlyList<Source> sources, CancellationToken cancellation)
    {
        foreach (var source in sources)
            source.Validate();
        // The same file under two names is fetched once, with the hints of both.
        var missing = sources
            .Where(source => !cache.Contains(source.Sha256))
            .GroupBy(source => (source.Sha256, source.Commit))
            .Select(group => group.First() with { Urls = [.. group.SelectMany(source => source.Urls).Distinct()] })
            .ToList();
        if (missing.Count == 0)
            return;

        using var client = CreateClient();
        var failures = new StageXException?[missing.Count];
        await Parallel.ForEachAsync(
            Enumerable.Range(0, missing.Count),
            new ParallelOptions { MaxDegreeOfParallelism = options.Parallelism, CancellationToken = cancellation },
            async (index, token) =>
            {
                try
                {
                    await FetchAsync(missing[index], client, token);
                }
                catch (StageXException e)
                {
                    failures[index] = e;
                }
            });

        if (failures.OfType<StageXException>().ToList() is not [var first, .. var others])
            return;
        foreach (var other in others)
            log.Warning(other.Code, other.Message);
        throw first;
    }

    /// <summary>The note beside a partial file that says where it comes from.</summary>
    internal static string OriginOf(string partial) => partial + ".from";

    private async Task FetchAsync(Source source, HttpClient client, CancellationToken cancellation)
    {
        try
        {
            using var held = cache.Lock(
                source.Sha256, () => log.Milestone($"{source.Name}: waiting for another build that fetches it"), cancellation);
            // Whoever held the lock before may have brought it.
            if (!cache.Contains(source.Sha256))
                await FetchLockedAsync(source, client, cancellation);
        }
        catch (IOException e) when (DiskSpace.IsExhausted(e))
        {
            throw DiskSpace.Fault(source, cache.Folder, e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw source.Fault(ErrorCode.SourceCacheUnusable, $"The cache '{cache.Folder}' cannot be used: {e.Message}", inner: e);
        }
    }

    private async Task FetchLockedAsync(Source source, HttpClient client, CancellationToken cancellation)
    {
        var failures = new List<(string Hint, HintException Failure)>();
        foreach (var url in source.Urls)
        {
            if (options.Offline && !url.IsFile)
                continue;
            if (await TryHintAsync(source, url, client, failures, cancellation))
            {
                log.Milestone($"{source.Name}: fetched from {url}");
                WarnOfOthers(source, failures);
                return;
            }
        }

        if (options.Offline)
            throw source.Fault(
                ErrorCode.SourceOffline,
                $"{source.Name} ({source.Sha256}) is not in the cache, and the build is offline. Run the Fetch target once with network.{Listing(failures)}");

        if (source.Commit is null && options.Debian is { } debian)
        {
            var files = debian.Lookup(source.Sha256, log, cancellation);
            if (files.Count == 0)
                failures.Add(("Debian's source archive", new HintException("has no file with this hash, or is not known to this machine")));
            foreach (var file in files)
            {
                if (!await TryHintAsync(source, file.Uri, client, failures, cancellation))
                    continue;
                log.Milestone($"{source.Name}: fetched from Debian's source archive ({file.Uri})");
                WarnOfOthers(source, failures);
                if (!file.IsKept)
                    log.Warning(
                        ErrorCode.DebianSuiteDropsFiles,
                        $"{source.Name}: only Debian's {string.Join(", ", file.Suites)} still has this file, and drops it with the next version. Add a mirror that keeps it.");
                return;
            }
        }

        throw Refusal(source, failures);
    }

    private async Task<bool> TryHintAsync(
        Source source, Uri url, HttpClient client, List<(string, HintException)> failures, CancellationToken cancellation)
    {
        var progress = new Progress(source.Name, options.ProgressAfter, log);
        try
        {
            await _retry.ExecuteAsync(
                async token =>
                {
                    try
                    {
                        await TryOnceAsync(source, url, client, progress, token);
                    }
                    catch (HintException e)
                    {
                        log.Detail($"{source.Name}: {url}: {e.Message}");
                        throw;
                    }
                },
                cancellation);
            return true;
        }
        catch (HintException e)
        {
            failures.Add((url.ToString(), e));
            return false;
        }
    }

    private async Task TryOnceAsync(Source source, Uri url, HttpClient client, Progress progress, CancellationToken cancellation)
    {
        var partial = cache.PartialPathOf(source.Sha256);
        Digest delivered;
        var resumed = false;
        if (source.Commit is null && !url.IsFile)
            (delivered, resumed) = await new HttpDownload(client, options, progress).RunAsync(url, partial, cancellation);
        else
            try
            {
                delivered = source.Commit is null ? CopyFile(url, partial) : FetchGit(source, url, partial, cancellation);
            }
            catch
            {
                // Only what came over HTTP can be gone on with.
                File.Delete(partial);
                throw;
            }

        File.Delete(OriginOf(partial));
        if (delivered == source.Sha256)
        {
            cache.Admit(source.Sha256, partial);
            return;
        }

        var size = new FileInfo(partial).Length;
        File.Delete(partial);
        throw resumed
            // Two halves of different files: the whole one may still be right.
            ? new HintException("the file changed between two parts of its download") { IsTemporary = true, Delivered = delivered }
            : new HintException($"it delivered {size} bytes with {delivered}") { Delivered = delivered };
    }

    private Digest FetchGit(Source source, Uri url, string partial, CancellationToken cancellation)
    {
        using (var tar = new FileStream(partial, FileMode.Create, FileAccess.Write))
            GitTree.Fetch(source, url, partial + ".git", tar, options, cancellation);
        return Digest.OfFile(partial);
    }

    private Digest CopyFile(Uri url, string partial)
    {
        try
        {
            using var from = File.OpenRead(url.LocalPath);
            if (from.Length > options.LargestFile)
                throw new HintException($"it is larger than the {options.LargestFile} bytes allowed");
            using var to = new FileStream(partial, FileMode.Create, FileAccess.ReadWrite);
            from.CopyTo(to);
            to.Position = 0;
            return Digest.Of(to);
        }
        catch (Exception e) when (e is UnauthorizedAccessException or IOException && !DiskSpace.IsExhausted(e))
        {
            throw new HintException(e.Message, e);
        }
    }

    /// <summary>Somebody who delivers other bytes under a pinned name is news, even when another mirror was right.</summary>
    private void WarnOfOthers(Source source, List<(string Hint, HintException Failure)> failures)
    {
        foreach (var (hint, failure) in failures)
            if (failure.Delivered is { } delivered)
                log.Warning(ErrorCode.SourceHashMismatch, $"{source.Name}: {hint} delivers {delivered} instead of {source.Sha256}; another mirror had the right one.");
    }

    private static StageXException Refusal(Source source, List<(string Hint, HintException Failure)> failures) =>
        failures.FirstOrDefault(failure => failure.Failure.Delivered is not null) is ({ } hint, { Delivered: { } delivered })
            ? source.Fault(
                ErrorCode.SourceHashMismatch,
                $"{source.Name} should have {source.Sha256}, and {hint} delivers {delivered}. Find out which of the two is right before you change the hash.{Listing(failures)}")
            : source.Fault(
                ErrorCode.NoMirrorAnswers,
                $"No mirror answers with {source.Name} ({source.Sha256}). Add one that does.{Listing(failures)}");

    private static string Listing(List<(string Hint, HintException Failure)> failures) =>
        string.Concat(failures.Select(failure => $"{Environment.NewLine}  {failure.Hint}: {failure.Failure.Message}"));

    private HttpClient CreateClient()
    {
        var client = new HttpClient(new SocketsHttpHandler
        {
            ConnectTimeout = options.ConnectTimeout,
            AutomaticDecompression = DecompressionMethods.None,
            UseCookies = false,
            MaxAutomaticRedirections = 10,
        })
        {
            // Long downloads are fine as long as something arrives.
            Timeout = Timeout.InfiniteTimeSpan,
        };
        client.DefaultRequestHeaders.UserAgent.ParseAdd("StageX.Build");
        return client;
    }

    private static ResiliencePipeline RetryOf(FetchOptions options) =>
        options.Attempts <= 1
            ? ResiliencePipeline.Empty
            : new ResiliencePipelineBuilder()
                .AddRetry(new RetryStrategyOptions
                {
                    ShouldHandle = new PredicateBuilder().Handle<HintException>(e => e.IsTemporary),
                    MaxRetryAttempts = options.Attempts - 1,
                    BackoffType = DelayBackoffType.Exponential,
                    UseJitter = true,
                    Delay = options.RetryDelay,
                    MaxDelay = options.LongestDelay,
                    DelayGenerator = arguments => new(
                        arguments.Outcome.Exception is HintException { RetryAfter: { } asked } && asked > TimeSpan.Zero
                            ? asked < options.LongestDelay ? asked : options.LongestDelay
                            : null),
                })
                .Build();
}
