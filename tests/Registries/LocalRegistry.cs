using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace StageX.Build.Tests.Registries;

/// <summary>A docker-registry of the test's own on a free port of loopback, empty at first.</summary>
internal sealed class LocalRegistry : IDisposable
{
    // Of "user:secret": bcrypt, which is all that the registry takes.
    private const string PasswordFile = "user:$2b$05$abcdefghijklmnopqrstuuOQiyCxlgf/oeuTqixKmWdcYUh4Hjl0a\n";

    private readonly TemporaryFolder _folder = new();
    private readonly Process _process;
    private readonly BlockingCollection<string> _requests = [];
    private readonly ReferrersProxy? _proxy;

    /// <param name="secure">TLS with a certificate of an authority of its own, in <see cref="Authority"/>.</param>
    /// <param name="purpose">What its certificate says that it is for, by object identifier; empty for nothing.</param>
    /// <param name="password">Wants user "user", password "secret".</param>
    /// <param name="tokens">Lines of configuration for a token service, in place of a password.</param>
    /// <param name="referrers">It keeps lists of referrers by itself, which docker-registry does not.</param>
    public LocalRegistry(bool secure = false, string purpose = "", bool password = false, string tokens = "", bool referrers = false)
    {
        Address = FreeAddress();
        File.WriteAllText(_folder["passwords"], PasswordFile);
        if (secure)
            WriteCertificate(purpose);
        var tls = secure ? $"  tls:\n    certificate: {_folder["server.crt"]}\n    key: {_folder["server.key"]}\n" : "";
        var login = password ? $"auth:\n  htpasswd:\n    realm: test\n    path: {_folder["passwords"]}\n" : tokens;
        File.WriteAllText(_folder["registry.yml"],
            $"version: 0.1\nlog:\n  level: error\nstorage:\n  filesystem:\n    rootdirectory: {_folder["store"]}\n  delete:\n    enabled: true\nhttp:\n  addr: {Address}\n{tls}{login}");
        _process = Process.Start(new ProcessStartInfo("docker-registry", ["serve", _folder["registry.yml"]]) { RedirectStandardError = true, RedirectStandardOutput = true })!;
        _process.OutputDataReceived += (_, line) => _requests.Add(line.Data ?? "");
        _process.BeginErrorReadLine();
        _process.BeginOutputReadLine();
        while (!Answers())
        {
            Assert.IsFalse(_process.HasExited, "docker-registry ended at once");
            _process.WaitForExit(20);
        }
        if (referrers)
            _proxy = new ReferrersProxy(FreeAddress(), Address);
        Address = _proxy?.Address ?? Address;
    }

    public string Address { get; }

    /// <summary>The file of the authority that signed the registry's certificate.</summary>
    public string Authority => _folder["authority.crt"];

    /// <summary>A file below the folder that the registry keeps its blobs in.</summary>
    public string BlobPath(Digest digest) => _folder[$"store/docker/registry/v2/blobs/sha256/{digest.Hex[..2]}/{digest.Hex}/data"];

    /// <summary>The lines of its access log since the last call.</summary>
    public IReadOnlyList<string> TakeRequests()
    {
        // One of our own, with which all that were made before are in the log.
        var mark = Guid.NewGuid().ToString("n");
        using (var client = new HttpClient())
        using (client.GetAsync(new Uri($"http://{Address}/v2/{mark}/tags/list")).GetAwaiter().GetResult())
            return [.. _requests.GetConsumingEnumerable().TakeWhile(line => !line.Contains(mark, StringComparison.Ordinal))];
    }

    /// <summary>Whether a part of a blob has arrived.</summary>
    public bool HasUploads(string repository)
    {
        try
        {
            return new DirectoryInfo(_folder[$"store/docker/registry/v2/repositories/{repository}/_uploads"]) is { Exists: true } uploads && uploads.EnumerateFiles("data", SearchOption.AllDirectories).Any(data => data.Length > 0);
        }
        catch (IOException)
        {
            // It came to its end while it was looked at.
            return false;
        }
    }

    public void Dispose()
    {
        _proxy?.Dispose();
        _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
        _requests.Dispose();
        _folder.Dispose();
    }

    private static string FreeAddress()
    {
        var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var address = $"127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}";
        listener.Stop();
        return address;
    }

    private bool Answers()
    {
        try
        {
            using var client = new TcpClient();
            client.Connect(IPEndPoint.Parse(Address));
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private void WriteCertificate(string purpose)
    {
        var (from, until) = (DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        using var authorityKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var authority = new CertificateRequest("CN=test authority", authorityKey, HashAlgorithmName.SHA256);
        authority.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        using var signer = authority.CreateSelfSigned(from, until);
        File.WriteAllText(Authority, signer.ExportCertificatePem());

        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var server = new CertificateRequest("CN=127.0.0.1", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Loopback);
        server.CertificateExtensions.Add(names.Build());
        if (purpose.Length > 0)
            server.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid(purpose)], critical: false));
        using var certificate = server.Create(signer, from, until, [1]);
        File.WriteAllText(_folder["server.crt"], certificate.ExportCertificatePem());
        File.WriteAllText(_folder["server.key"], key.ExportPkcs8PrivateKeyPem());
    }
}
