using Microsoft.Build.Framework;
using Microsoft.Build.Utilities;
using StageX.Build.Registries;
using StageX.Build.Reproducibility;

namespace StageX.Build.Trust;

/// <summary>
/// Pushes images to the registry, with their attestations and tags, where the quorum stands: for the image, and for each tag by
/// itself, as podman asks.
/// </summary>
public sealed class PublishImages : TrustTask
{
    /// <summary>Images as <see cref="Stages.BuildPackage"/> returns them, with Digests: the file that records their digests, relative to the repository.</summary>
    public ITaskItem[] Images { get; set; } = [];

    /// <summary>The folder of results.</summary>
    [Required]
    public required string Artifacts { get; set; }

    /// <summary>Where to (StageXRegistry).</summary>
    public string Registry { get; set; } = "";

    /// <summary>Where signatures are (StageXSignatureStore): folders, separated by semicolons.</summary>
    public string Stores { get; set; } = "";

    /// <summary>The release whose tag is set too (StageXRelease).</summary>
    public string Release { get; set; } = "";

    /// <summary>The images that the registry now has, with Digest and Tags.</summary>
    [Output]
    public ITaskItem[] Published { get; private set; } = [];

    protected override void Run()
    {
        using var history = VerifyHistory();
        var quorum = new Quorum(history.Maintainers, TrustSettings.StoresOf(Stores, Root), TimeProvider.System.GetUtcNow());
        TrustSettings.CheckRelease(Release);
        var recorded = new VerifiedDigests(history);
        var published = new List<ITaskItem>();
        foreach (var image in Images.DistinctBy(image => image.ItemSpec).OrderBy(image => image.ItemSpec, StringComparer.Ordinal))
        {
            Cancellation.ThrowIfCancellationRequested();
            try
            {
                published.Add(Publish(image, recorded, quorum));
            }
            catch (StageXException e) when (e.Code is ErrorCode.QuorumMissing or ErrorCode.DigestUnknown or ErrorCode.DigestMismatch or ErrorCode.OtherDigestSigned)
            {
                // One that may not be published stops no other.
                Log.LogError(null, e.Code, null, null, e.File ?? ProjectFile, e.Line, 0, 0, 0, "{0}", e.Message);
            }
        }
        Published = [.. published];
    }

    private TaskItem Publish(ITaskItem image, VerifiedDigests recorded, Quorum quorum)
    {
        var (id, version) = (image.ItemSpec, image.GetMetadata("PackageVersion"));
        var digest = Digest.Parse(image.GetMetadata("Digest"));
        var (path, digests) = recorded.Find(image.GetMetadata("Digests"));
        if (digests.Find(id) is null)
            throw TrustSettings.DigestUnknown(id, path);
        digests.Check(id, digest);
        var name = TrustSettings.NameOf(Registry, id);
        string[] tags = Release.Length > 0 ? [version, "sx" + Release] : [version];
        quorum.Demand(name, id, digest, version, Release, tags, other => recorded.Recorded(path, id, other));

        using var repository = new RemoteRepository(name, new RegistryOptions(), BuildLog);
        // Before the tags: whoever finds the image finds them too.
        var attestations = Attestation.FolderOf(Path.GetFullPath(Artifacts), id);
        if (Directory.Exists(attestations))
            RemoteReferrers.PushAsync(attestations, digest, repository, Cancellation).GetAwaiter().GetResult();
        // What is pushed is what was judged, even if a build replaces the layout meanwhile.
        RemoteImage.PushAsync(image.GetMetadata("Layout"), repository, tags, Cancellation, digest).GetAwaiter().GetResult();
        var item = new TaskItem(id);
        item.SetMetadata("Digest", digest.ToString());
        item.SetMetadata("Tags", string.Join(';', tags));
        item.SetMetadata("Status", image.GetMetadata("Status"));
        BuildLog.Milestone($"{name}@{digest}: published as {string.Join(", ", tags)}");
        return item;
    }
}
