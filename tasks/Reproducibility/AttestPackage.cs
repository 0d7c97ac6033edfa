using Microsoft.Build.Framework;
using Microsoft.Build.Utilities;

namespace StageX.Build.Reproducibility;

/// <summary>Writes provenance and bill of materials of a package's images, as referrers beside them.</summary>
public sealed class AttestPackage : PackageTask
{
    /// <summary>The images that the build of this package returned.</summary>
    [Required]
    public required ITaskItem[] Images { get; set; }

    /// <summary>Where the tree is published (RepositoryUrl), or "".</summary>
    public string Repository { get; set; } = "";

    /// <summary>An item for each image, named by its id, with Digest (the image's), Layout (the folder of its referrers), Provenance and Sbom (files).</summary>
    [Output]
    public ITaskItem[] Attestations { get; private set; } = [];

    protected override void Run()
    {
        var package = ReadDefinition();
        using var taken = Environment.Lock(package.Id + ".attest", Cancellation);
        var images = Images.Select(image => (Id: image.ItemSpec, Layout: image.GetMetadata("Layout"), Digest: Digest.Parse(image.GetMetadata("Digest")))).ToList();
        var folders = new Attestation(package, ReadDependencies(package), Environment.Artifacts, Repository, Cancellation).Write(images);
        Attestations = [.. images.Zip(folders, (image, folder) => new TaskItem(image.Id, new Dictionary<string, string>
        {
            ["Digest"] = image.Digest.ToString(),
            ["Layout"] = folder,
            ["Provenance"] = Path.Combine(folder, Provenance.FileName),
            ["Sbom"] = Path.Combine(folder, BillOfMaterials.FileName),
        }))];
    }
}
