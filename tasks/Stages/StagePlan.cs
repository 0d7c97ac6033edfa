using StageX.Build.Containerfiles;
using StageX.Build.Images;

namespace StageX.Build.Stages;

/// <summary>
/// What a stage is made of: a root composed from packages (or an earlier stage, or nothing), and the steps on top.
/// <c>FROM stagex/a</c> and the <c>COPY --from=stagex/b / /</c> right below it name the packages of the root: taken as
/// layers instead of being copied, with the same result.
/// </summary>
/// <param name="Stage">The stage as written.</param>
/// <param name="FromStage">The earlier stage that it starts from, or null.</param>
/// <param name="ConfigFrom">The package whose config it inherits, or null.</param>
/// <param name="Members">Ids of the packages that its root is composed of, before their runtime dependencies.</param>
/// <param name="Steps">The instructions that remain.</param>
/// <param name="Takes">
/// What later stages copy out of it, absolute paths; null where its whole root is wanted.
/// </param>
public sealed record StagePlan(
    ContainerStage Stage, string? FromStage, string? ConfigFrom, IReadOnlyList<string> Members,
    IReadOnlyList<Instruction> Steps, IReadOnlyList<string>? Takes)
{
    public string Name => Stage.Name;

    /// <summary>
    /// Whether its steps only relocate folders of other images or of local files: they need no engine. Working directories
    /// count as long as they exist, since WORKDIR makes those that do not; destinations as long as no link of the root leads elsewhere.
    /// </summary>
    /// <param name="kindOf">What the stage's root has at a path, or null.</param>
    /// <param name="copiesLocalFolder">Whether a step copies a folder of local files as every engine does.</param>
    public bool IsCopyOnly(Func<string, EntryKind?> kindOf, Func<Instruction, bool>? copiesLocalFolder = null) => Steps.Where(step => step.AffectsFilesystem).All(step => step.Keyword switch
    {
        "ENV" or "USER" or "SHELL" or "ARG" => true,
        "WORKDIR" => step.Arguments[0].StartsWith('/') && IsPlain(step.Arguments[0], kindOf, missing: false),
        "COPY" when step.CopyFrom is null => copiesLocalFolder?.Invoke(step) == true,
        "COPY" => step is { CopyFrom: not null, Flags.Count: 1, Arguments: [[.., '/'] source, ['/', .., '/'] or "/"] }
            && source.IndexOfAny(['*', '?', '[']) < 0 && IsPlain(step.CopyDestination, kindOf, missing: true),
        _ => false,
    });

    /// <summary>The packages that its steps copy single files from.</summary>
    public IEnumerable<string> CopiedPackages => Steps.Select(step => PackageOf(step.CopyFrom)).OfType<string>().Distinct();

    /// <summary>The earlier stages that it needs.</summary>
    public IEnumerable<string> NeededStages => Steps.Select(step => step.CopyFrom).Append(FromStage).OfType<string>().Where(name => PackageOf(name) is null).Distinct();

    /// <summary>Plans the stages that the targets need, in the order written.</summary>
    public static IReadOnlyList<StagePlan> Plan(Containerfile containerfile, IReadOnlyList<string> targets, string file)
    {
        foreach (var target in targets)
            if (containerfile.Find(target) is null)
                throw new StageXException(ErrorCode.MissingPackageStage, $"there is no stage named {target}", file, containerfile.Stages[^1].Line);
        var plans = new List<StagePlan>();
        for (var i = 0; i < containerfile.Stages.Count; i++)
            plans.Add(Split(containerfile.Stages[i], [.. containerfile.Stages.Take(i).Select(stage => stage.Name)], file));

        var needed = new HashSet<string>(targets, StringComparer.Ordinal);
        foreach (var plan in Enumerable.Reverse(plans).Where(plan => needed.Contains(plan.Name)))
            needed.UnionWith(plan.NeededStages);
        plans = [.. plans.Where(plan => needed.Contains(plan.Name))];
        return [.. plans.Select(plan => plan with { Takes = TakesOf(plan.Name, plans, targets) })];
    }

    /// <summary>The id in <c>stagex/&lt;id&gt;</c> or <c>stagex.invalid/&lt;id&gt;</c>, or null.</summary>
    public static string? PackageOf(string? image)
    {
        foreach (var prefix in new[] { "stagex/", "stagex.invalid/" })
            if (image?.StartsWith(prefix, StringComparison.Ordinal) == true)
                return image[prefix.Length..].Split('@', ':')[0];
        return null;
    }

    private static bool IsPlain(string path, Func<string, EntryKind?> kindOf, bool missing) =>
        EntryPath.Normalize(path) is { } normal && normal == path.Trim('/')
        && EntryPath.Ancestors(normal).Prepend(normal).All(folder => folder.Length == 0 || (kindOf(folder) is { } kind ? kind == EntryKind.Directory : missing));

    private static StagePlan Split(ContainerStage stage, IReadOnlyList<string> earlier, string file)
    {
        var fromStage = earlier.Contains(stage.From) ? stage.From : null;
        var configFrom = PackageOf(stage.From);
        if (fromStage is null && configFrom is null && stage.From != "scratch")
            throw Unknown(stage.From, stage.Line, file);
        var members = configFrom is null ? new List<string>() : [configFrom];
        var root = fromStage is not null ? [] : stage.Instructions.TakeWhile(IsRootMember).ToList();
        members.AddRange(root.Select(instruction => PackageOf(instruction.CopyFrom)!));
        var steps = stage.Instructions.Skip(root.Count).Select(step => Resolve(step, earlier, file)).ToList();
        return new StagePlan(stage, fromStage, configFrom, members, steps, null);
    }

    private static bool IsRootMember(Instruction instruction) =>
        PackageOf(instruction.CopyFrom) is not null && instruction.Flags.Count == 1 && instruction.Arguments is ["/", "/"];

    // Stages can be named by number.
    private static Instruction Resolve(Instruction step, IReadOnlyList<string> earlier, string file)
    {
        if (step.CopyFrom is not { } from || PackageOf(from) is not null)
            return step;
        var name = from.ToLowerInvariant();
        if (!earlier.Contains(name) && int.TryParse(name, out var number) && number >= 0 && number < earlier.Count)
            name = earlier[number];
        if (!earlier.Contains(name))
            throw Unknown(from, step.Line, file);
        return step with { Flags = [.. step.Flags.Select(flag => flag.Name == "from" ? ("from", name) : flag)] };
    }

    private static IReadOnlyList<string>? TakesOf(string name, List<StagePlan> plans, IReadOnlyList<string> targets)
    {
        if (targets.Contains(name) || plans.Any(plan => plan.FromStage == name))
            return null;
        var sources = plans.SelectMany(plan => plan.Steps).Where(step => step.CopyFrom == name).SelectMany(step => step.CopySources)
            .Select(path => "/" + path.Trim('/')).Distinct().Order(StringComparer.Ordinal).ToList();
        return sources.All(IsPart) ? sources : null;
    }

    // Where engines leave traces of their mounts only the whole root shows what was there without them.
    private static bool IsPart(string path) =>
        EntryPath.Normalize(path) is { Length: > 0 } normal && normal.IndexOfAny(['*', '?', '[']) < 0
        && normal != EngineMounts.FilesFolder && !EngineMounts.Contains(normal);

    private static StageXException Unknown(string image, int line, string file) =>
        new(ErrorCode.UnknownImage, $"'{image}' is neither an earlier stage, nor scratch, nor a package (stagex/<id>)", file, line);
}
