namespace StageX.Build.AtWork;

/// <summary>What is known of a package where nothing is evaluated or built: what its project's text says, and what builds left.</summary>
public sealed record PackageFacts
{
    public required string Id { get; init; }

    /// <summary>Empty where only MSBuild could tell, as the next two.</summary>
    public string Version { get; init; } = "";
    public string Description { get; init; } = "";
    public string License { get; init; } = "";

    /// <summary>Of its images, the main one first.</summary>
    public IReadOnlyList<ImageFact> Images { get; init; } = [];

    /// <summary>Lines of source that it brings, as VerifyBootstrap counted them; null where it did not, or something changed since.</summary>
    public long? Lines { get; init; }

    /// <summary>Lines that tools generated, counted with <see cref="Lines"/> and not among them.</summary>
    public long GeneratedLines { get; init; }

    /// <summary>Bytes of its sources as they are fetched, and of its own files; null where a source is not here.</summary>
    public long? Bytes { get; init; }

    /// <summary>Whether it was built here, if only from results that were there.</summary>
    public bool IsBuilt { get; init; }

    /// <summary>How long its stages ran, whoever on this machine built them; null where nobody kept it.</summary>
    public TimeSpan? Time { get; init; }
}

/// <summary>A digest that an image has, and who says so.</summary>
/// <param name="Image">The id of the image: the package's, or a subpackage's.</param>
/// <param name="Digest">The manifest's digest.</param>
/// <param name="Origin">Such as "recorded", "built here".</param>
public sealed record ImageFact(string Image, Digest Digest, string Origin);
