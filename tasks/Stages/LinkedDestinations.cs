using StageX.Build.Containerfiles;
using StageX.Build.Images;

namespace StageX.Build.Stages;

/// <summary>
/// <c>COPY file /link</c>: BuildKit writes what the symbolic link leads to, other engines put the file in the link's place. Where
/// it is known what the destination is, the instruction is given the name of what is written. What a command or a copied
/// tree may have made a link is not known: there the stage is run in parts.
/// </summary>
internal static class LinkedDestinations
{
    /// <summary>How many steps may be run before the files are looked at, because one copies to where an earlier one may have put a link.</summary>
    /// <param name="steps">The steps, of which at least the first is run.</param>
    /// <param name="workingFolder">Where they begin.</param>
    /// <param name="linksIn">Paths of the links among what a step copies, or null where they are not known.</param>
    public static int Known(IReadOnlyList<Instruction> steps, string workingFolder, Func<Instruction, IReadOnlyList<string>?> linksIn)
    {
        var hasRun = false;
        var copied = new List<(string To, IReadOnlyList<string>? Links)>();
        for (var i = 0; i < steps.Count; i++)
        {
            var step = steps[i];
            switch (step.Keyword)
            {
                case "RUN":
                    hasRun = true;
                    break;
                case "WORKDIR":
                    workingFolder = EntryPath.Resolve(workingFolder, step.Arguments[0]);
                    break;
                case "COPY":
                    var to = EntryPath.Resolve(workingFolder, step.CopyDestination);
                    if (IsOne(step) && (hasRun || copied.Any(copy => MayLink(copy.To, copy.Links, to))))
                        return i;
                    copied.Add((to, linksIn(step)));
                    break;
            }
        }
        return steps.Count;
    }

    /// <summary>The steps with each copy onto a link going to what that leads to.</summary>
    /// <param name="steps">The steps.</param>
    /// <param name="workingFolder">Where they begin.</param>
    /// <param name="root">What the root has at a path, or null.</param>
    public static IReadOnlyList<Instruction> Follow(IReadOnlyList<Instruction> steps, string workingFolder, Func<string, LayerEntry?> root)
    {
        var followed = new List<Instruction>();
        foreach (var step in steps)
        {
            if (step.Keyword == "WORKDIR")
                workingFolder = EntryPath.Resolve(workingFolder, step.Arguments[0]);
            var linked = step.Keyword == "COPY" && IsOne(step) && Leads(EntryPath.Resolve(workingFolder, step.CopyDestination), root) is { } path ? path : null;
            followed.Add(linked is null ? step : step with { Arguments = [.. step.CopySources, "/" + linked] });
        }
        return followed;
    }

    // To a folder it is an entry in that.
    private static bool IsOne(Instruction step) => step.Arguments.Count == 2 && EntryPath.Name(step.CopyDestination) is not ("" or "." or "..");

    private static bool MayLink(string to, IReadOnlyList<string>? links, string path) =>
        links is not { Count: 0 } && (path == to || (EntryPath.IsBelow(path, to) && (links is null
            || links.Any(link => ("/" + link).EndsWith("/" + (to.Length == 0 ? path : path[(to.Length + 1)..]), StringComparison.Ordinal)))));

    // Where a link at the path leads; null where there is none, or it leads to a folder, which all engines enter. In a circle:
    // whatever the engine says to that.
    private static string? Leads(string path, Func<string, LayerEntry?> root)
    {
        string? LinkAt(string at) => root(at) is { Kind: EntryKind.SymbolicLink } link ? link.LinkTarget : null;
        return EntryPath.Follow(EntryPath.Parent(path), LinkAt) is { } folder && LinkAt(EntryPath.Join(folder, EntryPath.Name(path))) is not null
            && EntryPath.Follow(path, LinkAt) is { Length: > 0 } end && root(end)?.Kind != EntryKind.Directory ? end : null;
    }
}
