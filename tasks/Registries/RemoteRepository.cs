using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using StageX.Build.Images;

namespace StageX.Build.Registries;

/// <summary>
/// One repository of a registry, over the OCI distribution specification 1.1. What it delivers is checked against digest, size
/// and type before anybody sees it; what it has already is not sent again, and a broken download goes on where it was.
/// </summary>
public sealed class RemoteRepository(RepositoryName name, RegistryOptions options, IBuildLog log) : IDisposable
{
    /// <summary>The specification's own limit.</summary>
    private const int LargestManifest = 4 << 20;

    private readonly RegistryConnection _registry = new(name, options);

    public RepositoryName Name => name;

    internal int Parallelism => options.Parallelism;

    /// <summary>A manifest or index by digest or tag.</summary>
    /// <returns>Null where there is none of that name.</returns>
    /// <exception cref="StageXException">It is not what was asked for, or cannot be had.</exception>
    public Task<RemoteManifest?> FindManifestAsync(string reference, CancellationToken cancellation) =>
        _registry.ExchangeAsync(push: false,
            root =>
            {
                var request = new HttpRequestMessage(HttpMethod.Get, At(root, "manifests/" + CheckReference(reference)));
                request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue(ImageDocuments.ManifestType));
                request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue(ImageDocuments.IndexType));
                return request;
            },
            async (response, token) =>
            {
                if (response.StatusCode == HttpStatusCode.NotFound)
                    return null;
                Expect(response, HttpStatusCode.OK);
                var manifest = new RemoteManifest(await ReadAsync(response, LargestManifest, token), response.Content.Headers.ContentType?.MediaType ?? "");
                return Checked(manifest, reference, response);
            }, cancellation);

    /// <summary>The same where it has to be there.</summary>
    public async Task<RemoteManifest> GetManifestAsync(string reference, CancellationToken cancellation) =>
        await FindManifestAsync(reference, cancellation)
        ?? throw new StageXException(ErrorCode.NotInRegistry, $"{name} has no image '{reference}'.");

    /// <summary>
    /// Brings a blob into a file, which appears when digest and size are right. Until then it has <c>.partial</c> in its name, and
    /// a later attempt goes on with that.
    /// </summary>
    public async Task GetBlobAsync(Descriptor blob, string path, CancellationToken cancellation)
    {
        var partial = path + ".partial";
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        var progress = new Progress($"{name}@{blob.Digest.Hex[..12]}", options.ProgressAfter, log);
        await _registry.ExchangeAsync(push: false,
            root =>
            {
                var request = new HttpRequestMessage(HttpMethod.Get, At(root, $"blobs/{blob.Digest}"));
                if (new FileInfo(partial) is { Exists: true, Length: > 0 } part && part.Length < blob.Size)
                    request.Headers.Range = new RangeHeaderValue(part.Length, null);
                return request;
            },
            async (response, token) =>
            {
                if (response.StatusCode == HttpStatusCode.NotFound)
                    throw new StageXException(ErrorCode.NotInRegistry, $"{name} has no blob {blob.Digest}.");
                if (response.StatusCode == HttpStatusCode.RequestedRangeNotSatisfiable)
                {
                    File.Delete(partial);
                    throw new RegistryException("it refuses to go on with a download");
                }
                if (response.StatusCode != HttpStatusCode.PartialContent)
                    Expect(response, HttpStatusCode.OK);
                await ReceiveAsync(response, blob, partial, progress, token);
                return true;
            }, cancellation);
        File.Move(partial, path, overwrite: true);
    }

    /// <summary>Brings a blob there, unless it is there.</summary>
    public async Task PushBlobAsync(Descriptor blob, string path, CancellationToken cancellation)
    {
        if (await HasBlobAsync(blob.Digest, cancellation))
            return;
        var progress = new Progress($"{name}@{blob.Digest.Hex[..12]}", options.ProgressAfter, log);
        var place = await _registry.ExchangeAsync(push: true,
            root => new HttpRequestMessage(HttpMethod.Post, At(root, "blobs/uploads/")) { Content = new ByteArrayContent([]) },
            (response, _) =>
            {
                Expect(response, HttpStatusCode.Accepted);
                return Task.FromResult(RegistryConnection.Follow(response.RequestMessage!.RequestUri!, response.Headers.Location) ?? throw Lied("it accepts an upload and names no place for it"));
            }, cancellation);
        await _registry.ExchangeAsync(push: true,
            _ => new HttpRequestMessage(HttpMethod.Put, WithDigest(place, blob.Digest)) { Content = new FileContent(path, progress) },
            (response, _) => Task.FromResult(Expect(response, HttpStatusCode.Created)), cancellation);
    }

    /// <summary>Puts a manifest there under a tag, or its digest alone. Everything that it names has to be there.</summary>
    /// <returns>Whether the registry keeps referrers by itself, where the manifest has a subject.</returns>
    public Task<bool> PushManifestAsync(byte[] manifest, string mediaType, string? tag, CancellationToken cancellation)
    {
        var digest = Digest.Of(manifest);
        return _registry.ExchangeAsync(push: true,
            root =>
            {
                var content = new ByteArrayContent(manifest);
                content.Headers.ContentType = new MediaTypeHeaderValue(mediaType);
                return new HttpRequestMessage(HttpMethod.Put, At(root, "manifests/" + (tag is null ? digest.ToString() : RepositoryName.CheckTag(tag)))) { Content = content };
            },
            (response, _) =>
            {
                Expect(response, HttpStatusCode.Created);
                if (Header(response, "Docker-Content-Digest") is { } stored && stored != digest.ToString())
                    throw Lied($"it stored {digest} as {stored}");
                return Task.FromResult(Header(response, "OCI-Subject") is not null);
            }, cancellation);
    }

    /// <summary>
    /// What refers to an image: from the referrers API, or the index under the tag <c>sha256-…</c> where the registry has none.
    /// </summary>
    public async Task<IReadOnlyList<JsonObject>> ListReferrersAsync(Digest subject, CancellationToken cancellation)
    {
        var index = await _registry.ExchangeAsync(push: false,
            root => new HttpRequestMessage(HttpMethod.Get, At(root, $"referrers/{subject}")),
            async (response, token) => response.StatusCode == HttpStatusCode.OK && response.Content.Headers.ContentType?.MediaType == ImageDocuments.IndexType
                ? await ReadAsync(response, LargestManifest, token) : null, cancellation)
            ?? (await FindManifestAsync(TagOf(subject), cancellation))?.Bytes;
        return index is null ? [] : Referrers(index);
    }

    /// <summary>
    /// Puts a manifest that has a <c>subject</c> there, and sees to it that it is found from the subject: <paramref name="descriptor"/>
    /// is how an index names it (media type, digest, size, artifact type, annotations).
    /// </summary>
    public async Task PushReferrerAsync(byte[] manifest, Digest subject, JsonObject descriptor, CancellationToken cancellation)
    {
        if (await PushManifestAsync(manifest, ImageDocuments.ManifestType, null, cancellation))
            return;
        // Two at once could each write an index without the other's entry: look again after writing.
        for (var attempt = 0; attempt < options.Attempts; attempt++)
        {
            var there = await ListReferrersAsync(subject, cancellation);
            if (there.Any(other => (string?)other["digest"] == (string?)descriptor["digest"]))
                return;
            var all = there.Append(descriptor).OrderBy(other => (string?)other["digest"], StringComparer.Ordinal).Select(other => (JsonNode?)other.DeepClone());
            var index = new JsonObject { ["schemaVersion"] = 2, ["mediaType"] = ImageDocuments.IndexType, ["manifests"] = new JsonArray([.. all]) };
            await PushManifestAsync(CanonicalJson.Serialize(index), ImageDocuments.IndexType, TagOf(subject), cancellation);
        }
    }

    public void Dispose() => _registry.Dispose();

    private Task<bool> HasBlobAsync(Digest digest, CancellationToken cancellation) =>
        _registry.ExchangeAsync(push: true,
            root => new HttpRequestMessage(HttpMethod.Head, At(root, $"blobs/{digest}")),
            (response, _) => Task.FromResult(response.StatusCode == HttpStatusCode.OK), cancellation);

    private async Task ReceiveAsync(HttpResponseMessage response, Descriptor blob, string partial, Progress progress, CancellationToken cancellation)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        await using (var file = new FileStream(partial, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, 0))
        {
            if (response.StatusCode != HttpStatusCode.PartialContent)
                file.SetLength(0);
            else if (response.Content.Headers.ContentRange?.From != file.Length)
                throw Lied("it offers another part of a blob than was asked for");
            var buffer = new byte[1 << 17];
            for (int old; (old = await file.ReadAsync(buffer, cancellation)) > 0;)
                hash.AppendData(buffer, 0, old);
            await ResponseBody.CopyAsync(response, buffer, options.StallTimeout, async part =>
            {
                if (file.Length + part.Length > blob.Size)
                    throw Lied($"blob {blob.Digest} goes on after its {blob.Size} bytes");
                await file.WriteAsync(part, cancellation);
                hash.AppendData(part.Span);
                progress.Report(file.Length, blob.Size);
            }, cancellation);
            if (file.Length < blob.Size)
                throw new RegistryException($"the connection ended after {file.Length} of {blob.Size} bytes");
        }
        if (Digest.FromHash(hash.GetHashAndReset()) is var seen && seen != blob.Digest)
        {
            File.Delete(partial);
            // What lay here before may be at fault.
            throw response.StatusCode == HttpStatusCode.PartialContent ? new RegistryException("the halves of a download do not belong together")
                : Lied($"blob {blob.Digest} has the digest {seen}");
        }
    }

    private Task<byte[]> ReadAsync(HttpResponseMessage response, int limit, CancellationToken cancellation) =>
        ResponseBody.ReadAsync(response, limit, options.StallTimeout, () => Lied($"a document of more than {limit} bytes"), cancellation);

    private RemoteManifest Checked(RemoteManifest manifest, string reference, HttpResponseMessage response)
    {
        if (Digest.TryParse(reference, out var asked) && manifest.Digest != asked)
            throw Lied($"for {asked} it delivers {manifest.Digest}");
        if (Header(response, "Docker-Content-Digest") is { } named && named != manifest.Digest.ToString())
            throw Lied($"it names {named} and delivers {manifest.Digest}");
        string? own;
        try
        {
            own = Json.OptionalText(Json.Object(CanonicalJson.Parse(manifest.Bytes), "the manifest"), "mediaType");
        }
        catch (FormatException e)
        {
            throw Lied($"the manifest '{reference}': {e.Message}");
        }
        if (manifest.MediaType is not (ImageDocuments.ManifestType or ImageDocuments.IndexType) || own is not null && own != manifest.MediaType)
            throw Lied($"the manifest '{reference}' is called '{manifest.MediaType}', and calls itself '{own}'");
        return manifest;
    }

    private IReadOnlyList<JsonObject> Referrers(byte[] index)
    {
        try
        {
            return Json.Objects(Json.Object(CanonicalJson.Parse(index), "the list of referrers"), "manifests");
        }
        catch (FormatException e)
        {
            throw Lied($"the list of referrers: {e.Message}");
        }
    }

    private bool Expect(HttpResponseMessage response, HttpStatusCode status) => response.StatusCode == status ? true
        : throw new StageXException(ErrorCode.RegistryUnreachable,
            $"{name}: {response.RequestMessage?.Method} was answered with HTTP {(int)response.StatusCode} {response.ReasonPhrase}".TrimEnd() + ".");

    private StageXException Lied(string how) => new(ErrorCode.RegistryLied, $"{name}: what the registry says does not hold: {how}.");

    private Uri At(Uri root, string what) => new(root, $"{name.Path}/{what}");

    private static Uri WithDigest(Uri place, Digest digest) =>
        new UriBuilder(place) { Query = (place.Query.Length > 1 ? place.Query[1..] + "&" : "") + "digest=" + Uri.EscapeDataString(digest.ToString()) }.Uri;

    private static string CheckReference(string reference) => Digest.TryParse(reference, out var digest) ? digest.ToString() : RepositoryName.CheckTag(reference);

    private static string TagOf(Digest subject) => "sha256-" + subject.Hex;

    private static string? Header(HttpResponseMessage response, string header) =>
        response.Headers.TryGetValues(header, out var values) ? string.Join(',', values) : null;
}
