using System.Globalization;

namespace StageX.Build.Reproducibility;

/// <summary>What an experiment came to.</summary>
/// <param name="Causes">The variations that are responsible: each by itself, or several that only together make a difference.</param>
/// <param name="ByItself">What it is that differs with nothing varied, or null.</param>
/// <param name="Builds">How many rebuilds it took.</param>
public sealed record Verdict(IReadOnlyList<IReadOnlyList<string>> Causes, string? ByItself, int Builds)
{
    /// <summary>A line for people.</summary>
    public string Text =>
        (ByItself is not null ? $"none: differs by itself ({ByItself})"
        : Causes.Count == 0 ? "none: no variation makes a difference where all else is held"
        : string.Join(", ", Causes.Select(together => string.Join(" with ", together))))
        + string.Create(CultureInfo.InvariantCulture, $", by {Builds} rebuilds");
}
