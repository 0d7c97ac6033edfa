namespace StageX.Build.Reproducibility;

/// <summary>What a package and a machine have to vary.</summary>
public sealed record Surroundings
{
    /// <summary>The engine whose turn it is, and that of the build; the same where it has no other.</summary>
    public required string Engine { get; init; }

    /// <summary>The engine that builds use here.</summary>
    public required string UsualEngine { get; init; }

    /// <summary>Why the engine's turn changes nothing, or null.</summary>
    public string? NoOtherEngine { get; init; }

    /// <summary>Why steps cannot write to another file system than usual, or null.</summary>
    public string? NoOtherFileSystem { get; init; }

    /// <summary>Whether a stage of the package needs an engine.</summary>
    public required bool UsesEngine { get; init; }

    /// <summary>Whether a step of the package runs anything.</summary>
    public required bool Runs { get; init; }

    /// <summary>Whether a step of the package is told how many jobs it may run.</summary>
    public required bool ReadsJobs { get; init; }

    /// <summary>The OCI layout of the image with the program that varies what a step sees, or null.</summary>
    public string? Tool { get; init; }

    /// <summary>The program's path in that image.</summary>
    public string ToolProgram { get; init; } = "";

    /// <summary>Why that program is not at hand, or null.</summary>
    public string? NoTool { get; init; }

    /// <summary>What that program could not vary here, each with what it said.</summary>
    public IReadOnlyDictionary<string, string> Refused { get; init; } = new Dictionary<string, string>();

    /// <summary>A locale that the roots of the steps have, besides C.</summary>
    public string Locale { get; init; } = "C.UTF-8";

    /// <summary>What is known of the usual build, for the comparison.</summary>
    public RunFacts UsualFacts(IEnumerable<Variation> varied) => new(varied.Where(variation => variation.Fact(this) is not null).ToDictionary(variation => variation.Name, variation => variation.Fact(this)!.Value.Usual));

    /// <summary>What is known of the rebuild.</summary>
    public RunFacts ChangedFacts(IEnumerable<Variation> varied) => new(varied.Where(variation => variation.Fact(this) is not null).ToDictionary(variation => variation.Name, variation => variation.Fact(this)!.Value.Changed));

    /// <summary>Whether the kernel loads programs at other addresses each time.</summary>
    public bool RandomAddresses { get; init; } = true;

    /// <summary>The release of the kernel.</summary>
    public string Kernel { get; init; } = "";

    /// <summary>When the usual build was, and when the rebuild is, in seconds since 1970.</summary>
    public long Built { get; init; }

    /// <inheritdoc cref="Built"/>
    public long Now { get; init; }

    /// <summary>The processors of this machine.</summary>
    public int Processors { get; init; } = Environment.ProcessorCount;
}
