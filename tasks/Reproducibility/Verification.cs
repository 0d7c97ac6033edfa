using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using StageX.Build.Engines;
using StageX.Build.Images;
using StageX.Build.Packages;
using StageX.Build.Stages;

namespace StageX.Build.Reproducibility;

/// <summary>Verifies one package: rebuilds it in other surroundings, compares, and where it differs finds out why.</summary>
public sealed partial class Verification
{
    /// <summary>The package.</summary>
    public required PackageDefinition Package { get; init; }

    /// <summary>The images that it is built from; each is verified on its own.</summary>
    public required DependencySet Dependencies { get; init; }

    /// <summary>That of the usual build.</summary>
    public required BuildEnvironment Environment { get; init; }

    /// <summary>Of engines.</summary>
    public required EngineSettings Settings { get; init; }

    /// <summary>What is to be varied.</summary>
    public required VariationChoice Choice { get; init; }

    /// <summary>What the usual build came to: id, digest and layout of each image.</summary>
    public required IReadOnlyList<(string Id, Digest Digest, string Layout)> Built { get; init; }

    /// <summary>The layout of the image with the program that varies what steps see, or null.</summary>
    public string? Tool { get; init; }

    /// <summary>The run of the tree that it is part of, or 0: what passed in it is not done again.</summary>
    public int Run { get; init; }

    /// <summary>Do it again in any case.</summary>
    public bool Force { get; init; }

    private string Id => Package.Id.ToString();

    private string RecordFile => VerifyRecord.FileFor(Environment.Artifacts, Id);

    private string Folder => Path.Combine(Environment.Artifacts, "verify", Id);

    /// <summary>Verifies, writes the record and returns it.</summary>
    /// <exception cref="StageXException"><see cref="ErrorCode.NotReproducible"/>, after the record was written.</exception>
    public (VerifyRecord Record, bool Done) Verify(CancellationToken cancellation)
    {
        using var taken = Environment.Lock("verify-" + Id, cancellation);
        var plan = PackagePlan.Create(Package, Dependencies);
        var subject = Subject();
        var last = VerifyRecord.Read(RecordFile);
        if (!Force && Run > 0 && last is { Reproducible: true } && last.Run == Run && last.IsAbout(subject))
            return (last, false);

        var start = DateTimeOffset.UtcNow;
        RemoveFolder();
        var runs = plan.Stages.Any(stage => stage.Steps.Any(step => step.Keyword == "RUN"));
        var copies = plan.Stages.Any(stage => stage.Steps.Any(step => step.Keyword is "ADD" or "WORKDIR" || (step is { Keyword: "COPY", CopyFrom: null } && !LocalContent.Copies(step, plan.Context))));
        var turn = runs || copies ? EngineTurn.After(Environment.Engine(), last?.Engine, Settings, cancellation) : null;
        var around = SurroundingsOf(turn, runs);
        List<Variation> wanted = [];
        List<string> names = [];
        Rebuild rebuild;
        RebuildResult result;
        while (true)
        {
            wanted = [.. Choice.Wanted.Where(variation => variation.Obstacle(around) is null)];
            names = [.. wanted.Select(variation => variation.Name)];
            Announce(around, names);
            rebuild = new Rebuild(Package, Dependencies, Environment, Settings, around, cancellation);
            result = rebuild.Run(Path.Combine(Folder, "all"), names);
            if (RefusalsIn(result.Failure).Where(pair => !around.Refused.ContainsKey(pair.Key)).ToList() is not { Count: > 0 } refused)
                break;
            around = around with { Refused = new Dictionary<string, string>(around.Refused.Concat(refused)) };
            RemoveFolder();
        }
        var experiments = new Rebuild(Package, Dependencies, Environment with { Log = new QuietLog(Environment.Log) }, Settings, around, cancellation);
        var usual = RebuildResult.TextOf(Built.Select(image => (image.Id, image.Digest)));
        var matrix = Choice.EachAlone ? VerifyMatrix.Open(Environment.Artifacts, Id, Run, subject) : null;
        var alone = matrix is null ? new SortedDictionary<string, string>() : EachAlone(matrix, experiments, usual, names);
        var same = result.Text == usual && alone.All(pair => pair.Value == usual);

        // What seemed to need an engine may have been copied without one.
        if (!result.UsedEngine && wanted.RemoveAll(variation => variation.Name == Variations.Engine) > 0)
        {
            around = around with { UsesEngine = false };
            alone.Remove(Variations.Engine);
        }
        var document = new JsonObject
        {
            ["package"] = Id,
            ["version"] = Package.Version.ToString(),
            ["reproducible"] = same,
            ["rebuilt"] = Digests(result.Images.Select(image => (image.Id, image.Digest))),
            ["varied"] = new JsonObject(wanted.Select(variation => KeyValuePair.Create(variation.Name, (JsonNode?)HowOf(variation, around, result)))),
            ["notVaried"] = new JsonObject(Variation.All.Except(wanted).Select(variation => KeyValuePair.Create(variation.Name, (JsonNode?)WhyNot(variation, around)))),
            ["machine"] = Machine.Describe(),
            ["run"] = Run,
            ["start"] = VerifyRecord.Moment(start),
        };
        foreach (var (name, value) in subject)
            document[name] = value!.DeepClone();
        if (turn is not null && result.UsedEngine)
            document["engines"] = new JsonObject { ["built"] = EngineOf(turn.Usual), ["rebuilt"] = EngineOf(wanted.Any(variation => variation.Name == Variations.Engine) ? turn.Chosen : turn.Usual) };
        if (alone.Count > 0)
            document["alone"] = new JsonObject(alone.Select(pair => KeyValuePair.Create(pair.Key, (JsonNode?)(pair.Value == usual ? "same" : "differs"))));
        Verdict? verdict = null;
        IReadOnlyList<ImageDifferences> differences = [];
        if (!same)
        {
            differences = Keep(result, names, around.UsualFacts(wanted), around.ChangedFacts(wanted), cancellation);
            var clues = differences.SelectMany(difference => difference.Causes).OrderByDescending(cause => cause.Confidence).Select(cause => cause.Variation).Distinct().ToList();
            document["clues"] = new JsonArray([.. clues.Select(clue => (JsonNode?)clue)]);
            verdict = FindCause(experiments, usual, names, alone, clues);
            document["verdict"] = verdict.Text;
        }
        document["end"] = VerifyRecord.Moment(DateTimeOffset.UtcNow);
        var record = new VerifyRecord(document);
        record.Write(RecordFile);
        matrix?.End();
        if (same)
        {
            RemoveFolder();
            return (record, true);
        }
        throw Differs(result, names, alone.Where(pair => pair.Value != usual).Select(pair => pair.Key), verdict!, differences);
    }

    private void Announce(Surroundings around, List<string> names) => Environment.Log.Milestone(
        $"{Id}: building it again{(around.UsesEngine ? $" with {(names.Contains(Variations.Engine) ? around.Engine : around.UsualEngine)}" : "")}, {names.Count} of {Variation.All.Count} variations");

    // The program says so before it starts the command of a step, which fails with it.
    private static IEnumerable<KeyValuePair<string, string>> RefusalsIn(StageXException? failure) => failure?.Code == ErrorCode.DiskFull
        ? [KeyValuePair.Create(Variations.Scratch, "its steps write more than a quarter of this machine's memory")] : ToolMessage().Matches(failure?.Message ?? "")
        .SelectMany(message => Variation.RefusedBy(message.Groups["what"].Value).Select(name => KeyValuePair.Create(name, "vary cannot here: " + message.Groups["why"].Value)))
        .DistinctBy(pair => pair.Key);

    // What a record has to be about to count for today's package.
    private JsonObject Subject()
    {
        var keys = JsonNode.Parse(File.ReadAllBytes(BuildEnvironment.KeysOf(Environment.Artifacts, Id)))!.AsObject();
        return new JsonObject
        {
            ["stages"] = new JsonObject(keys.Select(pair => KeyValuePair.Create(pair.Key, (JsonNode?)StageKey.Of(pair.Value!.AsObject()).ToString()))),
            ["built"] = Digests(Built.Select(image => (image.Id, image.Digest))),
            ["asked"] = new JsonArray([.. Choice.Wanted.Select(variation => (JsonNode?)variation.Name).Append(Choice.EachAlone ? "all" : "at once")]),
        };
    }

    private Surroundings SurroundingsOf(EngineTurn? turn, bool runs)
    {
        var (program, obstacle) = FindTool();
        return new Surroundings
        {
            Engine = turn?.Chosen.Name ?? "",
            UsualEngine = turn?.Usual.Name ?? "",
            NoOtherEngine = turn?.Unchanged,
            NoOtherFileSystem = turn is null ? null : Settings.ObstacleToTmpfs(turn.Chosen.Name),
            UsesEngine = turn is not null,
            Runs = runs,
            ReadsJobs = Package.Stages.Any(stage => stage.Script is not null),
            Tool = program is null ? null : Tool,
            ToolProgram = program ?? "",
            NoTool = obstacle,
            Locale = LocaleOf(Dependencies),
            RandomAddresses = Machine.RandomizesAddresses,
            Kernel = Machine.Kernel,
            Built = Seconds(Directory.GetLastWriteTimeUtc(Built[0].Layout)),
            Now = Seconds(DateTime.UtcNow),
        };
    }

    private (string? Program, string? Obstacle) FindTool()
    {
        if (Tool is null)
            return (null, "the package core-vary is not built, whose program varies it");
        using var files = RootFilesystem.FromLayers(ImageLayout.Import(Tool, Environment.Stages.Layers).Image.Layers, Environment.Stages.Layers);
        return files.Entries.FirstOrDefault(entry => entry.Kind == EntryKind.File && (entry.Path == "vary" || entry.Path.EndsWith("/vary", StringComparison.Ordinal))) is { } program
            ? ("/" + program.Path, null) : (null, $"there is no program vary in {Tool}");
    }

    // Where the C library has no other locale, all it knows besides C is UTF-8.
    private string LocaleOf(DependencySet dependencies)
    {
        foreach (var layer in dependencies.All.SelectMany(dependency => dependency.Image.Layers).Distinct())
            foreach (var entry in Environment.Stages.Layers.EntriesOf(layer))
                if (LocaleFile().Match(entry.Path) is { Success: true } found)
                    return found.Groups["name"].Value;
        return "C.UTF-8";
    }

    // Of a run that was interrupted, what came out the same is not done again.
    private SortedDictionary<string, string> EachAlone(VerifyMatrix matrix, Rebuild rebuild, string usual, IReadOnlyList<string> names)
    {
        var results = new SortedDictionary<string, string>(StringComparer.Ordinal);
        var tries = names.Select(name => (Name: name, OneAtATime: false));
        // What is varied at once are more processors: fewer would take longer.
        if (names.Contains(Variations.Processors) || names.Contains(Variations.Jobs))
            tries = tries.Append((VerifyMatrix.OneProcessor, true));
        foreach (var (name, oneAtATime) in tries)
        {
            var before = matrix.IsSame(name);
            results[name] = before ? usual : Once(rebuild, oneAtATime ? [] : [name], held: false, oneAtATime).Text;
            if (results[name] == usual)
                matrix.Same(name);
            Environment.Log.Milestone($"{Id}: {name} alone: {(results[name] == usual ? "the same" : "differs")}{(before ? ", before this run was interrupted" : "")}");
        }
        return results;
    }

    private Verdict FindCause(Rebuild rebuild, string usual, IReadOnlyList<string> names, SortedDictionary<string, string> alone, IReadOnlyList<string> clues)
    {
        Environment.Log.Milestone($"{Id}: differs; looking for the cause");
        // A clock's time is that of a zone.
        var suspects = clues.SelectMany(clue => clue == Variations.Date ? [clue, Variations.TimeZone] : new[] { clue }).Concat(alone.Where(pair => pair.Value != usual).Select(pair => pair.Key)).Distinct().ToList();
        return new Experiment((changed, oneAtATime) => Once(rebuild, changed, held: true, oneAtATime).Text, text => Environment.Log.Detail($"{Id}: {text}"), rebuild.Holds)
            .Run(usual, names, suspects);
    }

    private RebuildResult Once(Rebuild rebuild, IReadOnlyList<string> changed, bool held, bool oneAtATime)
    {
        var folder = Path.Combine(Folder, "one");
        try
        {
            return rebuild.Run(folder, changed, held, oneAtATime);
        }
        finally
        {
            if (Directory.Exists(folder))
                Directory.Delete(folder, recursive: true);
        }
    }

    // Both images stay, with what the comparison says of them, and the log of the rebuild.
    private List<ImageDifferences> Keep(RebuildResult result, List<string> names, RunFacts usual, RunFacts changed, CancellationToken cancellation)
    {
        var differences = new List<ImageDifferences>();
        var report = new StringBuilder();
        foreach (var (id, digest, layout) in Built)
        {
            if (result.Images.FirstOrDefault(image => image.Id == id) is not { } rebuilt || rebuilt.Digest == digest)
                continue;
            var (first, second) = (KeptBuilt(id), KeptRebuilt(id));
            Copy(layout, first);
            Directory.CreateDirectory(Path.GetDirectoryName(second)!);
            Directory.Move(rebuilt.Layout, second);
            var difference = ImageComparison.Compare(first, second, usual, changed, cancellation);
            differences.Add(difference);
            report.Append(difference.ToReport()).Append(Diffoscope.Report(first, second, difference, cancellation)).Append('\n');
        }
        AtomicFile.Write(ReportFile, report.ToString());
        var all = Path.Combine(Folder, "all");
        if (Directory.Exists(Rebuild.LogsIn(all, names)))
            Directory.Move(Rebuild.LogsIn(all, names), Path.Combine(Folder, "logs"));
        Directory.Delete(all, recursive: true);
        return differences;
    }

    private StageXException Differs(RebuildResult result, List<string> names, IEnumerable<string> alone, Verdict verdict, IReadOnlyList<ImageDifferences> differences)
    {
        var lines = new List<string> { $"{Id} is not reproducible. By experiment, the cause is: {verdict.Text}" };
        if (Choice.EachAlone)
            lines.Add($"Varied alone, these make a difference: {string.Join(", ", alone.DefaultIfEmpty("none"))}");
        if (result.Failure is { } failure)
            lines.AddRange(failure.Message.Split('\n') is var said && said.Length > 12 ? [Cut(said[0]), "…", .. said[^12..^1].Select(Cut)] : said.Select(Cut));
        foreach (var difference in differences)
        {
            var report = difference.ToReport().TrimEnd('\n').Split('\n');
            lines.AddRange(report.Take(ReportLines).Select(Cut));
            if (report.Length > ReportLines)
                lines.Add($"… the rest is in {ReportFile}");
        }
        lines.Add($"Varied: {string.Join(", ", names)}. Record: {RecordFile}. Both images, the report and the log: {Folder}");
        return new StageXException(ErrorCode.NotReproducible, string.Join('\n', lines), Package.ProjectFile);
    }

    private const int ReportLines = 25;

    private string ReportFile => Path.Combine(Folder, "report.txt");

    private string KeptBuilt(string id) => Path.Combine(Folder, "built", id);

    private string KeptRebuilt(string id) => Path.Combine(Folder, "rebuilt", id);

    private static long Seconds(DateTime time) => new DateTimeOffset(time).ToUnixTimeSeconds();

    private static string Cut(string line) => line.Length > 160 ? line[..160] + "…" : line;

    private static string HowOf(Variation variation, Surroundings around, RebuildResult result) =>
        variation.How(around) + (variation.Name != Variations.Path || !around.Runs ? ""
            : result.MovedFolder ? $"; steps worked below {WorkingFolder.Elsewhere}"
            : "; steps worked in the folder of the contract, which the recipe names");

    private static string WhyNot(Variation variation, Surroundings around) =>
        variation.Obstacle(around) ?? variation.OnlyByName ?? "not asked for";

    private static JsonObject Digests(IEnumerable<(string Id, Digest Digest)> images) =>
        new(images.Select(image => KeyValuePair.Create(image.Id, (JsonNode?)image.Digest.ToString())));

    private static JsonObject EngineOf(EngineInfo info) => new()
    {
        ["name"] = info.Name,
        ["version"] = info.Version,
        ["rootless"] = info.Rootless,
        ["storage"] = info.StorageDriver,
    };

    private void RemoveFolder()
    {
        if (Directory.Exists(Folder))
            Directory.Delete(Folder, recursive: true);
    }

    private static void Copy(string from, string to)
    {
        foreach (var file in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories))
        {
            var copy = Path.Combine(to, Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }
    }

    [GeneratedRegex(@"^\s*vary: cannot vary (?<what>[^:\n]+): (?<why>[^\n]*)$", RegexOptions.CultureInvariant | RegexOptions.Multiline)]
    private static partial Regex ToolMessage();

    [GeneratedRegex(@"^usr/(lib|share)/locale/(?<name>(?!C\.|POSIX)[^/]+)/LC_COLLATE$", RegexOptions.CultureInvariant)]
    private static partial Regex LocaleFile();
}
