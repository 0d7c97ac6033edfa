using StageX.Build.Registries;

namespace StageX.Build.Trust;

/// <summary>Properties that several tasks of the room take.</summary>
internal static class TrustSettings
{
    public static StageXException NoStore(string why) => new(ErrorCode.NoSignatureStore, $"{why}: set StageXSignatureStore");

    /// <summary>Where a package's images are published.</summary>
    /// <param name="registry">StageXRegistry: a host, perhaps with a path.</param>
    /// <param name="id">The package's id.</param>
    /// <exception cref="StageXException">StageXRegistry is not set, or no registry.</exception>
    public static RepositoryName NameOf(string registry, string id) => registry.Length > 0 ? RepositoryName.Parse($"{registry.TrimEnd('/')}/{id}")
        : throw new StageXException(ErrorCode.NoRegistry, "StageXRegistry is not set: signatures name images by where they are published, as registry.example.org/stagex");

    public static void CheckRelease(string release)
    {
        if (release.Length > 0 && !Quorum.ReleasePattern().IsMatch(release))
            throw new StageXException(ErrorCode.InvalidMetadata, $"StageXRelease is '{release}', which cannot be part of a tag");
    }
}
