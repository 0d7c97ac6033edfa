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

    public static IReadOnlyList<SignatureStore> StoresOf(string folders, string root)
    {
        // Here and not by MSBuild: on its command line a semicolon within a value is always escaped.
        var stores = folders.Split(';', StringSplitOptions.RemoveEmptyEntries);
        return stores.Length > 0 ? [.. stores.Select(store => new SignatureStore(Path.GetFullPath(store, root)))] : throw NoStore("there is nowhere to look for signatures");
    }

    public static StageXException DigestUnknown(string id, string path) => new(ErrorCode.DigestUnknown,
        $"{id} has no digest in verified history, so that nothing is to be signed; record it with -t:UpdateDigests and let the change be merged", path);

    public static void CheckRelease(string release)
    {
        if (release.Length > 0 && !Quorum.ReleasePattern().IsMatch(release))
            throw new StageXException(ErrorCode.InvalidMetadata, $"StageXRelease is '{release}', which cannot be part of a tag");
    }
}
