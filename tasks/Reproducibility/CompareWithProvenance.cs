using Microsoft.Build.Framework;
using Microsoft.Build.Utilities;

namespace StageX.Build.Reproducibility;

/// <summary>After the build: whether the image is the one that a provenance is about.</summary>
public sealed class CompareWithProvenance : PackageTask
{
    /// <summary>A file, or a folder of attestations (StageXProvenance).</summary>
    public string ProvenancePath { get; set; } = "";

    /// <summary>The digest that was asked for (StageXDigest), where it is known from elsewhere.</summary>
    public string Digest { get; set; } = "";

    /// <summary>The images that the build of this package returned.</summary>
    [Required]
    public required ITaskItem[] Images { get; set; }

    /// <summary>The image that was reproduced, with Digest, Layout, Commit and Provenance.</summary>
    [Output]
    public ITaskItem[] Reproduced { get; private set; } = [];

    protected override void Run()
    {
        var package = ReadDefinition();
        var reproduction = Reproduction.Read(ProvenancePath, [.. package.Images.Select(image => image.Id)]);
        var provenance = reproduction.Provenance;
        if (Digest.Length > 0 && Digest != provenance.Digest.ToString())
            throw new StageXException(ErrorCode.NoProvenance, $"the provenance is of {provenance.Digest}, not of {Digest}");
        var image = Images.Single(item => item.ItemSpec == provenance.Id);
        reproduction.CheckImages(ReadDependencies(package).All.Select(dependency => new ProvenImage(dependency.Id, dependency.Digest)));
        reproduction.CheckResult(Build.Digest.Parse(image.GetMetadata("Digest")), image.GetMetadata("Layout"));
        BuildLog.Milestone($"{provenance.Id}: reproduced {provenance.Digest} from {provenance.Commit}");
        Reproduced = [new TaskItem(provenance.Id, new Dictionary<string, string>
        {
            ["Digest"] = provenance.Digest.ToString(),
            ["Layout"] = image.GetMetadata("Layout"),
            ["Commit"] = provenance.Commit,
            ["Provenance"] = ProvenancePath,
        })];
    }
}
