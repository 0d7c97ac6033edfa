using System.Text;
using System.Text.Json.Nodes;
using StageX.Build.Registries;

namespace StageX.Build.Tests.Registries;

/// <summary>A registry with TLS and a password, and a user whose folders say how to reach it, as podman and skopeo find them.</summary>
internal sealed class RegistryUser : IDisposable
{
    private readonly TemporaryFolder _folder = new("sx-user-");

    public RegistryUser()
    {
        var certificates = Directory.CreateDirectory(_folder[$"config/containers/certs.d/{Registry.Address}"]).FullName;
        File.Copy(Registry.Authority, Path.Combine(certificates, "ca.crt"));
        File.WriteAllText(_folder["auth.json"], new JsonObject
        {
            ["auths"] = new JsonObject { [Registry.Address] = new JsonObject { ["auth"] = Convert.ToBase64String(Encoding.ASCII.GetBytes("user:secret")) } },
        }.ToJsonString());
        Environment = new Dictionary<string, string?> { ["XDG_CONFIG_HOME"] = _folder["config"], ["REGISTRY_AUTH_FILE"] = _folder["auth.json"] };
    }

    public LocalRegistry Registry { get; } = new(secure: true, password: true);

    /// <summary>The folder with the registry's authority, for skopeo's --cert-dir.</summary>
    public string Certificates => _folder[$"config/containers/certs.d/{Registry.Address}"];

    public IReadOnlyDictionary<string, string?> Environment { get; }

    /// <summary>The same for our own code.</summary>
    public RegistryOptions Options => new() { Logins = new LoginFile([_folder["auth.json"]]), Certificates = [_folder["config/containers/certs.d"]] };

    public void Dispose()
    {
        Registry.Dispose();
        _folder.Dispose();
    }
}
