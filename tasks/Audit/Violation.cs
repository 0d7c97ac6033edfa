using StageX.Build.Images;
using StageX.Build.Packages;

namespace StageX.Build.Audit;

/// <summary>Something in an image that may not be there.</summary>
/// <param name="Code">Of the error.</param>
/// <param name="Rule">The rule's name, by which an exemption excuses it.</param>
/// <param name="Path">The file, or null where it is the image as a whole.</param>
/// <param name="What">What is wrong, and in what words: all of a rule that say the same are one error.</param>
public sealed record Violation(string Code, string Rule, string? Path, string What)
{
    public bool IsExcusedBy(AuditExemption exemption) =>
        Path is not null && exemption.Rules.Contains(Rule) && (Path == exemption.Path[1..] || EntryPath.IsBelow(Path, exemption.Path[1..]));
}
