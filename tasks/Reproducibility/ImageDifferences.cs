using System.Text;
using System.Text.Json.Nodes;
using StageX.Build.Images;

namespace StageX.Build.Reproducibility;

/// <summary>What differs between two images.</summary>
/// <param name="First">The manifest's digest.</param>
/// <param name="Second">The manifest's digest.</param>
/// <param name="Differences">From the outside in, then by path.</param>
/// <param name="Omitted">Files whose contents differ and were not looked into, since there were too many.</param>
public sealed record ImageDifferences(Digest First, Digest Second, IReadOnlyList<Difference> Differences, int Omitted)
{
    private const int ReportLines = 200;

    /// <summary>Each variation that anything points to, most likely first.</summary>
    public IReadOnlyList<Cause> Causes { get; } = Cause.Ranked(Differences.SelectMany(difference => difference.Causes));

    /// <summary>For machines: the records, as canonical JSON.</summary>
    public byte[] ToJson() => CanonicalJson.Serialize(new JsonObject
    {
        ["first"] = First.ToString(),
        ["second"] = Second.ToString(),
        ["causes"] = new JsonArray([.. Causes.Select(cause => (JsonNode?)cause.ToJson())]),
        ["differences"] = new JsonArray([.. Differences.Select(difference => (JsonNode?)difference.ToJson())]),
        ["omitted"] = Omitted,
    });

    /// <summary>For people: some 200 lines at most.</summary>
    public string ToReport()
    {
        if (First == Second)
            return $"The images are the same: {First}\n";
        var lines = new List<string> { $"first  {First}", $"second {Second}" };
        lines.AddRange(Causes.Count == 0 ? ["likely cause: nothing known"] : Causes.Select((cause, i) => $"{(i == 0 ? "likely cause:" : "         else:")} {cause.Variation} ({cause.Confidence} %): {cause.Reason}"));
        lines.Add("");
        var shown = 0;
        foreach (var difference in Differences)
        {
            var more = Lines(difference).ToList();
            if (lines.Count + more.Count > ReportLines)
                break;
            lines.AddRange(more);
            shown++;
        }
        if (Differences.Count - shown + Omitted is > 0 and var left)
            lines.Add($"… and {left} more");
        return new StringBuilder().AppendJoin('\n', lines).Append('\n').ToString();
    }

    private static IEnumerable<string> Lines(Difference difference)
    {
        var causes = difference.Causes.Count == 0 ? "" : $"  [{string.Join(", ", difference.Causes.Select(cause => cause.Variation))}]";
        yield return $"{difference.Place}: {difference.What}{causes}";
        if (difference.Detail.Count > 0)
        {
            foreach (var line in difference.Detail)
                yield return "  " + line;
            yield break;
        }
        if (difference.First is not null)
            yield return "  - " + difference.First;
        if (difference.Second is not null)
            yield return "  + " + difference.Second;
    }
}
