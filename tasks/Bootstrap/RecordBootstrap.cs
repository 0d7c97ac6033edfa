using Microsoft.Build.Framework;
using Microsoft.Build.Utilities;
using StageX.Build.Images;
using StageX.Build.Packages;
using StageX.Build.Stages;

namespace StageX.Build.Bootstrap;

/// <summary>Judges one package, and records what the judgement of those above it needs.</summary>
public sealed class RecordBootstrap : PackageTask
{
    /// <summary>The images that the build of this package returned.</summary>
    [Required]
    public required ITaskItem[] Images { get; set; }

    /// <summary>The package's id, with Record (a file).</summary>
    [Output]
    public ITaskItem[] Record { get; private set; } = [];

    protected override void Run()
    {
        var package = ReadDefinition();
        CheckImages(package);
        var record = new PackageInspector(package, ReadDependencies(package), Environment, Cancellation).Inspect(ReadItems());
        var file = Path.Combine(Environment.Artifacts, "bootstrap", record.Id + ".json");
        AtomicFile.Write(file, record.ToJson());
        Record = [new TaskItem(record.Id, new Dictionary<string, string> { ["Record"] = file })];
    }

    // What lies below artifacts/images is what this build made, and leads to nothing that no project builds.
    private void CheckImages(PackageDefinition package)
    {
        if (package.References.FirstOrDefault(reference => reference.Published is not null) is { } published)
            throw new StageXException(ErrorCode.ImageFetched, $"{published.Id} comes from a registry, and where its steps led cannot be seen from here", Project) { Item = (published.ItemType, published.Include) };
        foreach (var image in Images.Concat(Dependencies))
        {
            if (image.GetMetadata("Status") == FetchedPackage.Status)
                throw new StageXException(ErrorCode.ImageFetched, $"the image {image.ItemSpec} was fetched, and what it was built from cannot be seen from here: build it with -t:Rebuild", Project);
            var (read, manifest) = ImageLayout.Read(image.GetMetadata("Layout"));
            if (manifest.Digest.ToString() != image.GetMetadata("Digest"))
                throw new StageXException(ErrorCode.ForeignImage, $"the image {image.ItemSpec} is {manifest.Digest}, and its build returned {image.GetMetadata("Digest")}", Project);
            if (Images.Contains(image) && Dependency.RuntimeOf(read).FirstOrDefault(id => package.References.All(reference => reference.Id != id)) is { } unknown)
                throw new StageXException(ErrorCode.ForeignImage, $"the image {image.ItemSpec} needs {unknown}, which the project does not reference", Project);
        }
        var built = Dependencies.Select(item => item.ItemSpec).ToHashSet(StringComparer.Ordinal);
        if (package.References.FirstOrDefault(reference => !built.Contains(reference.Id)) is { } missing)
            throw new StageXException(ErrorCode.ForeignImage, $"the image {missing.Id} was not built in this build", Project) { Item = ("ProjectReference", missing.Include) };
    }
}
