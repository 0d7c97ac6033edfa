using Microsoft.Build.Framework;

namespace StageX.Build.Trust;

/// <summary>Writes what stock podman and skopeo need to demand the quorum.</summary>
public sealed class WriteContainersPolicy : TrustTask
{
    /// <summary>Where to write (StageXPolicyFolder); the files name each other by it.</summary>
    [Required]
    public required string Folder { get; set; }

    /// <summary>Where images are published (StageXRegistry).</summary>
    public string Registry { get; set; } = "";

    /// <summary>Where they may be pulled from as well (StageXMirrors), separated by semicolons.</summary>
    public string Mirrors { get; set; } = "";

    /// <summary>The URL of the signatures (StageXSignatureUrl); by default those in the store.</summary>
    public string SignatureUrl { get; set; } = "";

    /// <summary>Where signatures are (StageXSignatureStore).</summary>
    public string Store { get; set; } = "";

    /// <summary>The files that were written.</summary>
    [Output]
    public string[] Files { get; private set; } = [];

    protected override void Run()
    {
        using var history = VerifyHistory();
        var folder = Path.TrimEndingDirectorySeparator(Path.GetFullPath(Folder, Root));
        var (registry, mirrors) = (Registry.TrimEnd('/'), Mirrors.Split(';', StringSplitOptions.RemoveEmptyEntries).Select(mirror => mirror.TrimEnd('/')).ToList());
        var host = TrustSettings.NameOf(registry, "x").Host;
        var lookaside = SignatureUrl.TrimEnd('/');
        if (lookaside.Length == 0)
            lookaside = Store.Split(';', StringSplitOptions.RemoveEmptyEntries) is [var store, ..] ? new Uri(Path.Combine(Path.GetFullPath(store, Root), host)).AbsoluteUri
                : throw TrustSettings.NoStore("podman must know where signatures are");
        if (!Uri.TryCreate(lookaside, UriKind.Absolute, out var url) || url.Scheme is not ("file" or "https" or "http"))
            throw new StageXException(ErrorCode.InvalidMetadata, $"StageXSignatureUrl is '{lookaside}', which is no file, https or http URL");
        var present = ContainersPolicy.Write(folder, history.Maintainers, TimeProvider.System.GetUtcNow(), registry,
            mirrors, lookaside);
        Files = [.. Directory.GetFiles(folder, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal)];
        BuildLog.Milestone($"{folder}: images of {registry} need {history.Maintainers.Policy.ArtifactSigners} of {string.Join(", ", present.Select(maintainer => maintainer.Name))}");
    }
}
