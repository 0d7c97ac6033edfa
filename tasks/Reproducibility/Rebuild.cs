using System.Globalization;
using StageX.Build.Engines;
using StageX.Build.Packages;
using StageX.Build.Stages;

namespace StageX.Build.Reproducibility;

/// <summary>What a rebuild came to.</summary>
/// <param name="Text">Two rebuilds came to the same where these are equal: the digests, or the error.</param>
/// <param name="Images">None where it failed.</param>
/// <param name="Failure">Why it failed, or null.</param>
/// <param name="MovedFolder">Whether steps worked in another folder.</param>
/// <param name="UsedEngine">Whether an engine was needed.</param>
public sealed record RebuildResult(string Text, IReadOnlyList<BuiltImage> Images, StageXException? Failure, bool MovedFolder, bool UsedEngine)
{
    /// <summary>The text of digests.</summary>
    public static string TextOf(IEnumerable<(string Id, Digest Digest)> images) => string.Join('\n', images.Select(image => $"{image.Id} {image.Digest}"));
}

/// <summary>Builds a package again, every stage from scratch, in other surroundings.</summary>
/// <param name="package">The package.</param>
/// <param name="dependencies">The images that it is built from, used as they are.</param>
/// <param name="environment">That of the usual build.</param>
/// <param name="settings">Of engines.</param>
/// <param name="around">What can be varied.</param>
/// <param name="cancellation">Gives up.</param>
public sealed class Rebuild(
    PackageDefinition package, DependencySet dependencies, BuildEnvironment environment, EngineSettings settings, Surroundings around, CancellationToken cancellation)
{
    private readonly Dictionary<string, IEngine> _engines = [];

    /// <summary>Whether it can hold what is another from build to build by itself.</summary>
    public bool Holds => around.Tool is not null;

    /// <summary>Where the logs of its steps lie.</summary>
    public static string LogsIn(string folder, IReadOnlyCollection<string> changed) => Path.Combine(ArtifactsIn(folder, changed), "logs");

    /// <param name="folder">Where its results go; empty or not there.</param>
    /// <param name="changed">The names of the variations.</param>
    /// <param name="held">Whether what else is another from build to build by itself, such as the date, is held.</param>
    /// <param name="oneAtATime">Whether steps are told that there is one processor, and to run one job.</param>
    public RebuildResult Run(string folder, IReadOnlyCollection<string> changed, bool held = false, bool oneAtATime = false)
    {
        var artifacts = ArtifactsIn(folder, changed);
        // The folder's own length and depth are another than those of the usual results.
        var builder = new PackageBuilder(package, dependencies, environment with
        {
            Artifacts = artifacts,
            OwnResults = Path.Combine(folder, "stages"),
            Engine = () => EngineFor(changed),
            Conditions = new StepConditions
            {
                Jobs = oneAtATime ? 1 : changed.Contains(Variations.Jobs) ? Variation.MoreThan(around.Processors) : null,
                // Otherwise the kernel sees to it that they differ.
                FixedAddresses = held && !changed.Contains(Variations.Addresses),
                OnTmpfs = changed.Contains(Variations.Scratch),
                OtherFolder = changed.Contains(Variations.Path),
                Wrapper = Wrapper(changed, held, oneAtATime),
            },
        }, cancellation);
        // What we make ourselves may not depend on the user's language either.
        var culture = CultureInfo.CurrentCulture;
        try
        {
            if (changed.Contains(Variations.Locale))
                CultureInfo.CurrentCulture = OtherCulture;
            var images = builder.Build();
            return new RebuildResult(RebuildResult.TextOf(images.Select(image => (image.Id, image.Digest))), images, null, builder.MovedFolder, builder.UsedEngine);
        }
        catch (StageXException e) when (e.Code is ErrorCode.StepFailed or ErrorCode.EmptyPackage or ErrorCode.NothingToCopy || (e.Code == ErrorCode.DiskFull && changed.Contains(Variations.Scratch)))
        {
            return new RebuildResult($"fails: {e.Code}", [], e, builder.MovedFolder, builder.UsedEngine);
        }
        finally
        {
            CultureInfo.CurrentCulture = culture;
        }
    }

    private IEngine EngineFor(IReadOnlyCollection<string> changed)
    {
        var name = changed.Contains(Variations.Engine) ? around.Engine : around.UsualEngine;
        // The client's own surroundings: nothing of them reaches a step.
        var variables = new Dictionary<string, string>();
        if (changed.Contains(Variations.TimeZone))
            variables["TZ"] = "VRY-13:37";
        if (changed.Contains(Variations.Locale))
            (variables["LC_ALL"], variables["LANG"], variables["LANGUAGE"]) = ("tr_TR.UTF-8", "tr_TR.UTF-8", "et:de");
        if (changed.Contains(Variations.Environment))
            variables["VERIFY_ENVIRONMENT"] = "varied";
        var key = string.Join('\n', [name, .. variables.Keys]);
        if (!_engines.TryGetValue(key, out var engine))
            _engines[key] = engine = EngineSelection.Create(name, settings with { ClientVariables = variables });
        return engine;
    }

    // Of those that write numbers and letters otherwise; made here, since a machine may know none.
    private static CultureInfo OtherCulture { get; } = Culture();

    private static CultureInfo Culture()
    {
        var culture = (CultureInfo)CultureInfo.InvariantCulture.Clone();
        try
        {
            culture = (CultureInfo)CultureInfo.GetCultureInfo("tr-TR").Clone();
        }
        catch (CultureNotFoundException)
        {
            // .NET without ICU has only the invariant one.
        }
        culture.NumberFormat.NumberDecimalSeparator = ",";
        culture.NumberFormat.NegativeSign = "\u2212";
        culture.DateTimeFormat.DateSeparator = ".";
        return culture;
    }

    private StepWrapper? Wrapper(IReadOnlyCollection<string> changed, bool held, bool oneAtATime)
    {
        if (around.Tool is null)
            return null;
        var arguments = Variation.All
            .SelectMany(variation => !changed.Contains(variation.Name) ? held ? variation.Held(around) : []
                : held && variation.ChangedAgainstHeld is { } against ? against(around) : variation.Changed(around)).Distinct().ToList();
        if (oneAtATime)
            arguments.Add("--processors=1");
        return arguments.Count == 0 && !held ? null : new StepWrapper(around.Tool, around.ToolProgram, arguments);
    }

    private static string ArtifactsIn(string folder, IReadOnlyCollection<string> changed) =>
        changed.Contains(Variations.Path) ? Path.Combine(folder, "a folder of another depth", "artifacts") : Path.Combine(folder, "artifacts");
}
