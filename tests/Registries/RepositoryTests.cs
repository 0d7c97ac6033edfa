using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json.Nodes;
using StageX.Build.Images;
using StageX.Build.Registries;
using StageX.Build.Tests.Images;
using StageX.Build.Tests.Sources;

namespace StageX.Build.Tests.Registries;

/// <summary>Our client and a real registry.</summary>
[TestClass]
[TestCategory("System")]
public sealed class RepositoryTests : IDisposable
{
    private readonly Workplace _work = new();
    private readonly string _image;
    private readonly Digest _digest;

    public RepositoryTests()
    {
        _image = _work.NewPath("image");
        var layers = new[] { _work.Layer(Entries.Text("a", new string('a', 300_000))), _work.Layer(Entries.Text("b", "b")) };
        _digest = ImageLayout.Write(_image, new Image { Layers = layers }, _work.Store).Digest;
    }

    public void Dispose() => _work.Dispose();

    [TestMethod]
    public async Task An_image_goes_there_and_comes_back_the_same()
    {
        using var registry = new LocalRegistry();
        using var repository = Open(registry);
        Assert.AreEqual(_digest, await PushAsync(repository, "1.0", "latest"));
        // Again, when everything is there.
        Assert.AreEqual(_digest, await PushAsync(repository, "1.0"));
        Assert.Contains(_digest.ToString(), Command.Run("skopeo", ["inspect", "--tls-verify=false", $"docker://{repository.Name}:latest"]).MustSucceed().Output);

        await PullAsync(repository);
        foreach (var blob in Directory.GetFiles(Path.Combine(_image, "blobs", "sha256")))
            CollectionAssert.AreEqual(File.ReadAllBytes(blob), File.ReadAllBytes(Path.Combine(_work.Folder, "back/blobs/sha256", Path.GetFileName(blob))));
        Assert.IsFalse(Directory.Exists(Path.Combine(_work.Folder, "partial")));
    }

    [TestMethod]
    [DataRow("the beginning of the blob")]
    [DataRow("something else")]
    public async Task A_download_goes_on_with_what_is_there(string partial)
    {
        using var registry = new LocalRegistry();
        using var repository = Open(registry);
        await PushAsync(repository);
        var layer = ImageLayout.Read(_image).Image.Layers[0];
        var bytes = File.ReadAllBytes(registry.BlobPath(layer.Digest))[..100];
        var place = Path.Combine(_work.Folder, "partial/sha256");
        Directory.CreateDirectory(place);
        File.WriteAllBytes(Path.Combine(place, layer.Digest.Hex + ".partial"), partial == "something else" ? new byte[100] : bytes);
        await PullAsync(repository);
    }

    [TestMethod]
    public async Task A_layer_that_was_changed_in_the_registry_is_refused()
    {
        using var registry = new LocalRegistry();
        using var repository = Open(registry);
        await PushAsync(repository);
        var path = registry.BlobPath(ImageLayout.Read(_image).Image.Layers[1].Digest);
        var bytes = File.ReadAllBytes(path);
        bytes[^1] ^= 1;
        File.WriteAllBytes(path, bytes);
        await RefusedAsync(ErrorCode.RegistryLied, () => PullAsync(repository));
        Assert.IsFalse(Directory.Exists(Path.Combine(_work.Folder, "back")));
    }

    [TestMethod]
    public async Task What_is_not_there_is_said_to_be_missing()
    {
        using var registry = new LocalRegistry();
        using var repository = Open(registry);
        await RefusedAsync(ErrorCode.NotInRegistry, () => PullAsync(repository));
        Assert.IsNull(await repository.FindManifestAsync("1.0", default));
        Assert.IsEmpty(await repository.ListReferrersAsync(_digest, default));
    }

    [TestMethod]
    [DataRow("", DisplayName = "for anything")]
    [DataRow("1.3.6.1.5.5.7.3.1", DisplayName = "for a server")]
    public async Task Its_certificate_is_trusted_where_the_user_says_so(string purpose)
    {
        using var registry = new LocalRegistry(secure: true, purpose);
        using var stranger = Open(registry);
        await RefusedAsync(ErrorCode.RegistryUnreachable, () => PushAsync(stranger));

        Trust(registry);
        using var friend = Open(registry);
        await PushAsync(friend);
        await PullAsync(friend);
    }

    [TestMethod]
    [TestCategory("Attack")]
    public async Task A_certificate_that_its_authority_gave_a_client_is_none_of_a_server()
    {
        using var registry = new LocalRegistry(secure: true, "1.3.6.1.5.5.7.3.2");
        Trust(registry);
        using var friend = Open(registry);
        await RefusedAsync(ErrorCode.RegistryUnreachable, () => PushAsync(friend));
    }

    private void Trust(LocalRegistry registry) =>
        File.Copy(registry.Authority, Path.Combine(Directory.CreateDirectory(Path.Combine(_work.Folder, "certs", registry.Address)).FullName, "ca.crt"));

    [TestMethod]
    public async Task Its_password_is_looked_up_by_the_longest_name()
    {
        using var registry = new LocalRegistry(password: true);
        foreach (var (logins, lets) in new[]
        {
            ("{}", false),
            (Login((registry.Address, "user:secret")), true),
            (Login((registry.Address, "user:wrong")), false),
            (Login((registry.Address, "user:wrong"), (registry.Address + "/test", "user:secret")), true),
            (Login((registry.Address, "user:secret"), (registry.Address + "/test/image", "user:wrong")), false),
        })
        {
            using var repository = Open(registry, logins);
            if (lets)
                await PushAsync(repository);
            else
                await RefusedAsync(ErrorCode.RegistryRefused, () => PushAsync(repository));
        }
        using var unreadable = Open(registry, "{\"auths\":[]}");
        await RefusedAsync(ErrorCode.RegistryLoginUnreadable, () => PushAsync(unreadable));
    }

    [TestMethod]
    public async Task A_token_service_that_it_names_is_asked()
    {
        using var tokens = new TokenService();
        using var registry = new LocalRegistry(tokens: tokens.Configuration(_work.Folder));
        using var repository = Open(registry, Login((registry.Address, "user:secret")));
        await PushAsync(repository, "1.0");
        await PullAsync(repository);
        CollectionAssert.AreEquivalent(new[] { "pull", "pull,push" }, tokens.Asked.Distinct().ToArray());

        using var stranger = Open(registry);
        await RefusedAsync(ErrorCode.RegistryRefused, () => PushAsync(stranger));
    }

    [TestMethod]
    public async Task What_refers_to_an_image_is_found_from_it()
    {
        using var registry = new LocalRegistry();
        using var repository = Open(registry);
        await PushAsync(repository);
        foreach (var type in new[] { "test/one", "test/two", "test/one" })
        {
            var empty = Path.Combine(_work.Folder, "empty");
            File.WriteAllText(empty, "{}");
            var config = new JsonObject { ["mediaType"] = "application/vnd.oci.empty.v1+json", ["digest"] = Digest.OfFile(empty).ToString(), ["size"] = 2 };
            await repository.PushBlobAsync(new Descriptor("application/vnd.oci.empty.v1+json", Digest.OfFile(empty), 2), empty, default);
            var manifest = CanonicalJson.Serialize(new JsonObject
            {
                ["schemaVersion"] = 2,
                ["mediaType"] = "application/vnd.oci.image.manifest.v1+json",
                ["artifactType"] = type,
                ["config"] = config.DeepClone(),
                ["layers"] = new JsonArray(config.DeepClone()),
                ["subject"] = new JsonObject { ["mediaType"] = "application/vnd.oci.image.manifest.v1+json", ["digest"] = _digest.ToString(), ["size"] = 1 },
            });
            var descriptor = new JsonObject
            {
                ["mediaType"] = "application/vnd.oci.image.manifest.v1+json",
                ["digest"] = Digest.Of(manifest).ToString(),
                ["size"] = manifest.Length,
                ["artifactType"] = type,
            };
            await repository.PushReferrerAsync(manifest, _digest, descriptor, default);
        }
        var found = await repository.ListReferrersAsync(_digest, default);
        CollectionAssert.AreEquivalent(new[] { "test/one", "test/two" }, found.Select(one => (string?)one["artifactType"]).ToArray());
    }

    [TestMethod]
    public async Task Attestations_go_there_beside_their_image_and_are_found_from_its_digest()
    {
        using var registry = new LocalRegistry();
        using var repository = Open(registry);
        await PushAsync(repository);
        var folder = Path.Combine(_work.Folder, "referrers");
        ReferrerLayout.Write(folder, ImageLayout.Read(_image).Manifest,
        [
            ("one", new Referrer("test/one", "1"u8.ToArray(), new Dictionary<string, string> { ["a"] = "b" })),
            ("two", new Referrer("test/two", "2"u8.ToArray(), new Dictionary<string, string>())),
        ]);
        // Twice: what is there is not listed again.
        await RemoteReferrers.PushAsync(folder, _digest, repository, default);
        await RemoteReferrers.PushAsync(folder, _digest, repository, default);
        foreach (var (type, content) in new[] { ("test/one", "1"), ("test/two", "2") })
            Assert.AreEqual(content, Encoding.UTF8.GetString((await RemoteReferrers.PullAsync(repository, _digest, type, Path.Combine(_work.Folder, type), default)).Single()));
        Assert.IsEmpty(await RemoteReferrers.PullAsync(repository, _digest, "test/three", Path.Combine(_work.Folder, "three"), default));

        // This registry keeps no list: the layout's own, but for its order, stands under the tag. Skopeo finds it and each manifest.
        var listed = Command.Run("skopeo", ["inspect", "--raw", "--tls-verify=false", $"docker://{repository.Name}:sha256-{_digest.Hex}"]).MustSucceed().Output;
        var ours = JsonNode.Parse(File.ReadAllBytes(Path.Combine(folder, "index.json")))!["manifests"]!.AsArray();
        CollectionAssert.AreEquivalent(ours.Select(entry => entry!.ToJsonString()).ToArray(), JsonNode.Parse(listed)!["manifests"]!.AsArray().Select(entry => entry!.ToJsonString()).ToArray());
        foreach (var entry in ours)
            Assert.Contains(_digest.ToString(), Command.Run("skopeo", ["inspect", "--raw", "--tls-verify=false", $"docker://{repository.Name}@{entry!["digest"]}"]).MustSucceed().Output);

        // A list can name what is not about the image.
        var foreign = Path.Combine(_work.Folder, "foreign");
        ReferrerLayout.Write(foreign, new Descriptor("application/vnd.oci.image.manifest.v1+json", Digest.Of("x"u8), 1), [("one", new Referrer("test/one", "3"u8.ToArray(), new Dictionary<string, string>()))]);
        var wrong = ReferrerLayout.Manifests(foreign).Single();
        await RefusedAsync(ErrorCode.AboutOtherImage, () => RemoteReferrers.PushAsync(foreign, _digest, repository, default));
        await RemoteReferrers.PushAsync(foreign, wrong.Subject, repository, default);
        await repository.PushReferrerAsync(wrong.Bytes, _digest, wrong.Descriptor, default);
        await RefusedAsync(ErrorCode.RegistryLied, () => RemoteReferrers.PullAsync(repository, _digest, "test/one", Path.Combine(_work.Folder, "again"), default));
    }

    private RemoteRepository Open(LocalRegistry registry, string logins = "{}")
    {
        var file = _work.NewPath("auth.json");
        File.WriteAllText(file, logins);
        return new RemoteRepository(RepositoryName.Parse($"{registry.Address}/test/image"),
            new RegistryOptions { Logins = new LoginFile([file]), Certificates = [Path.Combine(_work.Folder, "certs")], RetryDelay = TimeSpan.Zero }, new TestLog());
    }

    private Task<Digest> PushAsync(RemoteRepository repository, params string[] tags) => RemoteImage.PushAsync(_image, repository, tags, default);

    private Task PullAsync(RemoteRepository repository) =>
        RemoteImage.PullAsync(repository, _digest, Path.Combine(_work.Folder, "back"), Path.Combine(_work.Folder, "partial"), default);

    private static string Login(params (string Name, string Login)[] entries) => new JsonObject
    {
        ["auths"] = new JsonObject(entries.Select(entry => KeyValuePair.Create(entry.Name,
            (JsonNode?)new JsonObject { ["auth"] = Convert.ToBase64String(Encoding.UTF8.GetBytes(entry.Login)) }))),
    }.ToJsonString();

    private static async Task RefusedAsync(string code, Func<Task> action) =>
        Assert.AreEqual(code, (await Assert.ThrowsExactlyAsync<StageXException>(action)).Code);

    /// <summary>Gives tokens to "user" with password "secret", as the registry's token specification says.</summary>
    private sealed class TokenService : IDisposable
    {
        private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        private readonly X509Certificate2 _certificate;
        private readonly TestServer _server;

        public TokenService()
        {
            _certificate = new CertificateRequest("CN=tokens", _key, HashAlgorithmName.SHA256).CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
            _server = new TestServer(AnswerAsync);
        }

        /// <summary>The rights that were asked for.</summary>
        public ConcurrentQueue<string> Asked { get; } = new();

        public string Configuration(string folder)
        {
            var file = Path.Combine(folder, "tokens.crt");
            File.WriteAllText(file, _certificate.ExportCertificatePem());
            return $"auth:\n  token:\n    realm: {_server.Url("token")}\n    service: test\n    issuer: tester\n    rootcertbundle: {file}\n";
        }

        public void Dispose()
        {
            _server.Dispose();
            _certificate.Dispose();
            _key.Dispose();
        }

        private async Task AnswerAsync(TestServer.Request request)
        {
            if (request.Headers.GetValueOrDefault("Authorization") != "Basic " + Convert.ToBase64String("user:secret"u8))
            {
                await request.StatusAsync("401 Unauthorized");
                return;
            }
            var scope = WebUtility.UrlDecode(request.Path.Split("scope=")[1].Split('&')[0]).Split(':');
            Asked.Enqueue(scope[2]);
            var now = DateTimeOffset.UtcNow.ToUnixTimeSeconds();
            var header = new JsonObject { ["typ"] = "JWT", ["alg"] = "ES256", ["x5c"] = new JsonArray(Convert.ToBase64String(_certificate.RawData)) };
            var claims = new JsonObject
            {
                ["iss"] = "tester",
                ["sub"] = "user",
                ["aud"] = "test",
                ["exp"] = now + 300,
                ["nbf"] = now - 10,
                ["iat"] = now,
                ["jti"] = "1",
                ["access"] = new JsonArray(new JsonObject { ["type"] = "repository", ["name"] = scope[1], ["actions"] = new JsonArray([.. scope[2].Split(',').Select(action => (JsonNode)action)]) }),
            };
            var signed = Text(Encoding.UTF8.GetBytes(header.ToJsonString())) + "." + Text(Encoding.UTF8.GetBytes(claims.ToJsonString()));
            var token = signed + "." + Text(_key.SignData(Encoding.ASCII.GetBytes(signed), HashAlgorithmName.SHA256));
            await request.OkAsync(Encoding.UTF8.GetBytes(new JsonObject { ["token"] = token }.ToJsonString()), "Content-Type: application/json");
        }

        private static string Text(byte[] bytes) => System.Buffers.Text.Base64Url.EncodeToString(bytes);
    }
}
