using System.Text.RegularExpressions;

namespace StageX.Build.Registries;

/// <summary>A repository of a registry, <c>host[:port]/path</c>, by the grammar of the OCI distribution specification.</summary>
public sealed partial record RepositoryName
{
    private RepositoryName(string host, string path) => (Host, Path) = (host, path);

    /// <summary>Host name or address, with the port where one is given.</summary>
    public string Host { get; }

    /// <summary>The name below the host, without a slash at either end.</summary>
    public string Path { get; }

    /// <summary>Whether the registry is this machine itself, and may speak plain HTTP.</summary>
    public bool IsLoopback => new Uri($"http://{Host}/").IsLoopback;

    /// <exception cref="StageXException">The text is anything else.</exception>
    public static RepositoryName Parse(string text)
    {
        var slash = text.IndexOf('/', StringComparison.Ordinal);
        var (host, path) = slash < 0 ? (text, "") : (text[..slash], text[(slash + 1)..]);
        if (text.Length <= 255 && HostForm().IsMatch(host) && PathForm().IsMatch(path) && Uri.TryCreate($"http://{host}/", UriKind.Absolute, out _))
            return new(host, path);
        throw new StageXException(ErrorCode.RegistryNameInvalid,
            $"'{text}' is no repository: write host[:port]/path, the path in lower-case letters, digits and single separators.");
    }

    /// <summary>The repository of a package below this one.</summary>
    public RepositoryName Child(string name) => Parse($"{this}/{name}");

    /// <exception cref="StageXException">It is no tag.</exception>
    public static string CheckTag(string tag) => TagForm().IsMatch(tag) ? tag
        : throw new StageXException(ErrorCode.RegistryNameInvalid, $"'{tag}' is no tag: write up to 128 letters, digits, '.', '_' and '-'.");

    public override string ToString() => $"{Host}/{Path}";

    // A host without a dot or port would be a path on some default registry: there is none here but localhost.
    [GeneratedRegex(@"\A(localhost|(?=[^/]*[.:])([A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?(\.[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?)*|\[[0-9A-Fa-f:]+\]))(:[0-9]{1,5})?\z")]
    private static partial Regex HostForm();

    [GeneratedRegex(@"\A[a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*(/[a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*)*\z")]
    private static partial Regex PathForm();

    [GeneratedRegex(@"\A[A-Za-z0-9_][A-Za-z0-9._-]{0,127}\z")]
    private static partial Regex TagForm();
}
