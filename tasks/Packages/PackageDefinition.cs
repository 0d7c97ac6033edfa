using StageX.Build.Images;
using StageX.Build.Sources;

namespace StageX.Build.Packages;

/// <summary>A package as its project file defines it: validated, nothing resolved or read yet.</summary>
public sealed record PackageDefinition
{
    /// <summary>The target stage that takes what the tests wrote.</summary>
    public const string TestResults = "test-results";

    /// <summary>Delivered to each script beside its inputs: how many jobs it may run at once.</summary>
    public const string JobsFile = "jobs";

    public required PackageId Id { get; init; }
    public required UpstreamVersion Version { get; init; }
    public required string ProjectFile { get; init; }
    public string Folder => Path.GetDirectoryName(ProjectFile)!;
    public string Description { get; init; } = "";
    public string License { get; init; } = "";
    public string ProjectUrl { get; init; } = "";
    public string Platform { get; init; } = "linux/amd64";

    public IReadOnlyList<Source> Sources { get; init; } = [];
    public IReadOnlyList<Reference> References { get; init; } = [];
    public IReadOnlyList<StageDefinition> Stages { get; init; } = [];
    public IReadOnlyList<InputFile> Inputs { get; init; } = [];

    /// <summary>Files that are code and no source: the one that everything is built from.</summary>
    public IReadOnlyList<string> Seeds { get; init; } = [];

    /// <summary>Files whose bytes are written in hexadecimal, each explained.</summary>
    public IReadOnlyList<string> Pages { get; init; } = [];

    /// <summary>Files that a tool generated from what is not there.</summary>
    public IReadOnlyList<string> Generated { get; init; } = [];

    /// <summary>One of the stages as it is run in a foreign root, for comparison; or null.</summary>
    public StageDefinition? Diverse { get; init; }

    /// <summary>The stage that runs the package's own tests on top of its last one, or null. It is part of no image.</summary>
    public StageDefinition? Test { get; init; }

    /// <summary>Whether the tests are run, to an image of their own beside those of the package.</summary>
    public bool RunsTests { get; init; }

    public IReadOnlyList<KnownFailure> KnownFailures { get; init; } = [];

    /// <summary>What an audit lets pass.</summary>
    public IReadOnlyList<AuditExemption> Exemptions { get; init; } = [];

    /// <summary>How many bytes the files of an image may have, by its id; those that say nothing are not listed.</summary>
    public IReadOnlyDictionary<string, long> MaximumSizes { get; init; } = new Dictionary<string, long>();

    public IReadOnlyList<ContentEntry> Content { get; init; } = [];
    public IReadOnlyList<string> Subpackages { get; init; } = [];

    /// <summary>What the definition's Container… items and properties say; a hand-written Containerfile says it itself.</summary>
    public ImageConfig Config { get; init; } = ImageConfig.Empty;

    /// <summary>The hand-written Containerfile, or null where one is generated.</summary>
    public string? Containerfile { get; init; }

    /// <summary>Whether a package lies below the image that is made from a target stage.</summary>
    public bool IsBelow(Reference reference, string target) =>
        reference.Stages.Contains(target) || (reference.Stages.Count == 0 && (Stages.Count == 0 || reference.Base));

    /// <summary>The package's files that a stage finds in its folder: inputs, then the script.</summary>
    public IReadOnlyList<string> FilesOf(StageDefinition stage) =>
        [.. Inputs.Where(input => input.Stages.Count == 0 || input.Stages.Contains(stage.Name)).Select(input => input.Path)
            .Concat(stage.Script is null ? [] : [stage.Script]).Distinct()];

    /// <summary>The main image, then each subpackage: (id, target stage).</summary>
    public IEnumerable<(string Id, string Target)> Images =>
        Subpackages.Select(name => (Id.Subpackage(name), "package-" + name)).Prepend((Id.ToString(), "package"));

    /// <summary>These, and after them what the tests wrote where they are run.</summary>
    public IEnumerable<(string Id, string Target)> Targets => RunsTests ? Images.Append((Id.Subpackage(TestResults), TestResults)) : Images;
}

/// <summary>A dependency: which package, and what for.</summary>
/// <param name="Include">The path, or the repository, as written.</param>
/// <param name="Id">The id of the package or subpackage.</param>
/// <param name="Stages">The stages whose root it is in; empty means every one of the definition's.</param>
/// <param name="Runtime">Whoever uses this package needs it too.</param>
/// <param name="Base">The image starts FROM it and inherits its config.</param>
/// <param name="Overrides">Ids of packages over whose files this one's win.</param>
/// <param name="Published">The digest of the image that another tree published; null for a package of this one.</param>
public sealed record Reference(
    string Include, string Id, IReadOnlyList<string> Stages, bool Runtime, bool Base, IReadOnlyList<string> Overrides, Digest? Published = null)
{
    /// <summary>The type of the item.</summary>
    public string ItemType => Published is null ? "ProjectReference" : "ImageReference";
}

/// <summary>One unit of work with a result of its own.</summary>
/// <param name="Name">Its name in the Containerfile.</param>
/// <param name="Script">A file of the package run by <c>/bin/sh -e</c>, or null.</param>
/// <param name="Run">Exec-form commands, run in order.</param>
/// <param name="From">The earlier stage whose whole root it starts from, or null.</param>
/// <param name="CopyFrom">Earlier stages whose /rootfs is copied to its root.</param>
/// <param name="Directories">Absolute folders that exist before the first command.</param>
public sealed record StageDefinition(
    string Name, string? Script, IReadOnlyList<IReadOnlyList<string>> Run, string? From,
    IReadOnlyList<string> CopyFrom, IReadOnlyList<string> Directories);

/// <summary>A test of the package that fails here, and why.</summary>
public sealed record KnownFailure(string Test, string Reason);

/// <summary>What an audit would refuse, and why it is right here.</summary>
/// <param name="Path">A file or folder of the image, absolute; what is below it is excused as well.</param>
/// <param name="Rules">The rules that it is excused from.</param>
/// <param name="Reason">Why.</param>
public sealed record AuditExemption(string Path, IReadOnlyList<string> Rules, string Reason);

/// <summary>A local file delivered in /stagex of some stages (empty: all).</summary>
public sealed record InputFile(string Path, IReadOnlyList<string> Stages);

public enum ContentKind { File, Directory, SymbolicLink }

/// <summary>An entry of the image that no step makes.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Path">Absolute path in the image.</param>
/// <param name="From">For a file: its path in the package's folder, or below fetch/. For a link: its target.</param>
/// <param name="Mode">Permission bits, or null for the usual ones.</param>
/// <param name="Owner">Numeric <c>uid:gid</c>, or null for 0:0.</param>
public sealed record ContentEntry(ContentKind Kind, string Path, string From, int? Mode, string? Owner);
