using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;

namespace StageX.Build.Sources;

/// <summary>
/// One attempt to get a file over HTTP into a partial file, going on where an earlier attempt, perhaps of another process, ended.
/// </summary>
internal sealed class HttpDownload(HttpClient client, FetchOptions options, Progress progress)
{
    /// <summary>Brings the partial file to its end. What has arrived stays there when it fails half-way.</summary>
    /// <returns>The digest of the whole file, and whether a part of it was there before.</returns>
    public async Task<(Digest Digest, bool Resumed)> RunAsync(Uri url, string partial, CancellationToken cancellation)
    {
        var origin = Origin.Read(partial);
        var have = origin?.Url == url.AbsoluteUri && File.Exists(partial) ? new FileInfo(partial).Length : 0;
        using var request = new HttpRequestMessage(HttpMethod.Get, url);
        // The hash is of the file, not of a packed form of it.
        request.Headers.AcceptEncoding.Add(new StringWithQualityHeaderValue("identity"));
        if (have > 0)
        {
            request.Headers.Range = new RangeHeaderValue(have, null);
            // Without a validator the hash tells in the end whether the halves belong together.
            if (origin!.Validator is { } validator)
                request.Headers.TryAddWithoutValidation("If-Range", validator);
        }

        using var stall = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        try
        {
            stall.CancelAfter(options.StallTimeout + options.ConnectTimeout);
            using var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, stall.Token);
            var resumes = response.StatusCode == HttpStatusCode.PartialContent;
            if (resumes && response.Content.Headers.ContentRange?.From != have
                || response.StatusCode == HttpStatusCode.RequestedRangeNotSatisfiable)
            {
                File.Delete(partial);
                throw new HintException("the server offers another part than was asked for") { IsTemporary = true };
            }

            Refuse(response);
            if (!resumes)
            {
                have = 0;
                File.Delete(partial);
                Origin.Write(partial, url, response);
            }

            var total = response.Content.Headers.ContentLength + have;
            RefuseSize(total ?? 0);
            await using var body = await response.Content.ReadAsStreamAsync(stall.Token);
            return (await ReceiveAsync(body, partial, total, stall, cancellation), resumes);
        }
        catch (OperationCanceledException e) when (!cancellation.IsCancellationRequested)
        {
            throw new HintException($"nothing arrived for {options.StallTimeout.TotalSeconds:0.#} s", e) { IsTemporary = true };
        }
        catch (HttpRequestException e)
        {
            // A name that does not resolve will not a second later either; the next hint may.
            throw new HintException(e.GetBaseException().Message, e) { IsTemporary = e.HttpRequestError != HttpRequestError.NameResolutionError };
        }
    }

    private async Task<Digest> ReceiveAsync(Stream body, string partial, long? total, CancellationTokenSource stall, CancellationToken cancellation)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        await using var file = new FileStream(partial, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read, 0);
        var buffer = new byte[1 << 17];
        for (int old; (old = await file.ReadAsync(buffer, cancellation)) > 0;)
            hash.AppendData(buffer, 0, old);
        while (true)
        {
            stall.CancelAfter(options.StallTimeout);
            var count = await ReadAsync(body, buffer, stall.Token);
            if (count == 0)
                return Digest.FromHash(hash.GetHashAndReset());
            await file.WriteAsync(buffer.AsMemory(0, count), cancellation);
            hash.AppendData(buffer, 0, count);
            RefuseSize(file.Position);
            progress.Report(file.Position, total);
        }
    }

    // Apart, so that a connection that fails is never taken for a disk that fails.
    private static async Task<int> ReadAsync(Stream body, byte[] buffer, CancellationToken cancellation)
    {
        try
        {
            return await body.ReadAsync(buffer, cancellation);
        }
        catch (IOException e)
        {
            throw new HintException($"the connection was lost: {e.GetBaseException().Message}", e) { IsTemporary = true };
        }
    }

    private static void Refuse(HttpResponseMessage response)
    {
        if (response.IsSuccessStatusCode)
            return;
        var status = (int)response.StatusCode;
        var after = response.Headers.RetryAfter;
        throw new HintException($"HTTP {status} {response.ReasonPhrase}".TrimEnd())
        {
            IsTemporary = status is 408 or 425 or 429 or >= 500,
            RetryAfter = after?.Delta ?? after?.Date - DateTimeOffset.UtcNow,
        };
    }

    private void RefuseSize(long size)
    {
        if (size > options.LargestFile)
            throw new HintException($"it is larger than the {options.LargestFile} bytes allowed");
    }

    /// <summary>Where the bytes of a partial file came from, and the server's name for that version of the file.</summary>
    private sealed record Origin(string Url, string? Validator)
    {
        public static Origin? Read(string partial) =>
            File.Exists(PathOf(partial)) && File.ReadAllLines(PathOf(partial)) is [var url, .. var rest] ? new(url, rest.FirstOrDefault()) : null;

        public static void Write(string partial, Uri url, HttpResponseMessage response)
        {
            // A weak ETag does not promise the same bytes.
            var validator = response.Headers.ETag is { IsWeak: false } etag ? etag.Tag
                : response.Content.Headers.LastModified is { } modified ? modified.ToString("r")
                : null;
            AtomicFile.Write(PathOf(partial), validator is null ? $"{url.AbsoluteUri}\n" : $"{url.AbsoluteUri}\n{validator}\n");
        }

        private static string PathOf(string partial) => SourceFetcher.OriginOf(partial);
    }
}
