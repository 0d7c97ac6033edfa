using Microsoft.Build.Framework;
using StageX.Build.Packages;

namespace StageX.Build.Reproducibility;

/// <summary>Compares the images that were built with what the stage's digests.txt records, or records them.</summary>
public sealed class CheckDigests : StageXTask
{
    /// <summary>Images as <see cref="Stages.BuildPackage"/> returns them.</summary>
    [Required]
    public required ITaskItem[] Images { get; set; }

    /// <summary>The digests.txt of the stage; where there is none nothing is compared.</summary>
    [Required]
    public required string DigestsFile { get; set; }

    /// <summary>Write the file instead of comparing.</summary>
    public bool Update { get; set; }

    /// <summary>The folder of results, for the lock.</summary>
    [Required]
    public required string Artifacts { get; set; }

    protected override string? FailureFile => FailureRecord.FileFor(Path.GetFullPath(Artifacts), ProjectFile);

    protected override void Run()
    {
        var images = Images.Select(image => (image.ItemSpec, Digest.Parse(image.GetMetadata("Digest")))).ToList();
        if (Update)
        {
            var stage = Path.GetFileName(Path.GetDirectoryName(DigestsFile))!;
            if (DigestFile.Update(DigestsFile, Path.Combine(Artifacts, "locks", stage + ".digests"), images))
                BuildLog.Milestone($"{DigestsFile}: recorded {string.Join(", ", images.Select(image => image.ItemSpec))}");
            return;
        }
        if (!File.Exists(DigestsFile))
            return;
        var recorded = DigestFile.Read(DigestsFile);
        foreach (var (id, digest) in images)
        {
            recorded.Check(id, digest);
            if (recorded.Find(id) is null)
                Log.LogWarning(null, ErrorCode.DigestMissing, null, null, DigestsFile, 0, 0, 0, 0, "{0}", $"{id} is not recorded; -t:UpdateDigests records it as {digest}");
        }
    }
}
