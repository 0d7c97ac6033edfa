using Microsoft.Build.Framework;
using Microsoft.Build.Utilities;
using StageX.Build.Images;
using StageX.Build.Packages;
using StageX.Build.Stages;

namespace StageX.Build.Trust;

/// <summary>
/// Fetches the images of packages in place of building them: those whose folder is as verified history has it, with the
/// digest that this records, if the quorum signed it. What was built here stays.
/// </summary>
public sealed class PreseedImages : TrustTask
{
    /// <summary>
    /// Ids of images, with PackageVersion, Project, References (projects), Platform, and relative to the repository Folder and
    /// Digests, the file that records their digests.
    /// </summary>
    public ITaskItem[] Packages { get; set; } = [];

    /// <summary>The folder of results.</summary>
    [Required]
    public required string Artifacts { get; set; }

    /// <summary>Where images are published (StageXRegistry).</summary>
    public string Registry { get; set; } = "";

    /// <summary>Where signatures are (StageXSignatureStore): folders, separated by semicolons.</summary>
    public string Stores { get; set; } = "";

    /// <summary>The release that is wanted (StageXRelease).</summary>
    public string Release { get; set; } = "";

    /// <summary>Never touch the network (StageXOffline).</summary>
    public bool Offline { get; set; }

    /// <summary>The images that need not be built, with Digest, Layout and Status (fetched, or built).</summary>
    [Output]
    public ITaskItem[] Preseeded { get; private set; } = [];

    protected override void Run()
    {
        TrustSettings.CheckRelease(Release);
        var packages = Packages.DistinctBy(item => item.ItemSpec).GroupBy(item => item.GetMetadata("Project")).ToDictionary(group => group.Key, group => new Package(group.Key, [.. group]), StringComparer.Ordinal);
        Quorum quorum;
        using (var history = VerifyHistory())
        {
            quorum = new Quorum(history.Maintainers, TrustSettings.StoresOf(Stores, Root), TimeProvider.System.GetUtcNow());
            var recorded = new VerifiedDigests(history);
            foreach (var package in packages.Values)
                package.Find(history, recorded);
        }
        var fetcher = new ImageFetcher(quorum, Path.GetFullPath(Artifacts), new StageStore(Path.GetFullPath(Cache)).Layers, Offline, BuildLog, Cancellation);
        foreach (var project in packages.Keys.Order(StringComparer.Ordinal))
            Provide(project, packages, fetcher);
        Preseeded = [.. packages.Values.SelectMany(package => package.Items).OrderBy(item => item.ItemSpec, StringComparer.Ordinal)];
        BuildLog.Milestone(Report(packages.Values));
    }

    // What a package refers to comes first.
    private void Provide(string project, Dictionary<string, Package> packages, ImageFetcher fetcher)
    {
        var package = packages[project];
        if (!package.Begin())
            return;
        var references = package.References.Select(reference => packages.GetValueOrDefault(reference)).OfType<Package>().ToList();
        if (references.Count < package.References.Count)
            package.Obstacle ??= "it refers to what the tree does not list";
        foreach (var reference in references)
            Provide(reference.Project, packages, fetcher);
        Cancellation.ThrowIfCancellationRequested();
        package.Obstacle ??= references.Find(reference => reference.Obstacle is not null) is { } other ? $"{other.Id} is to be built" : null;
        if (package.Obstacle is not null)
            return;
        try
        {
            Fetch(package, references, fetcher);
        }
        catch (StageXException e) when (e.Code is ErrorCode.QuorumMissing or ErrorCode.OtherDigestSigned or ErrorCode.NotInRegistry or ErrorCode.RegistryLied or ErrorCode.NotCanonical)
        {
            // One that is not accepted stops no other, and can be built.
            Log.LogError(null, e.Code, null, null, e.File ?? project, e.Line, 0, 0, 0, "{0}", e.Message);
            package.Obstacle = "it was refused";
        }
    }

    private void Fetch(Package package, List<Package> references, ImageFetcher fetcher)
    {
        var artifacts = Path.GetFullPath(Artifacts);
        using var taken = FileLock.Take(Path.Combine(artifacts, "locks", package.Id), onWait: () => BuildLog.Milestone($"{package.Id}: waiting for a build of it"), cancellation: Cancellation);
        var stampFile = BuildStamp.FileFor(artifacts, package.Id);
        if (BuildStamp.Read(stampFile) is { ResultsAreThere: true } stamp && package.Images.All(image => stamp.Images.Any(built => built.Id == image.Id && built.Digest == image.Digest)))
        {
            package.Status = "built";
            package.Layouts = [.. stamp.Images.Select(image => image.Layout)];
            return;
        }
        package.Layouts = [.. package.Images.Select(image => Path.Combine(artifacts, "images", image.Id))];
        foreach (var (image, layout) in package.Images.Zip(package.Layouts))
            fetcher.Fetch(TrustSettings.NameOf(Registry, image.Id), image.Digest, Release, layout);
        package.Status = FetchedPackage.Status;
        if (FetchedPackage.Find(artifacts, package.Id, package.Project, package.Platform) is not null)
            return;
        // Nobody is to take it for a build's.
        foreach (var file in new[] { stampFile, BuildEnvironment.KeysOf(artifacts, package.Id) }.Where(File.Exists))
            File.Delete(file);
        var images = package.Images.Zip(package.Layouts, (image, layout) => new StampedImage(image.Id, package.Version, image.Digest, layout, ImageLayout.Read(layout).Image.Layers.Sum(layer => layer.Size), package.Project)).ToList();
        FetchedPackage.Write(artifacts, package.Id, package.Project, package.Platform, images,
            new DependencySet(references.SelectMany(reference => reference.Layouts), new StageStore(Path.GetFullPath(Cache)).Layers).All);
    }

    private static string Report(IEnumerable<Package> packages)
    {
        var table = new TextTable("package", "version", "");
        foreach (var package in packages.OrderBy(package => package.Id, StringComparer.Ordinal))
            table.Add(package.Id, package.Version, package.Obstacle is { } obstacle ? $"to be built: {obstacle}" : package.Status);
        return table.ToString();
    }

    private sealed class Package(string project, IReadOnlyList<ITaskItem> items)
    {
        private bool _begun;

        public string Project => project;

        public string Id { get; } = PackageId.FromProject(project).ToString();

        public string Version => items[0].GetMetadata("PackageVersion");

        public string Platform => items[0].GetMetadata("Platform");

        public IReadOnlyList<string> References => items[0].GetMetadata("References").Split(';', StringSplitOptions.RemoveEmptyEntries);

        /// <summary>With the digests that verified history records.</summary>
        public List<(string Id, Digest Digest)> Images { get; } = [];

        public IReadOnlyList<string> Layouts { get; set; } = [];

        public string Status { get; set; } = "";

        /// <summary>Why it has to be built; null where it has not.</summary>
        public string? Obstacle { get; set; }

        public IEnumerable<ITaskItem> Items => Obstacle is not null ? [] : Images.Zip(Layouts, (image, layout) => new TaskItem(image.Id, new Dictionary<string, string>
        {
            ["Digest"] = image.Digest.ToString(),
            ["Layout"] = layout,
            ["Status"] = Status,
        }));

        public bool Begin() => !_begun && (_begun = true);

        public void Find(SourceHistory history, VerifiedDigests recorded)
        {
            var (path, folder) = (items[0].GetMetadata("Folder").Replace('\\', '/'), Path.GetDirectoryName(project)!);
            var root = path.Split('/').Aggregate(folder, (below, _) => Path.GetDirectoryName(below) ?? below);
            if (!history.Holds(path, folder))
                Obstacle = "its folder is not as verified history has it";
            else if (ProjectText.LentTo(project).FirstOrDefault(lent => !history.Holds(Path.GetRelativePath(root, lent).Replace('\\', '/'), lent)) is { } other)
                Obstacle = $"{Path.GetRelativePath(folder, other)}, which it is lent, is not as verified history has it";
            foreach (var item in items)
                if (recorded.Find(item.GetMetadata("Digests")).File.Find(item.ItemSpec) is { } digest)
                    Images.Add((item.ItemSpec, digest));
                else
                    Obstacle ??= $"{item.ItemSpec} has no digest in verified history";
        }
    }
}
