using Microsoft.Build.Framework;
using StageX.Build.Packages;

namespace StageX.Build.Audit;

/// <summary>Prints the table of a tree's audit: image, files, bytes, executables, the size that its definition allows.</summary>
public sealed class ReportAudit : StageXTask
{
    /// <summary>Items as <see cref="AuditPackage"/> returns them.</summary>
    public ITaskItem[] Audited { get; set; } = [];

    protected override void Run()
    {
        var table = new TextTable("image", ">files", ">bytes", ">executables", ">at most");
        foreach (var image in Audited.DistinctBy(image => image.ItemSpec).OrderBy(image => image.ItemSpec, StringComparer.Ordinal))
            table.Add(image.ItemSpec, image.GetMetadata("Files"), image.GetMetadata("Bytes"), image.GetMetadata("Executables"), image.GetMetadata("MaximumSize"));
        BuildLog.Milestone(table.ToString());
    }
}
