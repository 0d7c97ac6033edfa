using System.Diagnostics;
using System.Globalization;
using Microsoft.Build.Framework;
using Microsoft.Build.Utilities;

namespace StageX.Build.Stages;

/// <summary>Builds a package's images.</summary>
public sealed class BuildPackage : PackageTask
{
    /// <summary>
    /// One item per image, named by its id, with Digest (sha256:…), Layout (folder), Size (bytes), PackageVersion,
    /// Status (built, or up to date) and Seconds.
    /// </summary>
    [Output]
    public ITaskItem[] Images { get; private set; } = [];

    protected override void Run()
    {
        var watch = Stopwatch.StartNew();
        var package = ReadDefinition();
        var images = new PackageBuilder(package, ReadDependencies(package), Environment, Cancellation).Build();
        var seconds = watch.Elapsed.TotalSeconds.ToString("0.0", CultureInfo.InvariantCulture);
        Images = [.. images.Select(image => new TaskItem(image.Id, new Dictionary<string, string>
        {
            ["Digest"] = image.Digest.ToString(),
            ["Layout"] = image.Layout,
            ["Size"] = image.Size.ToString(),
            ["PackageVersion"] = package.Version.ToString(),
            ["Status"] = image.Built ? "built" : "up to date",
            ["Seconds"] = seconds,
        }))];
        foreach (var image in images.Where(image => image.Built))
            BuildLog.Milestone($"{image.Id} {package.Version}: {image.Digest}");
    }
}
