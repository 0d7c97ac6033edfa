using System.Text;
using System.Text.Json.Nodes;
using StageX.Build.Images;
using StageX.Build.Registries;
using StageX.Build.Tests.Sources;

namespace StageX.Build.Tests.Registries;

/// <summary>A registry that does whatever helps it: nothing of it may get through.</summary>
[TestClass]
[TestCategory("Attack")]
public sealed class HostileRegistryTests : IDisposable
{
    private const string ManifestType = "application/vnd.oci.image.manifest.v1+json";

    private static readonly byte[] Blob = Encoding.ASCII.GetBytes(new string('x', 100_000));
    private static readonly byte[] Manifest = Encoding.ASCII.GetBytes($$"""
        {"config":{"digest":"{{Digest.Of(Blob)}}","mediaType":"application/vnd.oci.image.config.v1+json","size":100000},"layers":[],"mediaType":"{{ManifestType}}","schemaVersion":2}
        """);

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [TestMethod]
    [DataRow("another manifest than the digest's")]
    [DataRow("a digest in the header that is not the content's")]
    [DataRow("an index for an image")]
    [DataRow("a media type that is not the document's")]
    [DataRow("a media type that is nobody's")]
    [DataRow("a key twice")]
    [DataRow("no JSON")]
    [DataRow("a document that never ends")]
    [DataRow("a redirect to a file")]
    [DataRow("a redirect to itself")]
    [DataRow("a redirect to no place")]
    public async Task A_manifest_that_is(string lie)
    {
        using var server = new TestServer(request => (request.Path, lie) switch
        {
            ("/v2/", _) => request.StatusAsync("200 OK"),
            (_, "another manifest than the digest's") => request.OkAsync([.. Manifest, (byte)'\n'], $"Content-Type: {ManifestType}"),
            (_, "a digest in the header that is not the content's") => request.OkAsync(Manifest, $"Content-Type: {ManifestType}", $"Docker-Content-Digest: {Digest.Of([])}"),
            (_, "an index for an image" or "a media type that is not the document's") => request.OkAsync(Manifest, "Content-Type: application/vnd.oci.image.index.v1+json"),
            (_, "a media type that is nobody's") => request.OkAsync(Manifest, "Content-Type: text/html"),
            (_, "a key twice") => request.OkAsync("""{"schemaVersion":2,"schemaVersion":2}"""u8.ToArray(), $"Content-Type: {ManifestType}"),
            (_, "no JSON") => request.OkAsync("hello"u8.ToArray(), $"Content-Type: {ManifestType}"),
            (_, "a document that never ends") => EndlessAsync(request),
            (_, "a redirect to a file") => request.StatusAsync("307 Temporary Redirect", "Location: file:///etc/passwd"),
            (_, "a redirect to no place") => request.StatusAsync("307 Temporary Redirect", "Location: //"),
            _ => request.StatusAsync("307 Temporary Redirect", $"Location: {request.Path}"),
        });
        using var repository = Open(server);
        // By tag, where nobody knows the digest, and by digest.
        var byTag = lie is not ("another manifest than the digest's" or "an index for an image");
        await RefusedAsync(ErrorCode.RegistryLied, async () =>
        {
            if (byTag)
                await repository.GetManifestAsync("1.0", default);
            else
                await RemoteImage.PullAsync(repository, Digest.Of(Manifest), _folder["back"], _folder["partial"], default);
        });
        Assert.IsFalse(Directory.Exists(_folder["back"]));
    }

    [TestMethod]
    [DataRow("of other content", ErrorCode.RegistryLied)]
    [DataRow("too long", ErrorCode.RegistryLied)]
    [DataRow("without end", ErrorCode.RegistryLied)]
    [DataRow("from another place than asked for", ErrorCode.RegistryLied)]
    [DataRow("cut off every time", ErrorCode.RegistryUnreachable)]
    [DataRow("too short", ErrorCode.RegistryUnreachable)]
    [DataRow("with an error of the server", ErrorCode.RegistryUnreachable)]
    public async Task A_blob_that_comes(string lie, string code)
    {
        using var server = new TestServer(async request =>
        {
            if (request.Path == "/v2/")
                await request.StatusAsync("200 OK");
            else if (lie == "of other content")
                await request.OkAsync(Encoding.ASCII.GetBytes(new string('y', 100_000)));
            else if (lie == "too long")
                await request.OkAsync([.. Blob, 0]);
            else if (lie == "without end")
                await EndlessAsync(request);
            else if (lie == "from another place than asked for")
            {
                await request.HeadAsync("206 Partial Content", "Content-Length: 10", "Content-Range: bytes 5-14/100000");
                await request.Body.WriteAsync(Blob.AsMemory(0, 10));
            }
            else if (lie == "cut off every time")
            {
                await request.HeadAsync("200 OK", "Content-Length: 100000");
                await request.Body.WriteAsync(Blob.AsMemory(0, 10));
                request.Die();
            }
            else if (lie == "too short")
                await request.OkAsync(Blob[..10]);
            else
                await request.StatusAsync("503 Service Unavailable");
        });
        using var repository = Open(server);
        await RefusedAsync(code, () => repository.GetBlobAsync(new Descriptor("", Digest.Of(Blob), Blob.Length), _folder["blob"], default));
        Assert.IsFalse(File.Exists(_folder["blob"]));
    }

    [TestMethod]
    public async Task A_download_that_was_cut_off_goes_on()
    {
        using var server = new TestServer(async request =>
        {
            if (request.Path == "/v2/")
                await request.StatusAsync("200 OK");
            else if (request.From == 0)
            {
                await request.HeadAsync("200 OK", "Content-Length: 100000");
                await request.Body.WriteAsync(Blob.AsMemory(0, 70_000));
                await request.Body.FlushAsync();
                request.Client.Client.Shutdown(System.Net.Sockets.SocketShutdown.Send);
            }
            else
                await request.RangeAsync(Blob, "\"1\"");
        });
        using var repository = Open(server);
        await repository.GetBlobAsync(new Descriptor("", Digest.Of(Blob), Blob.Length), _folder["blob"], default);
        CollectionAssert.AreEqual(Blob, File.ReadAllBytes(_folder["blob"]));
        Assert.IsTrue(server.Requests.Any(request => request.From > 0));
    }

    [TestMethod]
    [DataRow("")]
    [DataRow("user:secret@")]
    public async Task A_redirect_never_takes_a_login_along(string login)
    {
        using var elsewhere = new TestServer(request => request.OkAsync(Blob));
        using var server = new TestServer(request =>
            request.Path == "/v2/" ? request.StatusAsync("200 OK")
            : !request.Headers.ContainsKey("Authorization") ? request.StatusAsync("401 Unauthorized", "WWW-Authenticate: Basic realm=\"x\"")
            : request.StatusAsync("307 Temporary Redirect", $"Location: {elsewhere.Url("blob").ToString().Replace("://", "://" + login, StringComparison.Ordinal)}"));
        using var repository = Open(server, login: true);
        await repository.GetBlobAsync(new Descriptor("", Digest.Of(Blob), Blob.Length), _folder["blob"], default);
        Assert.IsTrue(server.Requests.Any(request => request.Headers.ContainsKey("Authorization")));
        Assert.IsFalse(elsewhere.Requests.Single().Headers.ContainsKey("Authorization"));
    }

    [TestMethod]
    [DataRow("http://example.org/token")]
    [DataRow("file:///etc/passwd")]
    [DataRow("token")]
    [DataRow("https://")]
    [DataRow("https://example.org:99999/token")]
    public async Task A_login_goes_to_no_token_service_but_over_TLS(string realm)
    {
        using var server = new TestServer(request =>
            request.Path == "/v2/" ? request.StatusAsync("200 OK") : request.StatusAsync("401 Unauthorized", $"WWW-Authenticate: Bearer realm=\"{realm}\""));
        using var repository = Open(server, login: true);
        await RefusedAsync(ErrorCode.RegistryLied, () => repository.GetManifestAsync("1.0", default));
    }

    [TestMethod]
    [DataRow("of a token twice", ErrorCode.RegistryRefused)]
    [DataRow("of a token that is a number", ErrorCode.RegistryRefused)]
    [DataRow("of no token", ErrorCode.RegistryRefused)]
    [DataRow("that is no JSON", ErrorCode.RegistryRefused)]
    [DataRow("without end", ErrorCode.RegistryRefused)]
    [DataRow("that never goes on", ErrorCode.RegistryUnreachable)]
    public async Task An_answer_of_its_token_service(string lie, string code)
    {
        using var tokens = new TestServer(request => lie switch
        {
            "of a token twice" => request.OkAsync("""{"token":"a","token":"b"}"""u8.ToArray()),
            "of a token that is a number" => request.OkAsync("""{"token":1}"""u8.ToArray()),
            "of no token" => request.OkAsync("""{"expires_in":1}"""u8.ToArray()),
            "that is no JSON" => request.OkAsync("hello"u8.ToArray()),
            "without end" => EndlessAsync(request),
            _ => SilentAsync(request),
        });
        using var server = new TestServer(request =>
            request.Path == "/v2/" ? request.StatusAsync("200 OK") : request.StatusAsync("401 Unauthorized", $"WWW-Authenticate: Bearer realm=\"{tokens.Url("token")}\""));
        using var repository = Open(server, login: true, Impatient);
        await RefusedAsync(code, () => repository.GetManifestAsync("1.0", default));
    }

    [TestMethod]
    public async Task One_that_says_nothing_at_all_is_left()
    {
        using var server = new TestServer(request => Task.Delay(Timeout.Infinite, request.Stopped));
        using var repository = Open(server, login: false, Impatient);
        await RefusedAsync(ErrorCode.RegistryUnreachable, () => repository.GetManifestAsync("1.0", default));
    }

    [TestMethod]
    [DataRow("Location: file:///etc/passwd")]
    [DataRow("Location: //")]
    [DataRow("Location: ftp://example.org/")]
    [DataRow("X: no location")]
    public async Task A_blob_is_sent_to_no_place_but_another_of_HTTP(string header)
    {
        using var server = new TestServer(request => request.Path switch
        {
            "/v2/" => request.StatusAsync("200 OK"),
            "/v2/test/image/blobs/uploads/" => request.StatusAsync("202 Accepted", header),
            _ => request.StatusAsync("404 Not Found"),
        });
        using var repository = Open(server);
        File.WriteAllBytes(_folder["blob"], Blob);
        await RefusedAsync(ErrorCode.RegistryLied, () => repository.PushBlobAsync(new Descriptor("", Digest.Of(Blob), Blob.Length), _folder["blob"], default));
    }

    [TestMethod]
    public async Task What_it_stored_under_another_digest_is_noticed()
    {
        using var server = new TestServer(request =>
            request.Path == "/v2/" ? request.StatusAsync("200 OK") : request.StatusAsync("201 Created", $"Docker-Content-Digest: {Digest.Of([])}"));
        using var repository = Open(server);
        await RefusedAsync(ErrorCode.RegistryLied, () => repository.PushManifestAsync(Manifest, ManifestType, "1.0", default));
    }

    private static readonly RegistryOptions Impatient = new() { ConnectTimeout = TimeSpan.FromSeconds(1), StallTimeout = TimeSpan.FromSeconds(1) };

    private RemoteRepository Open(TestServer server, bool login = false, RegistryOptions? options = null)
    {
        var name = $"{server.Url("").Authority}/test/image";
        File.WriteAllText(_folder["auth.json"], login
            ? new JsonObject { ["auths"] = new JsonObject { [name] = new JsonObject { ["auth"] = Convert.ToBase64String("user:secret"u8) } } }.ToJsonString()
            : "{}");
        return new RemoteRepository(RepositoryName.Parse(name), (options ?? new RegistryOptions()) with { Logins = new LoginFile([_folder["auth.json"]]), RetryDelay = TimeSpan.Zero }, new TestLog());
    }

    private static async Task EndlessAsync(TestServer.Request request)
    {
        await request.HeadAsync("200 OK", $"Content-Type: {ManifestType}");
        while (true)
            await request.Body.WriteAsync(Blob, request.Stopped);
    }

    private static async Task SilentAsync(TestServer.Request request)
    {
        await request.HeadAsync("200 OK", "Content-Length: 10");
        await Task.Delay(Timeout.Infinite, request.Stopped);
    }

    private static async Task RefusedAsync(string code, Func<Task> action) =>
        Assert.AreEqual(code, (await Assert.ThrowsExactlyAsync<StageXException>(action)).Code);
}
