using System.Globalization;
using Microsoft.Build.Framework;
using Microsoft.Build.Utilities;
using StageX.Build.Images;
using StageX.Build.Packages;
using StageX.Build.Stages;

namespace StageX.Build.Audit;

/// <summary>Takes the inventory of a package's images, prints it, and refuses what the definition and the policy do not allow.</summary>
public sealed class AuditPackage : PackageTask
{
    // So many files stand in a message; the inventory has the rest.
    private const int MostFiles = 20;

    /// <summary>The package's built images.</summary>
    [Required]
    public required ITaskItem[] Images { get; set; }

    /// <summary>The folder of the tree (StageXRoot), which no image may name.</summary>
    [Required]
    public required string Root { get; set; }

    /// <summary>The policy file (StageXAuditPolicy); none where nothing is demanded.</summary>
    public string Policy { get; set; } = "";

    /// <summary>An item for each image: Files, Bytes, Executables (numbers), MaximumSize, Inventory (the file).</summary>
    [Output]
    public ITaskItem[] Audited { get; private set; } = [];

    protected override void Run()
    {
        var package = ReadDefinition();
        CheckExemptions(package);
        var policy = Policy.Length > 0 ? AuditPolicy.Read(Path.GetFullPath(Policy)) : AuditPolicy.None;
        var layers = Environment.Stages.Layers;
        var dependencies = ReadDependencies(package);
        var others = dependencies.All.SelectMany(dependency => dependency.Image.Layers).Distinct().SelectMany(layers.EntriesOf).ToHashSet();
        var audit = new ImageAudit(policy, BuildPaths(package));
        var (audited, violations) = (new List<ITaskItem>(), new List<(string Image, Violation Violation)>());
        foreach (var image in Images)
        {
            var built = ImageLayout.Import(image.GetMetadata("Layout"), layers).Image;
            using var files = RootFilesystem.FromLayers(built.Layers, layers);
            var runtime = dependencies.RuntimeClosure(Dependency.RuntimeOf(built)).SelectMany(needed => FileTree.Merge(needed.Image.Layers.Select(layers.EntriesOf)).Entries());
            var (inventory, found) = audit.Look(image.ItemSpec, files, others, runtime, Cancellation);
            violations.AddRange(found.Concat(JudgeSize(package, policy, inventory)).Select(violation => (image.ItemSpec, violation)));
            audited.Add(Report(package, inventory));
        }
        Audited = [.. audited];
        Refuse(package, policy, violations);
    }

    private void CheckExemptions(PackageDefinition package)
    {
        foreach (var exemption in package.Exemptions)
            if (exemption.Rules.Count == 0 || exemption.Rules.Except(AuditRule.OfFiles).Any())
                throw new StageXException(ErrorCode.InvalidMetadata, $"the Rules of an AuditExemption are among {string.Join(", ", AuditRule.OfFiles)}, not '{string.Join(';', exemption.Rules)}'", Project)
                {
                    Item = ("AuditExemption", exemption.Path),
                };
    }

    // Where steps work, and where the machine keeps what they are given. What every machine has (/root, /home) says nothing.
    private IEnumerable<string> BuildPaths(PackageDefinition package) =>
    [
        "/stagex", "/rootfs", .. package.Sources.Select(source => $"/src/{source.Name}"),
        .. new[] { Root, Cache, System.Environment.GetFolderPath(System.Environment.SpecialFolder.UserProfile) }
            .Where(folder => folder.Length > 0).Select(folder => Path.GetFullPath(folder).TrimEnd(Path.DirectorySeparatorChar)).Where(folder => folder.Count(c => c is '/' or '\\') > 1),
    ];

    private static IEnumerable<Violation> JudgeSize(PackageDefinition package, AuditPolicy policy, Inventory inventory)
    {
        Violation Larger(long allowed, string where) => new(ErrorCode.ImageTooLarge, AuditRule.MaximumSize, null, string.Create(CultureInfo.InvariantCulture,
            $"{inventory.Image} has {inventory.Bytes:N0} bytes in its files, {inventory.Bytes - allowed:N0} more than {where} allows; find out what grew, or state a larger size"));
        if (package.MaximumSizes.TryGetValue(inventory.Image, out var stated))
        {
            if (inventory.Bytes > stated)
                yield return Larger(stated, "its MaximumSize");
        }
        // What states its own is known to be large.
        else if (inventory.Bytes > policy.MaximumSize)
            yield return Larger(policy.MaximumSize.Value, "the policy");
    }

    private TaskItem Report(PackageDefinition package, Inventory inventory)
    {
        var file = Path.Combine(Path.GetFullPath(Artifacts), "audit", inventory.Image + ".json");
        AtomicFile.Write(file, inventory.ToJson());
        BuildLog.Milestone($"{inventory.Image}: {inventory.Files} files, {inventory.Bytes} bytes, {inventory.Executables.Count} executables");
        if (inventory.ToTable() is { Length: > 0 } table)
            BuildLog.Milestone(table);
        return new TaskItem(inventory.Image, new Dictionary<string, string>
        {
            ["Files"] = inventory.Files.ToString(CultureInfo.InvariantCulture),
            ["Bytes"] = inventory.Bytes.ToString(CultureInfo.InvariantCulture),
            ["Executables"] = inventory.Executables.Count.ToString(CultureInfo.InvariantCulture),
            ["MaximumSize"] = package.MaximumSizes.TryGetValue(inventory.Image, out var size) ? size.ToString(CultureInfo.InvariantCulture) : "",
            ["Inventory"] = file,
        });
    }

    private void Refuse(PackageDefinition package, AuditPolicy policy, List<(string Image, Violation Violation)> violations)
    {
        var excused = package.Exemptions.ToDictionary(exemption => exemption, exemption => violations.Where(found => found.Violation.IsExcusedBy(exemption)).ToList());
        var errors = violations.Except(excused.Values.SelectMany(found => found))
            .GroupBy(found => (found.Image, found.Violation.Code, found.Violation.Rule, found.Violation.What))
            .Select(group => new StageXException(group.Key.Code, Message(group.Key.Image, group.Key.Code, group.Key.Rule, group.Key.What, [.. group.Select(found => found.Violation.Path)]), Project)).ToList();
        // One that is for what this policy does not demand may be for another.
        var judged = policy.Traits.Select(trait => trait.Name).Concat(AuditRule.OfAllFiles).ToHashSet(StringComparer.Ordinal);
        foreach (var exemption in package.Exemptions)
            if (exemption.Rules.FirstOrDefault(rule => judged.Contains(rule) && !excused[exemption].Any(found => found.Violation.Rule == rule)) is { } stale)
                errors.Add(new StageXException(ErrorCode.StaleExemption, $"there is nothing at {exemption.Path} that '{stale}' would refuse; remove it from the AuditExemption", Project) { Item = ("AuditExemption", exemption.Path) });
        if (errors.Count > 0)
            throw new AggregateException(errors);
    }

    private static string Message(string image, string code, string rule, string what, IReadOnlyList<string?> paths) =>
        code == ErrorCode.ImageTooLarge ? what : $"""
            {image} has {paths.Count} {(paths.Count == 1 ? "file" : "files")} {code switch
            {
                ErrorCode.BuildPathInImage => $"{what}, a folder of the build; mend what writes it",
                ErrorCode.DocumentationInImage => $"{what}, documentation; remove it in the step that installs it",
                ErrorCode.DamagedExecutable => $"that cannot be read: {what}; remove what is damaged",
                ErrorCode.MissingLibrary => $"{what}, which is neither there nor in what {image} needs when it runs, and would not start in an image composed of it; reference the package that has it with Runtime=\"true\"",
                _ => $"of which {what}; build it otherwise",
            }}, or declare an AuditExemption with the rule '{rule}':
            {string.Join('\n', paths.Take(MostFiles).Select(path => "/" + path))}{(paths.Count > MostFiles ? $"\nand {paths.Count - MostFiles} more" : "")}
            """;
}
