namespace StageX.Build.Stages;

/// <summary>
/// What is different for the steps of a build whose result must not differ: the number of jobs they are told, the folder they
/// work in, the program that each command runs under. Nothing of it is part of a key, of an image or of its config.
/// </summary>
public sealed record StepConditions
{
    /// <summary>As the contract of a step says.</summary>
    public static StepConditions Usual { get; } = new();

    /// <summary>The number of jobs that scripts are told, or null for that of the machine's processors.</summary>
    public int? Jobs { get; init; }

    /// <summary>Whether steps work in another folder, where nothing names the one that they would work in.</summary>
    public bool OtherFolder { get; init; }

    /// <summary>Whether programs are loaded at the same addresses each time, where the engine can see to that.</summary>
    public bool FixedAddresses { get; init; }

    /// <summary>Whether steps write to a tmpfs, where the engine can see to that.</summary>
    public bool OnTmpfs { get; init; }

    /// <summary>What every command of a step is started by, or null.</summary>
    public StepWrapper? Wrapper { get; init; }
}

/// <summary>
/// A program that starts the commands of steps. It is mounted while a command runs, on the file system that engines make for
/// devices, so that it leaves no trace in the root.
/// </summary>
/// <param name="Layout">The OCI layout of the image that has it.</param>
/// <param name="Program">Its absolute path in there; it needs nothing else of that image.</param>
/// <param name="Arguments">What it is given before <c>--</c> and the command.</param>
public sealed record StepWrapper(string Layout, string Program, IReadOnlyList<string> Arguments)
{
    /// <summary>Where it is mounted.</summary>
    public const string Folder = "/dev/stagex";
}
