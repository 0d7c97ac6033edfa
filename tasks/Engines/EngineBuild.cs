namespace StageX.Build.Engines;

/// <summary>One run of a Containerfile.</summary>
public sealed record EngineBuild
{
    /// <summary>Text that every engine understands; images in it are named as in <see cref="Images"/>.</summary>
    public required string Containerfile { get; init; }

    /// <summary>Where COPY takes files from. All of them: ignore files in it mean nothing.</summary>
    public required string ContextFolder { get; init; }

    /// <summary>Where the root filesystem of the last stage goes, as tar. Absent when the build fails.</summary>
    public required string RootFilesystemTar { get; init; }

    /// <summary>Appended: what was run, and everything that the steps print, as it comes.</summary>
    public required string LogFile { get; init; }

    /// <summary>The images that the Containerfile may name; no other is known to it.</summary>
    public IReadOnlyList<EngineImage> Images { get; init; } = [];

    /// <summary>
    /// The device of a terminal at which a person gets a shell where the Containerfile, of one stage then, ends; nothing is handed
    /// over. Null for none.
    /// </summary>
    public string? Terminal { get; init; }

    /// <summary>
    /// Whether programs are loaded at the same addresses each time, for comparison. Only engines that work on this machine itself
    /// can see to that; the others load them where the kernel likes.
    /// </summary>
    public bool FixedAddresses { get; init; }

    /// <summary>
    /// Whether steps write to a tmpfs, for comparison: engines that work on this machine itself can see to that, where
    /// <see cref="EngineSettings.ObstacleToTmpfs"/> says nothing against it.
    /// </summary>
    public bool OnTmpfs { get; init; }

    /// <summary>What messages call this build, e.g. <c>core-zlib build</c>.</summary>
    public required string Label { get; init; }
}
