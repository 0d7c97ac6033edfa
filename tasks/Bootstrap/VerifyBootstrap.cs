using Microsoft.Build.Framework;
using Microsoft.Build.Utilities;

namespace StageX.Build.Bootstrap;

/// <summary>Follows packages to the seed, and prints what there is to trust and to read on the way.</summary>
public sealed class VerifyBootstrap : StageXTask
{
    private const int MostDebtPrinted = 20;

    /// <summary>The packages asked about, as <see cref="RecordBootstrap"/> returns them.</summary>
    [Required]
    public required ITaskItem[] Packages { get; set; }

    /// <summary>The folder of results (StageXArtifacts).</summary>
    [Required]
    public required string Artifacts { get; set; }

    /// <summary>An item for each, with Path, Packages, Steps, Lines, HexadecimalLines, HexadecimalBytes, OpaqueBytes, DataFiles, DataBytes, DebtFiles and DebtLines.</summary>
    [Output]
    public ITaskItem[] Reports { get; private set; } = [];

    protected override void Run()
    {
        var folder = Path.Combine(Path.GetFullPath(Artifacts), "bootstrap");
        var chain = new BootstrapChain(id => PackageRecord.FromJson(File.ReadAllBytes(Path.Combine(folder, id + ".json"))));
        var faults = new List<StageXException>();
        var reports = new List<ITaskItem>();
        foreach (var id in Packages.Select(item => item.ItemSpec).Distinct().Order(StringComparer.Ordinal))
            try
            {
                var report = chain.Report(id);
                Print(report);
                reports.Add(ToItem(report));
            }
            catch (StageXException e)
            {
                faults.Add(e);
            }
        Reports = [.. reports];
        if (faults.Count > 0)
            throw new AggregateException(faults.DistinctBy(fault => (fault.Code, fault.Message)));
    }

    private void Print(ChainReport report)
    {
        BuildLog.Milestone($"{report.Package.Id}: " + (report.Path.Count == 0 ? "nothing in it was compiled" : string.Join(" <- ", report.Path)));
        BuildLog.Milestone($"  {report.Members.Count} packages, {report.Steps} steps, {report.Lines} lines of source ({report.PageBytes} bytes in {report.PageLines} of them as commented hexadecimal), "
            + $"{report.OpaqueBytes} opaque bytes, {report.DataFiles} files of data ({report.DataBytes} bytes)");
        var debt = report.Debt.ToList();
        if (debt.Count > 0)
            BuildLog.Milestone($"  debt: {debt.Count} generated files, {report.DebtLines} lines");
        foreach (var (id, text) in debt.Take(MostDebtPrinted))
            BuildLog.Milestone($"    {id} {text.Path} ({text.Tool}, {text.Lines} lines)");
        if (debt.Count > MostDebtPrinted)
            BuildLog.Milestone($"    and {debt.Count - MostDebtPrinted} more");
    }

    private static TaskItem ToItem(ChainReport report) => new(report.Package.Id, new Dictionary<string, string>
    {
        ["Path"] = string.Join(';', report.Path),
        ["Packages"] = report.Members.Count.ToString(),
        ["Steps"] = report.Steps.ToString(),
        ["Lines"] = report.Lines.ToString(),
        ["HexadecimalLines"] = report.PageLines.ToString(),
        ["HexadecimalBytes"] = report.PageBytes.ToString(),
        ["OpaqueBytes"] = report.OpaqueBytes.ToString(),
        ["DataFiles"] = report.DataFiles.ToString(),
        ["DataBytes"] = report.DataBytes.ToString(),
        ["DebtFiles"] = report.Debt.Count().ToString(),
        ["DebtLines"] = report.DebtLines.ToString(),
    });
}
