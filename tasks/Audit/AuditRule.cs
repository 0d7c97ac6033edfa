namespace StageX.Build.Audit;

/// <summary>What holds for every image, besides what the policy says of each <see cref="Trait"/>.</summary>
public static class AuditRule
{
    public const string BuildPath = "build-path", Documentation = "documentation", Damaged = "damaged", LibtoolArchive = "libtool-archive", MissingLibrary = "missing-library", MaximumSize = "maximum-size";

    /// <summary>Those that each file is judged by, whatever the policy says.</summary>
    public static IReadOnlyList<string> OfAllFiles { get; } = [BuildPath, Documentation, Damaged, LibtoolArchive, MissingLibrary];

    /// <summary>Of which a definition can excuse files. Sizes are not among them: the definition states its own.</summary>
    public static IReadOnlyList<string> OfFiles { get; } = [.. OfAllFiles, .. Trait.All.Select(trait => trait.Name)];
}
