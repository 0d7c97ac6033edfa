namespace StageX.Build.Reproducibility;

/// <summary>
/// What is known of the surroundings of one run, by <see cref="Variations"/>: its hostname, its kernel's release, its build path.
/// Of <c>date</c> the moment in seconds since 1970, of <c>environment</c> lines <c>NAME=value</c>; of the others texts as a
/// program would print them. Several texts of one variation stand on a line each.
/// </summary>
public sealed class RunFacts(IReadOnlyDictionary<string, string> facts)
{
    /// <summary>Nothing is known.</summary>
    public static RunFacts None { get; } = new(new Dictionary<string, string>());

    internal IReadOnlyList<string> Of(string variation) =>
        facts.TryGetValue(variation, out var text) ? text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) : [];

    /// <summary>Seconds since 1970 at which the run began, or null.</summary>
    internal long? Date => Of(Variations.Date) is [var text, ..] && long.TryParse(text, out var seconds) ? seconds : null;
}
