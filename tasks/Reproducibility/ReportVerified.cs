using Microsoft.Build.Framework;
using StageX.Build.Packages;

namespace StageX.Build.Reproducibility;

/// <summary>Ends a tree's run, and prints its table: package, digest, how many variations, seconds; below it those that did not pass.</summary>
public sealed class ReportVerified : StageXTask
{
    /// <summary>Images as <see cref="VerifyPackage"/> returns them.</summary>
    public ITaskItem[] Verified { get; set; } = [];

    /// <summary>The projects that were to be verified.</summary>
    public ITaskItem[] Projects { get; set; } = [];

    /// <summary>The folder of results.</summary>
    [Required]
    public required string Artifacts { get; set; }

    protected override void Run()
    {
        var table = new TextTable("package", "digest", ">varied", ">not varied", "", ">seconds");
        foreach (var image in Verified.DistinctBy(image => image.ItemSpec).OrderBy(image => image.ItemSpec, StringComparer.Ordinal))
            table.Add(image.ItemSpec, image.GetMetadata("Digest"), Count(image, "Varied"), Count(image, "NotVaried"), image.GetMetadata("Status"), image.GetMetadata("Seconds"));
        BuildLog.Milestone(table.ToString());
        new VerifyRun(Path.GetFullPath(Artifacts)).End(Cancellation);
        var passed = Verified.Select(image => image.GetMetadata("MSBuildSourceProjectFile")).ToHashSet(StringComparer.Ordinal);
        var failed = Projects.Select(project => project.GetMetadata("FullPath")).Where(project => !passed.Contains(project)).Distinct().Order(StringComparer.Ordinal)
            .Select(project => FailureRecord.FileFor(Path.GetFullPath(Artifacts), project)).ToList();
        if (failed.Count > 0)
            BuildLog.Milestone($"{failed.Count} not verified:" + string.Concat(failed.Select(file =>
                $"\n  {Path.GetFileName(Path.GetDirectoryName(file))}: {(FailureRecord.Read(file) is { } failure ? $"{failure.Code}: {failure.Message}" : "see the errors above")}")));
    }

    private static string Count(ITaskItem image, string names) => $"{image.GetMetadata(names).Split(' ', StringSplitOptions.RemoveEmptyEntries).Length}";
}
