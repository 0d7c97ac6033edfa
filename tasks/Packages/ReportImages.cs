using Microsoft.Build.Framework;
using Spectre.Console;

namespace StageX.Build.Packages;

/// <summary>Prints the table at the end of a build: package, version, digest, size, built or up to date, seconds.</summary>
public sealed class ReportImages : StageXTask
{
    /// <summary>Images as <see cref="Stages.BuildPackage"/> returns them.</summary>
    public ITaskItem[] Images { get; set; } = [];

    protected override void Run()
    {
        var table = new Table { Border = TableBorder.Ascii2 };
        foreach (var title in new[] { "package", "version", "digest", "size", "", "seconds" })
            table.AddColumn(new TableColumn(title) { NoWrap = true, Alignment = title is "size" or "seconds" ? Justify.Right : Justify.Left });
        foreach (var image in Images.DistinctBy(image => image.ItemSpec).OrderBy(image => image.ItemSpec, StringComparer.Ordinal))
            table.AddRow(new[] { image.ItemSpec, image.GetMetadata("PackageVersion"), image.GetMetadata("Digest"), SizeText(image.GetMetadata("Size")), image.GetMetadata("Status"), image.GetMetadata("Seconds") }
                .Select(Markup.Escape).ToArray());
        var text = new StringWriter();
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Ansi = AnsiSupport.No, ColorSystem = ColorSystemSupport.NoColors, Out = new AnsiConsoleOutput(text), Interactive = InteractionSupport.No });
        console.Profile.Width = 200;
        console.Write(table);
        BuildLog.Milestone(text.ToString().TrimEnd());
    }

    private static string SizeText(string bytes) => long.Parse(bytes) switch
    {
        < 10_000 and var size => $"{size} B",
        < 10_000_000 and var size => $"{size / 1000} kB",
        var size => $"{size / 1_000_000} MB",
    };
}
