using System.Text.Json.Nodes;

namespace StageX.Build.Reproducibility;

/// <summary>Why something may differ.</summary>
/// <param name="Variation">Which property of a build's surroundings: one of <see cref="Variations"/>.</param>
/// <param name="Confidence">In percent: from 90 on it is what the two runs are known to have had; from 70 on the whole difference is explained; below that it is a hint.</param>
/// <param name="Reason">What in the two contents says so.</param>
public sealed record Cause(string Variation, int Confidence, string Reason)
{
    internal JsonObject ToJson() => new() { ["variation"] = Variation, ["confidence"] = Confidence, ["reason"] = Reason };

    /// <summary>Each variation once, with its best reason, most likely first.</summary>
    internal static IReadOnlyList<Cause> Ranked(IEnumerable<Cause> causes) => [.. causes
        .GroupBy(cause => cause.Variation)
        .Select(same => same.MaxBy(cause => cause.Confidence)!)
        .OrderByDescending(cause => cause.Confidence).ThenBy(cause => Variations.Rank(cause.Variation))];
}
