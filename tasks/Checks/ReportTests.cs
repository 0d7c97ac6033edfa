using Microsoft.Build.Framework;
using StageX.Build.Packages;

namespace StageX.Build.Checks;

/// <summary>Prints the table of the tests: package, how many passed, failed and were skipped, seconds.</summary>
public sealed class ReportTests : StageXTask
{
    /// <summary>Items as <see cref="TestPackage"/> returns them.</summary>
    public ITaskItem[] Reports { get; set; } = [];

    protected override void Run()
    {
        if (Reports.Length == 0)
        {
            BuildLog.Milestone("no package here has a Test");
            return;
        }
        var table = new TextTable("package", ">passed", ">failed", ">skipped", ">seconds");
        foreach (var report in Reports.DistinctBy(report => report.ItemSpec).OrderBy(report => report.ItemSpec, StringComparer.Ordinal))
            table.Add(report.ItemSpec, report.GetMetadata("Passed"), report.GetMetadata("Failed"), report.GetMetadata("Skipped"), report.GetMetadata("Seconds"));
        BuildLog.Milestone(table.ToString());
    }
}
