using Microsoft.Build.Framework;
using Microsoft.Build.Utilities;
using StageX.Build.Packages;
using StageX.Build.Stages;

namespace StageX.Build.Trust;

/// <summary>Signs images that were built a second time on this machine, as a maintainer.</summary>
public sealed class SignImages : TrustTask
{
    /// <summary>Images as <see cref="Stages.BuildPackage"/> returns them, with the project that made each as Project or MSBuildSourceProjectFile.</summary>
    public ITaskItem[] Images { get; set; } = [];

    /// <summary>The folder of results.</summary>
    [Required]
    public required string Artifacts { get; set; }

    /// <summary>Where images are published (StageXRegistry).</summary>
    public string Registry { get; set; } = "";

    /// <summary>Where signatures go (StageXSignatureStore).</summary>
    public string Store { get; set; } = "";

    /// <summary>The release whose tag is signed too (StageXRelease).</summary>
    public string Release { get; set; } = "";

    /// <summary>Whose key signs (StageXSigningKey).</summary>
    public string SigningKey { get; set; } = "";

    /// <summary>The images, with Signer and Signatures, the files that were written.</summary>
    [Output]
    public ITaskItem[] Signed { get; private set; } = [];

    protected override void Run()
    {
        using var history = VerifyHistory();
        TrustSettings.CheckRelease(Release);
        var store = Store.Split(';', StringSplitOptions.RemoveEmptyEntries) is [var folder] ? folder : throw TrustSettings.NoStore("-t:Sign writes to one folder");
        var gpg = GpgSigner.Find(history.Maintainers, SigningKey, Cancellation);
        if (gpg.Key.Fingerprint != gpg.Key.Primary)
            BuildLog.Warning(ErrorCode.SubkeySigns, $"{gpg.Maintainer.Id}'s primary key is not here or cannot sign, and the subkey {gpg.Key.Fingerprint} does: podman and skopeo of Debian 12 do not accept that");
        var signer = new ImageSigner(gpg, history.Maintainers, new SignatureStore(Path.GetFullPath(store, Root)), TimeProvider.System.GetUtcNow());
        using var alone = FileLock.Take(Path.Combine(Path.GetFullPath(Artifacts), "locks", "signatures"), cancellation: Cancellation);
        var signed = new List<ITaskItem>();
        foreach (var image in Images.OrderBy(image => image.ItemSpec, StringComparer.Ordinal))
        {
            Cancellation.ThrowIfCancellationRequested();
            var project = image.GetMetadata("Project") is { Length: > 0 } own ? own : image.GetMetadata("MSBuildSourceProjectFile");
            try
            {
                if (image.GetMetadata("Status") == FetchedPackage.Status)
                    throw new StageXException(ErrorCode.ImageFetched, $"{image.ItemSpec} is not signed: it was fetched, and a signature says that its signer built it. Build it with -t:Rebuild, a second time with -t:Verify, then sign.");
                var digest = Digest.Parse(image.GetMetadata("Digest"));
                var (facts, record) = VerificationRecord.Read(Path.GetFullPath(Artifacts), PackageId.FromProject(project).ToString(), image.ItemSpec, digest);
                var files = signer.Sign(TrustSettings.NameOf(Registry, image.ItemSpec), digest, image.GetMetadata("PackageVersion"), Release, facts, record);
                var item = new TaskItem(image.ItemSpec);
                item.SetMetadata("Digest", digest.ToString());
                item.SetMetadata("Signer", gpg.Maintainer.Fingerprint);
                item.SetMetadata("Signatures", string.Join(';', files));
                signed.Add(item);
                BuildLog.Milestone(files.Count > 0 ? $"{image.ItemSpec}: signed by {gpg.Maintainer.Name}, {files.Count} signatures" : $"{image.ItemSpec}: was signed already");
            }
            catch (StageXException e) when (e.Code is ErrorCode.NotVerified or ErrorCode.ImageFetched)
            {
                // One that cannot be signed stops no other.
                Log.LogError(null, e.Code, null, null, project, 0, 0, 0, 0, "{0}", e.Message);
            }
        }
        Signed = [.. signed];
    }
}
