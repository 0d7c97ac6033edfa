using System.Globalization;

namespace StageX.Build.Benchmarks;

/// <summary>What a benchmark came out with: a ratio of two figures of the same run, and what they were.</summary>
internal sealed record Measured(string Name, double Ratio, string Limit, string What)
{
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Name} ratio {Ratio:0.00}");

    public string Row => string.Create(CultureInfo.InvariantCulture, $"| `{Name}` | {Ratio:0.00} | {Limit} | {What} |");
}

internal static class Timing
{
    /// <summary>The two in turn, after some that are not counted; the median of the pairs' ratios, and of each.</summary>
    public static (double Ratio, double First, double Second) Pairs(int count, Func<double> first, Func<double> second, int notCounted = 1)
    {
        var pairs = new List<(double First, double Second)>();
        for (var i = -notCounted; i < count; i++)
        {
            var pair = (first(), second());
            if (i >= 0)
                pairs.Add(pair);
        }
        return (Median(pairs.Select(pair => pair.First / pair.Second)), Median(pairs.Select(pair => pair.First)), Median(pairs.Select(pair => pair.Second)));
    }

    public static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToList();
        return sorted[sorted.Count / 2];
    }
}
