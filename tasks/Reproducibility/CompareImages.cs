using Microsoft.Build.Framework;
using Microsoft.Build.Utilities;

namespace StageX.Build.Reproducibility;

/// <summary>Says in what a package's images differ from others of the same ids, and why.</summary>
public sealed class CompareImages : StageXTask
{
    /// <summary>The images that the build returned, with Layout.</summary>
    [Required]
    public required ITaskItem[] Images { get; set; }

    /// <summary>An OCI layout, or a folder of layouts named by their ids (StageXDiffWith).</summary>
    public string With { get; set; } = "";

    /// <summary>The folder of results (StageXArtifacts).</summary>
    [Required]
    public required string Artifacts { get; set; }

    /// <summary>An item for each image, with Digest, Other (digest), Cause (the likeliest variation, or ""), Report and Record (files).</summary>
    [Output]
    public ITaskItem[] Compared { get; private set; } = [];

    protected override void Run()
    {
        if (With.Length == 0)
            throw new StageXException(ErrorCode.ImagesDiffer, "StageXDiffWith is not set: it names the image to compare with, or a folder of images");
        foreach (var image in Images)
        {
            var isLayout = File.Exists(Path.Combine(With, "index.json"));
            var other = isLayout ? With : Path.Combine(With, image.ItemSpec);
            // One layout is one image: of a package with several, the main one.
            if (isLayout && image != Images[0])
                continue;
            Compare(image, other);
        }
    }

    private void Compare(ITaskItem image, string other)
    {
        var layout = image.GetMetadata("Layout");
        var differences = ImageComparison.Compare(layout, other, cancellation: Cancellation);
        var report = differences.ToReport();
        var folder = Path.Combine(Path.GetFullPath(Artifacts), "diff");
        var files = (Text: Path.Combine(folder, image.ItemSpec + ".txt"), Json: Path.Combine(folder, image.ItemSpec + ".json"));
        if (differences.First != differences.Second)
            report += Diffoscope.Report(layout, other, differences, Cancellation);
        AtomicFile.Write(files.Text, report);
        AtomicFile.Write(files.Json, differences.ToJson());
        BuildLog.Milestone($"{image.ItemSpec}\n{report.TrimEnd()}");
        var cause = differences.Causes is [var likeliest, ..] ? likeliest.Variation : "";
        Compared = [.. Compared, new TaskItem(image.ItemSpec, new Dictionary<string, string>
        {
            ["Digest"] = differences.First.ToString(),
            ["Other"] = differences.Second.ToString(),
            ["Cause"] = cause,
            ["Report"] = files.Text,
            ["Record"] = files.Json,
        })];
        if (differences.First != differences.Second)
            Log.LogError(null, ErrorCode.ImagesDiffer, null, null, ProjectFile, 0, 0, 0, 0, "{0}",
                $"{image.ItemSpec} is {differences.First}, and {differences.Second} in {other}{(cause.Length > 0 ? $"; likely cause: {cause}" : "")}. See {files.Text}.");
    }
}
