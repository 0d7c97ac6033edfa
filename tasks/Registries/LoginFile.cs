using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using StageX.Build.Images;

namespace StageX.Build.Registries;

/// <summary>
/// Who the user is to a registry, from where <c>podman login</c>, <c>skopeo login</c> or <c>docker login</c> left it:
/// containers-auth.json(5). Credential helpers are not asked.
/// </summary>
public sealed class LoginFile(IReadOnlyList<string> files)
{
    /// <summary>The files that podman and docker know, in podman's order.</summary>
    public static LoginFile OfUser()
    {
        static string? Variable(string name) => Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? value : null;
        if (Variable("REGISTRY_AUTH_FILE") is { } file)
            return new([file]);
        var home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
        var configuration = Variable("XDG_CONFIG_HOME") ?? Path.Combine(home, ".config");
        string[] files =
        [
            // The other is root's, who often has no runtime folder.
            Variable("XDG_RUNTIME_DIR") is { } runtime ? Path.Combine(runtime, "containers/auth.json") : "/run/containers/0/auth.json",
            Path.Combine(configuration, "containers/auth.json"),
            Path.Combine(Variable("DOCKER_CONFIG") ?? Path.Combine(home, ".docker"), "config.json"),
        ];
        return new(files);
    }

    /// <summary>The login for a repository: the entry for the longest part of its name, in the first file that has one.</summary>
    /// <returns>For a Basic <c>Authorization</c> header, or null.</returns>
    /// <exception cref="StageXException">A file is there and cannot be read.</exception>
    public AuthenticationHeaderValue? For(RepositoryName repository)
    {
        foreach (var file in files.Where(File.Exists))
        {
            try
            {
                var logins = Json.OptionalObject(Json.Object(JsonNode.Parse(File.ReadAllBytes(file)), "the file"), "auths") ?? [];
                foreach (var name in NamesOf(repository))
                    if (logins[name] is JsonObject entry && Json.OptionalText(entry, "auth") is { Length: > 0 } login)
                        return new("Basic", Checked(login));
            }
            catch (Exception e) when (e is FormatException or System.Text.Json.JsonException or IOException or UnauthorizedAccessException)
            {
                throw new StageXException(ErrorCode.RegistryLoginUnreadable, $"'{file}' cannot be read: {e.Message}", file, inner: e);
            }
        }
        return null;
    }

    private static IEnumerable<string> NamesOf(RepositoryName repository)
    {
        for (var name = repository.ToString(); name.Contains('/', StringComparison.Ordinal); name = name[..name.LastIndexOf('/')])
            yield return name;
        yield return repository.Host;
        yield return "https://" + repository.Host;
    }

    private static string Checked(string login) =>
        Encoding.UTF8.GetString(Convert.FromBase64String(login)).Contains(':', StringComparison.Ordinal) ? login
            : throw new FormatException("'auth' is not the base64 of user:password");
}
