using System.Text.RegularExpressions;
using StageX.Build.Containerfiles;

namespace StageX.Build.Stages;

/// <summary>
/// Moves the folder in which the commands of a stage work, to find out whether what they make depends on it. That is fair only
/// where neither the recipe nor what is taken of the stage names that folder.
/// </summary>
public static partial class WorkingFolder
{
    /// <summary>What stands before the path of the folder then.</summary>
    public const string Elsewhere = "/verify/in/another/folder";

    private const long LargestText = 1 << 20;

    // Scripts are started, and find the number of jobs, by their paths, which are not the working folder's business.
    private const string InputsFolder = "/stagex";

    /// <summary>The stage with its working folder elsewhere, or null where that cannot be.</summary>
    /// <param name="plan">The stage.</param>
    /// <param name="context">What its steps copy.</param>
    /// <param name="isThere">Whether the stage's root has something at a path (without the leading slash).</param>
    public static StagePlan? Move(StagePlan plan, BuildContext context, Func<string, bool> isThere)
    {
        if (plan.FromStage is not null || plan.Takes is null)
            return null;
        var beforeRun = plan.Steps.TakeWhile(step => step.Keyword != "RUN").ToList();
        if (beforeRun.Count == plan.Steps.Count || beforeRun.LastOrDefault(step => step.Keyword == "WORKDIR")?.Arguments[0] is not ['/', _, ..] folder)
            return null;
        var texts = TextsOf(plan, context).ToList();
        if (folder == InputsFolder)
            return isThere(InputsFolder[1..]) || texts.Any(text => Names(OwnPath().Replace(text, ""), folder)) ? null : WithCopies(plan, folder);
        // The one above all that is copied, as a recipe with several sources finds one from the other.
        var top = "/" + folder.Split('/', StringSplitOptions.RemoveEmptyEntries)[0];
        return new[] { top, folder }.FirstOrDefault(path => !isThere(path[1..]) && !texts.Any(text => Names(text, path))) is { } free ? WithRenamed(plan, free) : null;
    }

    private static StagePlan WithRenamed(StagePlan plan, string folder) => plan with
    {
        Steps = [.. plan.Steps.Select(step => step.Keyword is "WORKDIR" or "COPY" or "ADD" && IsAtOrBelow(step.Arguments[^1], folder)
            ? step with { Arguments = [.. step.Arguments.SkipLast(1), Elsewhere + step.Arguments[^1]] }
            : step)],
    };

    // What is delivered stays where it is, and is in the other folder as well.
    private static StagePlan WithCopies(StagePlan plan, string folder) => plan with
    {
        Steps = [.. plan.Steps.SelectMany(step => step.Keyword switch
        {
            "COPY" when step.CopyFrom is null && IsAtOrBelow(step.CopyDestination, folder) =>
                new[] { step, step with { Arguments = [.. step.CopySources, Elsewhere + step.CopyDestination] } },
            "WORKDIR" when IsAtOrBelow(step.Arguments[0], folder) => [step with { Arguments = [Elsewhere + step.Arguments[0]] }],
            _ => [step],
        })],
    };

    private static IEnumerable<string> TextsOf(StagePlan plan, BuildContext context)
    {
        foreach (var step in plan.Steps)
            if (step.Keyword is "COPY" or "ADD")
            {
                if (step.CopyFrom is null)
                    foreach (var file in step.CopySources.SelectMany(source => context.Match(source).Entries).Select(entry => entry.LocalFile).OfType<string>())
                        if (new FileInfo(file).Length <= LargestText)
                            yield return File.ReadAllText(file, System.Text.Encoding.Latin1);
            }
            else if (step.Keyword != "WORKDIR")
                foreach (var argument in step.Arguments)
                    yield return argument;
        foreach (var path in plan.Takes!)
            yield return path;
    }

    // As a path of its own: /src in lib/src is something else.
    private static bool Names(string text, string folder)
    {
        for (var at = text.IndexOf(folder, StringComparison.Ordinal); at >= 0; at = text.IndexOf(folder, at + 1, StringComparison.Ordinal))
            if ((at == 0 || !IsInName(text[at - 1])) && (at + folder.Length == text.Length || !IsInName(text[at + folder.Length])))
                return true;
        return false;
    }

    private static bool IsInName(char c) => char.IsAsciiLetterOrDigit(c) || c is '_' or '-' or '.' or '}' or ')';

    private static bool IsAtOrBelow(string path, string folder) => path.TrimEnd('/') == folder || path.StartsWith(folder + "/", StringComparison.Ordinal);

    [GeneratedRegex(@"/stagex/(jobs\b|[^/\s]+$)", RegexOptions.CultureInvariant)]
    private static partial Regex OwnPath();
}
