using System.Diagnostics;
using System.Globalization;
using Microsoft.Build.Framework;
using Microsoft.Build.Utilities;
using StageX.Build.Packages;

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

    // Where there is nothing to do the cache is not looked at.
    private protected override IDisposable? Hold() => null;

    protected override string FailureFile => FailureRecord.FileFor(Path.GetFullPath(Artifacts), Project);

    protected override void Run()
    {
        var watch = Stopwatch.StartNew();
        if (File.Exists(FailureFile))
            File.Delete(FailureFile);
        var stampFile = Path.Combine(Environment.LogsOf(PackageId.FromProject(Project).ToString()), "stamp");
        var inputs = new PackageInputs(Project, Definition, Dependencies, Path.GetFullPath(Artifacts), Path.GetFullPath(Cache));
        var before = inputs.Now();
        if (before is not null && BuildStamp.Read(stampFile) is { } stamp && stamp.Inputs == before && stamp.ResultsAreThere)
        {
            Images = [.. stamp.Images.Select(image => Item(image, false, watch))];
            return;
        }
        if (File.Exists(stampFile))
            File.Delete(stampFile);
        using var inUse = base.Hold();
        var package = ReadDefinition();
        var dependencies = ReadDependencies(package);
        var built = new PackageBuilder(package, dependencies, Environment, Cancellation).Build();
        var images = built.Select(image => new StampedImage(image.Id, package.Version.ToString(), image.Digest, image.Layout, image.Size, Project)).ToList();
        Images = [.. images.Zip(built, (image, result) => Item(image, result.Built, watch))];
        foreach (var image in built.Where(image => image.Built))
            BuildLog.Milestone($"{image.Id} {package.Version}: {image.Digest}");

        // What changed while it was built is looked at again the next time.
        if (before is not null && inputs.Now() == before)
            new BuildStamp(before.Value, images, Results(package, images), Indirect(dependencies)).Write(stampFile);
    }

    private List<StampedFile> Results(PackageDefinition package, IEnumerable<StampedImage> images)
    {
        var id = package.Id.ToString();
        return [.. images.SelectMany(image => new DirectoryInfo(image.Layout).GetFiles("*", SearchOption.AllDirectories))
            .Append(new FileInfo(Path.Combine(Environment.ContainerfilesOf(id), "Containerfile"))).Append(new FileInfo(Path.Combine(Environment.LogsOf(id), "keys.json")))
            .Select(StampedFile.Of)];
    }

    private List<(string, Digest)> Indirect(DependencySet dependencies)
    {
        var direct = Dependencies.Select(item => item.GetMetadata("Layout")).ToHashSet(StringComparer.Ordinal);
        return [.. dependencies.All.Where(dependency => !direct.Contains(dependency.Layout)).Select(dependency => (dependency.Layout, dependency.Digest))];
    }

    private static TaskItem Item(StampedImage image, bool built, Stopwatch watch) => new(image.Id, new Dictionary<string, string>
    {
        ["Digest"] = image.Digest.ToString(),
        ["Layout"] = image.Layout,
        ["Size"] = image.Size.ToString(CultureInfo.InvariantCulture),
        ["PackageVersion"] = image.Version,
        ["Status"] = built ? "built" : "up to date",
        ["Seconds"] = watch.Elapsed.TotalSeconds.ToString("0.0", CultureInfo.InvariantCulture),
    });
}
