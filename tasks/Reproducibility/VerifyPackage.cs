using System.Diagnostics;
using System.Globalization;
using Microsoft.Build.Framework;
using Microsoft.Build.Utilities;
using StageX.Build.Packages;
using StageX.Build.Stages;

namespace StageX.Build.Reproducibility;

/// <summary>Rebuilds a package in other surroundings, and compares.</summary>
public sealed class VerifyPackage : PackageTask
{
    /// <summary>The images that the build of this package returned.</summary>
    [Required]
    public required ITaskItem[] Images { get; set; }

    /// <summary>What to vary (StageXVerifyVariations).</summary>
    public string Variations { get; set; } = "";

    /// <summary>The OCI layout of the image with the program vary; where there is none, what it varies is not varied.</summary>
    public string Tool { get; set; } = "";

    /// <summary>Whether it is part of a tree's run: what passed in it before it was interrupted is not done again.</summary>
    public bool Resume { get; set; }

    /// <summary>Do it again all the same (StageXVerifyForce).</summary>
    public bool Force { get; set; }

    /// <summary>The images, if they are reproducible, with Digest, Record (a file), Varied, NotVaried (names), Status and Seconds.</summary>
    [Output]
    public ITaskItem[] Verified { get; private set; } = [];

    protected override string FailureFile => FailureRecord.FileFor(Path.GetFullPath(Artifacts), Project);

    protected override void Run()
    {
        var engine = (IBuildEngine3)BuildEngine;
        engine.Yield();
        try
        {
            using var place = VerifyPlace.Take(Path.GetFullPath(Artifacts), Cancellation);
            RunInPlace();
        }
        finally
        {
            engine.Reacquire();
        }
    }

    private void RunInPlace()
    {
        if (Images.FirstOrDefault(image => image.GetMetadata("Status") == FetchedPackage.Status) is { } fetched)
            throw new StageXException(ErrorCode.ImageFetched, $"{fetched.ItemSpec} was fetched, and what is verified is a build on this machine: build it with -t:Rebuild", Project);
        var watch = Stopwatch.StartNew();
        var choice = VariationChoice.Parse(Variations);
        var package = ReadDefinition();
        var (record, done) = new Verification
        {
            Package = package,
            Dependencies = ReadDependencies(package),
            Environment = Environment,
            Settings = EngineSettings,
            Choice = choice,
            Built = [.. Images.Select(image => (image.ItemSpec, Digest.Parse(image.GetMetadata("Digest")), image.GetMetadata("Layout")))],
            Tool = Directory.Exists(Tool) ? Path.TrimEndingDirectorySeparator(Path.GetFullPath(Tool)) : null,
            Run = Resume ? new VerifyRun(Path.GetFullPath(Artifacts)).Join(Cancellation) : 0,
            Force = Force,
        }.Verify(Cancellation);

        var notVaried = record.NotVaried;
        BuildLog.Milestone($"{package.Id}: {(done ? "reproducible" : "was found reproducible before this run was interrupted")}, {record.Varied.Count} varied"
            + string.Concat(notVaried.GroupBy(pair => pair.Why).Select(group => $"\n  not varied: {string.Join(", ", group.Select(pair => pair.Name))}: {group.Key}")));
        if (record.Alone.Count > 0)
            BuildLog.Milestone(MatrixOf(package.Id.ToString(), record));
        Verified = [.. Images.Select(image => new TaskItem(image.ItemSpec, new Dictionary<string, string>
        {
            ["Digest"] = image.GetMetadata("Digest"),
            ["Record"] = VerifyRecord.FileFor(Path.GetFullPath(Artifacts), package.Id.ToString()),
            ["Varied"] = string.Join(' ', record.Varied),
            ["NotVaried"] = string.Join(' ', notVaried.Select(pair => pair.Name)),
            ["Status"] = done ? "verified" : "verified before",
            ["Seconds"] = watch.Elapsed.TotalSeconds.ToString("0.0", CultureInfo.InvariantCulture),
        }))];
    }

    private static string MatrixOf(string id, VerifyRecord record)
    {
        var table = new TextTable(id, "alone", "how");
        foreach (var variation in Variation.All)
            if (record.Alone.TryGetValue(variation.Name, out var result))
                table.Add(variation.Name, result, record.How(variation.Name));
            else
                table.Add(variation.Name, "not varied", record.NotVaried.FirstOrDefault(pair => pair.Name == variation.Name).Why ?? "");
        if (record.Alone.TryGetValue(VerifyMatrix.OneProcessor, out var one))
            table.Add(VerifyMatrix.OneProcessor, one, "steps see one, and are told to run one job");
        return table.ToString();
    }
}
