using StageX.Build.Images;
using StageX.Build.Registries;

namespace StageX.Build.Trust;

/// <summary>Brings images from registries, by digest, that have the quorum: not a byte is asked for before.</summary>
internal sealed class ImageFetcher(Quorum quorum, string artifacts, LayerStore layers, bool offline, IBuildLog log, CancellationToken cancellation)
{
    /// <param name="name">Where it is published.</param>
    /// <param name="digest">Which it must be.</param>
    /// <param name="release">The release for which nobody may have signed another; empty where that is not asked.</param>
    /// <param name="layout">The layout to bring it to; its name is the image's id.</param>
    /// <exception cref="StageXException">It has no quorum, or cannot be had.</exception>
    public void Fetch(RepositoryName name, Digest digest, string release, string layout)
    {
        var id = Path.GetFileName(layout);
        quorum.Demand(name, id, digest, null, release, []);
        using var alone = FileLock.Take(Path.Combine(artifacts, "locks", digest.Hex), onWait: () => log.Milestone($"{id}: waiting for another build that fetches it"), cancellation: cancellation);
        if (Directory.Exists(layout) && ImageLayout.Read(layout).Manifest.Digest == digest)
            return;
        if (offline)
            throw new StageXException(ErrorCode.RegistryOffline, $"{name}@{digest} is not here, and the build is offline");
        log.Milestone($"{id}: fetching {name}@{digest}");
        using var repository = new RemoteRepository(name, new RegistryOptions(), log);
        RemoteImage.PullAsync(repository, digest, layout, Path.Combine(artifacts, "arriving", digest.Hex), cancellation, layers.Blobs).GetAwaiter().GetResult();
        ImageLayout.Import(layout, layers);
    }
}
