using System.Text;
using StageX.Build.Containerfiles;
using StageX.Build.Images;

namespace StageX.Build.Stages;

/// <summary>Writes planned stages as text: for the engine, one stage at a time; and for people, the whole package.</summary>
public static class ContainerfileRenderer
{
    /// <summary>
    /// One stage for the engine, its root a ready image; then, where later stages take only parts, a stage of those parts.
    /// </summary>
    /// <param name="plan">The stage.</param>
    /// <param name="root">The reference of the image that it starts from, or null for scratch.</param>
    /// <param name="inherited">The config of that image.</param>
    /// <param name="reference">The image reference of a stage or package that a step copies from.</param>
    /// <param name="wrapper">What starts every command, with the reference of its image, or null.</param>
    /// <param name="runs">Whether something is run in it though none of its steps does.</param>
    public static string ForEngine(
        StagePlan plan, string? root, ImageConfig inherited, Func<string, string> reference, (StepWrapper Program, string Image)? wrapper = null, bool runs = false)
    {
        var text = new StringBuilder();
        text.Append($"FROM {root ?? "scratch"} AS {StageName(plan.Name)}\n");
        if (root is null)
            WriteConfig(text, inherited);
        var steps = plan.Steps.Where(step => step.AffectsFilesystem).SelectMany(ForEngine);
        WriteSteps(text, runs || Runs(plan), wrapper is var (program, image) ? steps.Select(step => Wrapped(step, program, image)) : steps, inherited, reference);
        if (plan.Takes is { } takes)
        {
            text.Append("\nFROM scratch\n");
            foreach (var path in takes)
                text.Append(new Instruction("COPY", [("from", StageName(plan.Name))], [path, path], false, 0)).Append('\n');
        }
        return text.ToString();
    }

    /// <summary>The whole package, its dependencies under the names that no registry answers.</summary>
    public static string ForPeople(string heading, IReadOnlyList<StagePlan> plans, Func<StagePlan, ImageConfig> inherited, Func<StagePlan, IEnumerable<string>> members)
    {
        var text = new StringBuilder(heading);
        foreach (var plan in plans)
        {
            text.Append($"\nFROM {(plan.FromStage is { } from ? StageName(from) : plan.ConfigFrom is null ? "scratch" : NameOf(plan.ConfigFrom))} AS {StageName(plan.Name)}\n");
            foreach (var member in members(plan).Where(member => member != plan.ConfigFrom))
                text.Append($"COPY --from={NameOf(member)} / /\n");
            WriteSteps(text, Runs(plan), plan.Steps, inherited(plan), from => StagePlan.PackageOf(from) is { } id ? NameOf(id) : StageName(from));
        }
        return text.ToString();
    }

    /// <summary>A name under which only a build of ours makes an image known.</summary>
    public static string NameOf(string id) => "stagex.invalid/" + id;

    // The words of the command are the wrapper's arguments, whatever form it has.
    private static Instruction Wrapped(Instruction step, StepWrapper wrapper, string image) => step.Keyword != "RUN" ? step : step with
    {
        Flags = [.. step.Flags, ("mount", $"type=bind,from={image},source={Path.GetDirectoryName(wrapper.Program)},target={StepWrapper.Folder}")],
        Arguments = [$"{StepWrapper.Folder}/{Path.GetFileName(wrapper.Program)}", .. wrapper.Arguments, "--", .. step.CommandLine],
        IsExec = true,
    };

    // Where an argument and a variable have one name, engines do not agree on which counts; the image's config is not theirs.
    private static IEnumerable<Instruction> ForEngine(Instruction step) =>
        step.Keyword != "ARG" ? [step] : step.Arguments.Count == 2 ? [step with { Keyword = "ENV" }] : [];

    // One without a name is numbered, which is no name in an engine's eyes.
    private static string StageName(string name) => char.IsAsciiDigit(name[0]) ? "stage" + name : name;

    // A stage without files is no image that an engine could start from, but what it set holds all the same.
    private static void WriteConfig(StringBuilder text, ImageConfig config)
    {
        if (config.Environment.Count > 0)
            text.Append(new Instruction("ENV", [], [.. config.Environment.SelectMany(variable => variable.Split('=', 2))], false, 0)).Append('\n');
        if (config.User.Length > 0)
            text.Append(new Instruction("USER", [], [config.User], false, 0)).Append('\n');
    }

    private static bool Runs(StagePlan plan) => plan.Steps.Any(step => step.Keyword == "RUN");

    private static void WriteSteps(StringBuilder text, bool runs, IEnumerable<Instruction> steps, ImageConfig inherited, Func<string, string> reference)
    {
        if (runs)
        {
            var given = inherited.Environment.Select(variable => variable.Split('=')[0]).ToHashSet();
            var missing = StepEnvironment.Variables.Where(variable => !given.Contains(variable.Name)).Select(variable => $"{variable.Name}={variable.Value}").ToList();
            if (missing.Count > 0)
                text.Append($"ENV {string.Join(' ', missing)}\n");
        }
        foreach (var step in steps)
        {
            var rendered = step.CopyFrom is { } from
                ? step with { Flags = [.. step.Flags.Select(flag => flag.Name == "from" ? ("from", reference(from)) : flag)] }
                // Some engines run every shell form with the usual shell.
                : step.Keyword == "RUN" ? step with { Arguments = step.CommandLine, IsExec = true } : step;
            text.Append(rendered).Append('\n');
        }
    }
}
