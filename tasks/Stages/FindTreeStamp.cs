using Microsoft.Build.Framework;
using Microsoft.Build.Utilities;
using StageX.Build.Packages;

namespace StageX.Build.Stages;

/// <summary>
/// Answers whether a tree has anything to do, without a look at its packages: everything that their evaluation and build
/// could read is as it was when the last build ended well, and what that wrote is there.
/// </summary>
public sealed class FindTreeStamp : TreeTask
{
    /// <summary>The images, where there is nothing to do.</summary>
    [Output]
    public ITaskItem[] Images { get; private set; } = [];

    [Output]
    public bool UpToDate { get; private set; }

    /// <summary>The inputs as they were before the build.</summary>
    [Output]
    public string InputsBefore { get; private set; } = "";

    protected override void Run()
    {
        if (Inputs() is { } inputs)
        {
            InputsBefore = inputs.ToString();
            if (BuildStamp.Read(StampFile) is { } stamp && stamp.Inputs == inputs && stamp.ResultsAreThere)
            {
                UpToDate = true;
                Images = [.. stamp.Images.Select(Item)];
                BuildLog.Milestone("Nothing changed since the last build.");
                return;
            }
        }
        if (File.Exists(StampFile))
            File.Delete(StampFile);
        // What failed in an earlier build is not to be told again.
        foreach (var record in ProjectFiles.Select(project => FailureRecord.FileFor(Path.GetFullPath(Artifacts), project)).Where(File.Exists))
            File.Delete(record);
    }

    private TaskItem Item(StampedImage image) => new(image.Id, new Dictionary<string, string>
    {
        ["Digest"] = image.Digest.ToString(),
        ["Layout"] = image.Layout,
        ["Size"] = image.Size.ToString(),
        ["PackageVersion"] = image.Version,
        ["Status"] = FetchedPackage.StampOf(Path.GetFullPath(Artifacts), PackageId.FromProject(image.Project).ToString()) is not null ? FetchedPackage.Status : "up to date",
        ["Seconds"] = "0.0",
        // As MSBuild marks what comes back from a project.
        ["MSBuildSourceProjectFile"] = image.Project,
        ["MSBuildSourceTargetName"] = "Build",
    });
}
