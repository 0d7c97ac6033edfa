using System.Text;
using Microsoft.Build.Framework;

namespace StageX.Build.Packages;

/// <summary>
/// Prints the table at the end of a build: package, version, digest, size, built or up to date, seconds. Below it, where
/// packages failed: each with its error's code, and what was not built because of it.
/// </summary>
public sealed class ReportImages : StageXTask
{
    /// <summary>Images as <see cref="Stages.BuildPackage"/> returns them.</summary>
    public ITaskItem[] Images { get; set; } = [];

    /// <summary>The projects that were to be built.</summary>
    public ITaskItem[] Projects { get; set; } = [];

    /// <summary>The folder of results.</summary>
    public string Artifacts { get; set; } = "";

    protected override void Run()
    {
        var table = new TextTable("package", "version", "digest", ">size", "", ">seconds");
        foreach (var image in Images.DistinctBy(image => image.ItemSpec).OrderBy(image => image.ItemSpec, StringComparer.Ordinal))
            table.Add(image.ItemSpec, image.GetMetadata("PackageVersion"), image.GetMetadata("Digest"), SizeText(image.GetMetadata("Size")), image.GetMetadata("Status"), image.GetMetadata("Seconds"));
        BuildLog.Milestone(table.ToString());

        var built = Images.Select(image => image.GetMetadata("MSBuildSourceProjectFile")).ToHashSet(StringComparer.Ordinal);
        var failed = Projects.Select(project => project.GetMetadata("FullPath")).Where(project => !built.Contains(project)).Distinct().Order(StringComparer.Ordinal).ToList();
        if (failed.Count > 0)
            BuildLog.Milestone(Failures(failed));
    }

    private string Failures(List<string> projects)
    {
        var lines = new StringBuilder();
        var notTried = new List<string>();
        var count = 0;
        foreach (var project in projects)
        {
            var file = FailureRecord.FileFor(Path.GetFullPath(Artifacts), project);
            var id = Path.GetFileName(Path.GetDirectoryName(file))!;
            if (FailureRecord.Read(file) is { } failure)
            {
                lines.Append($"\n  {id}: {failure.Code}: {failure.Message}");
                if (failure.Log.Length > 0)
                    lines.Append($"\n    log: {failure.Log}");
                count++;
            }
            else if (ReferenceGraph.ReferencesOf(project).FirstOrDefault(projects.Contains) is { } missing)
                notTried.Add($"\n  {id}: not built, it needs {Path.GetFileName(Path.GetDirectoryName(FailureRecord.FileFor("", missing)))}");
            else
            {
                lines.Append($"\n  {id}: see the errors above");
                count++;
            }
        }
        return $"{count} failed{(notTried.Count > 0 ? $", {notTried.Count} not built because of that" : "")}:{lines}{string.Concat(notTried)}";
    }

    private static string SizeText(string bytes) => long.Parse(bytes) switch
    {
        < 10_000 and var size => $"{size} B",
        < 10_000_000 and var size => $"{size / 1000} kB",
        var size => $"{size / 1_000_000} MB",
    };
}
