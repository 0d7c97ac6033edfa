using System.Diagnostics;
using System.Globalization;
using Microsoft.Build.Framework;
using Microsoft.Build.Utilities;
using StageX.Build.Packages;
using StageX.Build.Reproducibility;

namespace StageX.Build.Stages;

/// <summary>Builds a package's images.</summary>
public sealed class BuildPackage : PackageTask
{
    /// <summary>
    /// One item per image, named by its id, with Digest (sha256:…), Layout (folder), Size (bytes), PackageVersion,
    /// Status (built, up to date, or fetched) and Seconds.
    /// </summary>
    [Output]
    public ITaskItem[] Images { get; private set; } = [];

    /// <summary>The digests.txt of the stage (StageXDigests).</summary>
    public string DigestsFile { get; set; } = "";

    /// <summary>Whether it records what was built, or is not there; what it says otherwise is <see cref="CheckDigests"/>'s to tell.</summary>
    [Output]
    public bool DigestsAreRecorded { get; private set; }

    // Where there is nothing to do the cache is not looked at.
    private protected override IDisposable? Hold() => null;

    protected override string FailureFile => FailureRecord.FileFor(Path.GetFullPath(Artifacts), Project);

    protected override void Run()
    {
        BuildImages();
        DigestsAreRecorded = DigestFile.Records(DigestsFile, Images.Select(image => (image.ItemSpec, Digest.Parse(image.GetMetadata("Digest")))));
    }

    private void BuildImages()
    {
        var watch = Stopwatch.StartNew();
        if (File.Exists(FailureFile))
            File.Delete(FailureFile);
        var id = PackageId.FromProject(Project).ToString();
        var stampFile = BuildStamp.FileFor(Environment.Artifacts, id);
        var inputs = new PackageInputs(Project, Definition, Path.GetFullPath(Artifacts), Path.GetFullPath(Cache));
        var before = inputs.Now();
        var stamp = BuildStamp.Read(stampFile);
        if (before is not null && stamp?.Inputs == before && stamp.ResultsAreThere)
        {
            Images = [.. stamp.Images.Select(image => Item(image, "up to date", watch))];
            return;
        }
        if (FetchedPackage.Find(Environment.Artifacts, id, Project, Platform) is { } fetched)
        {
            Images = [.. fetched.Images.Select(image => Item(image, FetchedPackage.Status, watch))];
            return;
        }
        CheckReferences.GraphOf(BuildEngine).Check(Project);
        using var inUse = base.Hold();
        var package = ReadDefinition();
        RemoveFormerImages(package, stamp);
        if (File.Exists(stampFile))
            File.Delete(stampFile);
        FetchedPackage.Remove(Environment.Artifacts, id);
        var dependencies = ReadDependencies(package);
        var built = new PackageBuilder(package, dependencies, Environment, Cancellation).Build();
        var images = built.Select(image => new StampedImage(image.Id, package.Version.ToString(), image.Digest, image.Layout, image.Size, Project)).ToList();
        Images = [.. images.Zip(built, (image, result) => Item(image, result.Built ? "built" : "up to date", watch))];
        foreach (var image in built.Where(image => image.Built))
            BuildLog.Milestone($"{image.Id} {package.Version}: {image.Digest}");

        // What changed while it was built is looked at again the next time.
        if (before is not null && inputs.Now() == before)
            new BuildStamp(before.Value, images, Results(package, images), [.. dependencies.All.Select(dependency => (dependency.Layout, dependency.Digest))]).Write(stampFile);
    }

    private List<StampedFile> Results(PackageDefinition package, IEnumerable<StampedImage> images)
    {
        var id = package.Id.ToString();
        return [.. images.SelectMany(image => StampedFile.In(image.Layout)),
            StampedFile.Of(new FileInfo(Path.Combine(Environment.ContainerfilesOf(id), "Containerfile"))), StampedFile.Of(new FileInfo(BuildEnvironment.KeysOf(Environment.Artifacts, id)))];
    }

    // What refers to an image that is no longer made must not find it.
    private void RemoveFormerImages(PackageDefinition package, BuildStamp? stamp)
    {
        var made = package.Images.Select(image => image.Id).ToHashSet(StringComparer.Ordinal);
        foreach (var former in stamp?.Images.Where(image => !made.Contains(image.Id) && image.Id.StartsWith($"{package.Id}-", StringComparison.Ordinal)) ?? [])
            if (Environment.LayoutOf(former.Id) is var layout && Directory.Exists(layout))
                Directory.Delete(layout, recursive: true);
    }

    private static TaskItem Item(StampedImage image, string status, Stopwatch watch) => new(image.Id, new Dictionary<string, string>
    {
        // To a .csproj that references the package: there is nothing to compile with.
        ["ResolveableAssembly"] = "false",
        ["Digest"] = image.Digest.ToString(),
        ["Layout"] = image.Layout,
        ["Size"] = image.Size.ToString(CultureInfo.InvariantCulture),
        ["PackageVersion"] = image.Version,
        ["Status"] = status,
        ["Seconds"] = watch.Elapsed.TotalSeconds.ToString("0.0", CultureInfo.InvariantCulture),
    });
}
