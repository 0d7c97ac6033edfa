namespace StageX.Build.Reproducibility;

/// <summary>Says which names stand in only one of two lists, and pairs those that are one thing under two names.</summary>
internal sealed class NameComparison(CauseRules rules, Action<DifferenceKind, string, string?, string?, IReadOnlyList<Cause>> report, int most)
{
    public void Compare(IReadOnlyList<string> first, IReadOnlyList<string> second, string what)
    {
        var (onlyA, onlyB) = (Less(first, second), Less(second, first));
        var left = most;
        while (onlyA.Count > 0 && onlyB.Count > 0 && left > 0)
        {
            // What has most in common is most likely the same thing.
            var a = onlyA[0];
            var b = onlyB.MaxBy(other => InCommon(a, other))!;
            if (InCommon(a, b) * 2 < Math.Min(a.Length, b.Length) && onlyA.Count != onlyB.Count)
                break;
            onlyA.RemoveAt(0);
            onlyB.Remove(b);
            report(DifferenceKind.OnlyInFirst, $"the name of {what}", a, b, rules.OfTexts(a, b));
            left--;
        }
        foreach (var a in onlyA.Take(left))
            report(DifferenceKind.OnlyInFirst, $"{what} that only the first has", a, null, rules.OfPresence(a, inFirst: true));
        left -= onlyA.Count;
        foreach (var b in onlyB.Take(Math.Max(0, left)))
            report(DifferenceKind.OnlyInSecond, $"{what} that only the second has", null, b, rules.OfPresence(b, inFirst: false));
    }

    // As often as it stands there more often.
    private static List<string> Less(IReadOnlyList<string> names, IReadOnlyList<string> others)
    {
        var counts = others.CountBy(name => name).ToDictionary(StringComparer.Ordinal);
        return [.. names.Where(name =>
        {
            var count = counts.GetValueOrDefault(name);
            counts[name] = count - 1;
            return count <= 0;
        })];
    }

    private static int InCommon(string a, string b)
    {
        var start = a.AsSpan().CommonPrefixLength(b);
        var end = 0;
        while (end < Math.Min(a.Length, b.Length) - start && a[^(end + 1)] == b[^(end + 1)])
            end++;
        return start + end;
    }
}
