using Microsoft.Build.Framework;
using Microsoft.Build.Utilities;
using StageX.Build.Stages;

namespace StageX.Build.Bootstrap;

/// <summary>Builds a package once more, its diverse stage in a foreign root, and compares what comes out.</summary>
public sealed class VerifyDiverse : PackageTask
{
    private const int MostPathsNamed = 20;

    /// <summary>The OCI layout of the foreign root (StageXDiverseRoot).</summary>
    public string Root { get; set; } = "";

    /// <summary>The images that the build of this package returned.</summary>
    [Required]
    public required ITaskItem[] Images { get; set; }

    /// <summary>The images that are the same, with their Digest and the Root.</summary>
    [Output]
    public ITaskItem[] Compared { get; private set; } = [];

    protected override void Run()
    {
        var package = ReadDefinition();
        if (package.Diverse is null)
        {
            BuildLog.Milestone($"{package.Id}: names no stage to compile diversely");
            return;
        }
        if (Root.Length == 0 || !Directory.Exists(Root))
            throw new StageXException(ErrorCode.NoDiverseRoot, Root.Length == 0
                ? "StageXDiverseRoot is not set: it names the OCI layout of a build root that has nothing to do with the chain"
                : $"StageXDiverseRoot: there is no folder {Root}", Project);
        // Its images lie apart: they are evidence, nobody uses them.
        var environment = Environment with { Artifacts = Path.Combine(Environment.Artifacts, "diverse") };
        var variant = DiverseBuild.Variant(package, Path.GetFileName(Root));
        var images = new PackageBuilder(variant, ReadDependencies(package, Root), environment, Cancellation).Build();
        foreach (var image in images)
            Compare(image, Images.Single(item => item.ItemSpec == image.Id));
    }

    private void Compare(BuiltImage image, ITaskItem original)
    {
        var foreign = Path.GetFileName(Root);
        if (image.Digest.ToString() != original.GetMetadata("Digest"))
        {
            var paths = DiverseBuild.Differences(original.GetMetadata("Layout"), image.Layout, Environment.Stages.Layers);
            throw new StageXException(ErrorCode.DiverseDiffers,
                $"{image.Id} is {original.GetMetadata("Digest")}, and {image.Digest} by way of {foreign}. One of the compilers adds something of its own, or the result depends on more than its source. "
                + $"Compare {original.GetMetadata("Layout")} with {image.Layout}; they differ in:{string.Concat(paths.Take(MostPathsNamed).Select(path => $"\n{path}"))}", Project)
            {
                Item = ("Diverse", ""),
            };
        }
        BuildLog.Milestone($"{image.Id}: the same by way of {foreign}, {image.Digest}");
        Compared = [.. Compared, new TaskItem(image.Id, new Dictionary<string, string> { ["Digest"] = image.Digest.ToString(), ["Root"] = Root })];
    }
}
