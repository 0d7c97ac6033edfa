using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;
using StageX.Build.Containerfiles;
using StageX.Build.Engines;
using StageX.Build.Images;
using StageX.Build.Packages;
using StageX.Build.Sources;

namespace StageX.Build.Stages;

/// <summary>An image that a build came out with.</summary>
/// <param name="Id">The package's or subpackage's id.</param>
/// <param name="Digest">The manifest's digest.</param>
/// <param name="Layout">The folder of its OCI layout.</param>
/// <param name="Size">Bytes of its layers, compressed.</param>
/// <param name="Built">Whether a stage was run for it.</param>
public sealed record BuiltImage(string Id, Digest Digest, string Layout, long Size, bool Built);

/// <summary>Builds one package: stage by stage through the store, then its images.</summary>
public sealed class PackageBuilder
{
    // Docker makes a layer of each step, and takes 125.
    private const int MostInEngines = 120;

    private readonly BuildEnvironment _environment;
    private readonly PackageDefinition _package;
    private readonly DependencySet _dependencies;
    private readonly PackagePlan _plan;
    private readonly StageStore _store;
    private readonly BoundedLayers _bounded;
    private readonly CancellationToken _cancellation;
    private readonly Dictionary<string, StageResult> _results = new(StringComparer.Ordinal);
    private readonly Dictionary<string, ImageConfig> _configs = new(StringComparer.Ordinal);
    private readonly JsonObject _keys = [];
    // While the engine runs a stage: what is fetched before it, and written after it, is not its work.
    private readonly Stopwatch _running = new();
    private IEngine? _engine;
    private bool _hasContext;

    public PackageBuilder(PackageDefinition package, DependencySet dependencies, BuildEnvironment environment, CancellationToken cancellation)
    {
        _environment = environment;
        _package = package;
        _dependencies = dependencies;
        _plan = PackagePlan.Create(package, dependencies);
        _store = environment.Stages;
        _bounded = new BoundedLayers(_store);
        if (environment.Conditions.Jobs is { } jobs)
            ContainerfileGenerator.TellJobs(_plan.Context, jobs);
        _cancellation = cancellation;
        foreach (var stage in _plan.Stages)
            _configs[stage.Name] = ConfigEvaluator.Evaluate(Inherited(stage), stage.Steps);
    }

    private string Id => _package.Id.ToString();

    // One at a time: a package is built under its lock.
    private string Temporary => Path.Combine(_environment.Artifacts, "tmp", Id);

    private string KeysFile => BuildEnvironment.KeysOf(_environment.Artifacts, Id);

    /// <summary>Builds what is not there yet.</summary>
    /// <param name="again">A stage that is run though its result is there.</param>
    /// <exception cref="StageXException">With the code of the room in which it went wrong.</exception>
    public IReadOnlyList<BuiltImage> Build(string? again = null)
    {
        using var taken = _environment.Lock(Id, _cancellation);
        RemoveLeftovers();
        AtomicFile.WriteIfChanged(Path.Combine(_environment.ContainerfilesOf(Id), "Containerfile"), TextForPeople());
        var ran = false;
        foreach (var stage in _plan.Stages)
            ran |= BuildStage(stage, stage.Name == again);
        var images = _package.Targets.Select(image => WriteImage(image.Id, image.Target, ran)).ToList();
        AtomicFile.WriteIfChanged(KeysFile, _keys.ToJsonString());
        if (ran)
            Leftovers.Remove(_environment);
        return images;
    }

    /// <summary>Writes the Containerfile and its context, for -t:Containerfile.</summary>
    public string WriteContainerfile()
    {
        using var taken = _environment.Lock(Id, _cancellation);
        var file = Path.Combine(_environment.ContainerfilesOf(Id), "Containerfile");
        AtomicFile.WriteIfChanged(file, TextForPeople());
        Context();
        return file;
    }

    /// <summary>Which parts of which stage's key differ from the last build, for -t:Why. Runs nothing.</summary>
    public IReadOnlyList<string> Why()
    {
        var before = LastKeys();
        var reasons = new List<string>();
        foreach (var stage in _plan.Stages)
        {
            var inputs = InputsOf(stage);
            var differences = before?[stage.Name] is { } old ? StageKey.Differences(old, inputs).ToList() : ["it was not built here yet"];
            reasons.AddRange(differences.Select(difference => $"{Id} {stage.Name}: {difference}"));
            if (_store.Find(StageKey.Of(inputs)) is not { } result)
            {
                if (differences.Count == 0)
                    reasons.Add($"{Id} {stage.Name}: its result is no longer in the cache");
                reasons.AddRange(_plan.Stages.SkipWhile(other => other != stage).Skip(1).Select(other => $"{Id} {other.Name}: to be decided when {stage.Name} has run"));
                break;
            }
            _results[stage.Name] = result;
        }
        return reasons;
    }

    /// <summary>
    /// Opens a shell with the root and mounts of a stage's first command, for -t:Shell. Nothing of it is kept.
    /// </summary>
    /// <param name="name">The stage; empty for the first that has no result, or the last that runs anything.</param>
    /// <param name="terminal">The device of the terminal to work at.</param>
    public void OpenShell(string name, string terminal)
    {
        using var taken = _environment.Lock(Id, _cancellation);
        RemoveLeftovers();
        var wanted = name.Length > 0 ? name : null;
        if (wanted is not null && _plan.Stages.All(stage => stage.Name != wanted))
            throw NoShell($"{Id} has no stage {wanted}; it has {string.Join(", ", _plan.Stages.Select(stage => stage.Name))}");
        StagePlan? chosen = null;
        foreach (var stage in _plan.Stages)
        {
            if (stage.Name == wanted)
            {
                chosen = stage;
                break;
            }
            if (_store.Find(StageKey.Of(InputsOf(stage))) is { } known)
                _results[stage.Name] = known;
            else if (wanted is null)
            {
                chosen = stage;
                break;
            }
            else
                throw NoShell($"the stage {stage.Name}, which comes before {wanted}, is not built");
        }
        chosen ??= _plan.Stages.LastOrDefault(stage => stage.Steps.Any(step => step.Keyword == "RUN"))
            ?? throw NoShell($"{Id} has no stage that runs anything");
        if (!MergedEntries(RootOf(chosen)).Any(entry => entry.Path is "bin/sh" or "usr/bin/sh"))
            throw NoShell($"the stage {chosen.Name} of {Id} has no /bin/sh");
        if (chosen.Steps.Where(step => step.Keyword == "RUN").Select(step => step.ToString()).ToList() is { Count: > 0 } commands)
            _environment.Log.Milestone($"{Id} {chosen.Name}: this is where it would run\n  {string.Join("\n  ", commands)}");
        RunInEngine(chosen with { Steps = [.. chosen.Steps.TakeWhile(step => step.Keyword != "RUN")], Takes = null }, terminal);
    }

    private StageXException NoShell(string message) => new(ErrorCode.NoShell, message, _package.ProjectFile);

    // What a killed build of this package left: its lock is ours, so nobody writes it any more.
    private void RemoveLeftovers()
    {
        AtomicFile.RemoveLeftovers(_environment.ContainerfilesOf(Id));
        AtomicFile.RemoveLeftovers(_environment.LogsOf(Id));
        foreach (var (id, _) in _package.Targets)
            AtomicFile.RemoveLeftovers(Path.GetDirectoryName(_environment.LayoutOf(id))!, id);
        if (Directory.Exists(Temporary))
            Directory.Delete(Temporary, recursive: true);
    }

    private bool BuildStage(StagePlan stage, bool again)
    {
        var inputs = InputsOf(stage);
        var key = StageKey.Of(inputs);
        _keys[stage.Name] = inputs.DeepClone();
        _running.Reset();
        if (!again && _store.Find(key) is { } known)
        {
            _results[stage.Name] = known;
            return false;
        }
        using var running = _store.Lock(key, () => _environment.Log.Milestone($"{Id} {stage.Name}: waiting for another build of it"), _cancellation);
        if (!again && _store.Find(key) is { } made)
        {
            _results[stage.Name] = made;
            return false;
        }
        var root = new Lazy<Dictionary<string, EntryKind>>(() => MergedEntries(RootOf(stage)).ToDictionary(entry => entry.Path, entry => entry.Kind));
        var copies = stage.IsCopyOnly(path => root.Value.TryGetValue(path, out var kind) ? kind : null, step => LocalContent.Copies(step, _plan.Context));
        var result = copies ? CopyInProcess(stage) : null;
        if (result is null)
        {
            _environment.Log.Milestone($"{Id} {stage.Name}: running ({(again ? "again" : Reason(stage, inputs))})");
            result = RunInEngine(stage);
        }
        _store.Add(key, inputs, result, _running.Elapsed);
        _results[stage.Name] = result;
        return true;
    }

    private string Reason(StagePlan stage, JsonObject inputs) => LastKeys()?[stage.Name] is { } before
        ? StageKey.Differences(before, inputs).FirstOrDefault("its result is no longer in the cache")
        : "not built here yet";

    private JsonNode? LastKeys()
    {
        try
        {
            return File.Exists(KeysFile) ? JsonNode.Parse(File.ReadAllBytes(KeysFile)) : null;
        }
        catch (JsonException)
        {
            // Torn, when the machine lost its power: it is as if nothing was built here yet.
            return null;
        }
    }

    private JsonObject InputsOf(StagePlan stage) =>
        StageKey.Inputs(stage, _package.Platform, RootOf(stage), Inherited(stage), LayersOf, _plan.Context);

    private ImageConfig Inherited(StagePlan stage) =>
        stage.FromStage is { } from ? _configs[from]
        : stage.ConfigFrom is { } id ? _dependencies.Find(id)!.Image.Config
        : ImageConfig.Empty;

    private IReadOnlyList<Layer> RootOf(StagePlan stage) => stage.FromStage is { } from
        ? _results[from].Layers
        : Composition.Compose(MembersOf(stage), _store.Layers);

    // In the order of their layers.
    private IReadOnlyList<CompositionMember> MembersOf(StagePlan stage) => Composition.Order(
        [.. _dependencies.RuntimeClosure(stage.Members).Select(member => new CompositionMember(member.Id, member.Image, member.Runtime, OverridesOf(member.Id)))]);

    private IReadOnlyList<string> OverridesOf(string id) => _package.References.FirstOrDefault(reference => reference.Id == id)?.Overrides ?? [];

    private IReadOnlyList<Layer> LayersOf(string stageOrPackage) =>
        StagePlan.PackageOf(stageOrPackage) is { } id ? _dependencies.Find(id)!.Image.Layers : _results[stageOrPackage].Layers;

    // Null where engines could come to different results.
    private StageResult? CopyInProcess(StagePlan stage)
    {
        var root = RootOf(stage);
        var copies = stage.Steps.Where(step => step.Keyword == "COPY").ToList();
        if (copies.Count == 0)
            return new StageResult(root);
        var parts = new List<RootFilesystem>();
        try
        {
            if (root.Count > 0)
                parts.Add(RootFilesystem.FromLayers(root, _store.Layers));
            foreach (var step in copies)
            {
                if (step.CopyFrom is null)
                {
                    using var below = RootFilesystem.Overlay(parts);
                    if (LocalContent.Read(step, _plan.Context, below.Entries, Path.Combine(Temporary, $"content{parts.Count}.tar")) is not { } content)
                        return null;
                    parts.Add(content);
                    continue;
                }
                using var from = RootFilesystem.FromLayers(LayersOf(step.CopyFrom!), _store.Layers);
                parts.Add(CopyFolder(from, step));
            }
            using var whole = RootFilesystem.Overlay(parts);
            return Result(whole, root);
        }
        finally
        {
            parts.ForEach(part => part.Dispose());
            if (Directory.Exists(Temporary))
                Directory.Delete(Temporary, recursive: true);
        }
    }

    private RootFilesystem CopyFolder(RootFilesystem from, Instruction step)
    {
        var (source, to) = (step.CopySources[0].Trim('/'), step.CopyDestination.Trim('/'));
        try
        {
            var part = from.Copy(source, to);
            if (part.Tree.At(to) is null)
                return part;
            // It was no folder, in spite of the slash: engines put it below the destination.
            part.Dispose();
            return from.Copy(source, $"{to}/{Path.GetFileName(source)}");
        }
        catch (StageXException e) when (e.File is null)
        {
            throw new StageXException(e.Code, e.Message, _plan.File, _plan.LineOf(step), e);
        }
    }

    private StageResult RunInEngine(StagePlan stage, string? terminal = null)
    {
        _engine ??= _environment.Engine();
        var run = stage.Steps.FirstOrDefault(step => step.Keyword == "RUN");
        if ((run is not null || terminal is not null) && _engine.Probe(_cancellation) is var info && !info.Runs(_package.Platform))
            throw new StageXException(ErrorCode.PlatformNotRunnable,
                $"{Id} {stage.Name} has to run programs for {_package.Platform}, and the machine of {info.Name} is linux/{info.Architecture}. Build it on such a machine.", _plan.File, run is null ? 0 : _plan.LineOf(run));

        var (root, inherited) = (RootOf(stage), Inherited(stage));
        var (below, runs) = (root, run is not null);
        stage = InFolder(stage, root);
        while (true)
        {
            var there = MergedEntries(root).ToDictionary(entry => entry.Path, StringComparer.Ordinal);
            var known = LinkedDestinations.Known(stage.Steps, inherited.WorkingDirectory, LinksIn);
            var part = stage with { Steps = LinkedDestinations.Follow([.. stage.Steps.Take(known)], inherited.WorkingDirectory, there.GetValueOrDefault) };
            if (known == stage.Steps.Count)
                return RunInEngine(part, root, inherited, terminal, exported =>
                {
                    // The number of jobs is the machine's: a stage that starts from this one has the same key everywhere.
                    using var filesystem = exported.Without(ContainerfileGenerator.JobsPath);
                    if (stage.Takes is not null)
                        return Result(filesystem, []);
                    if (!runs)
                        return Result(filesystem, below);
                    using var unmounted = filesystem.WithoutEngineMounts(MergedEntries(below));
                    return Result(unmounted, below);
                });
            root = RunInEngine(part with { Takes = null }, root, inherited, null, exported =>
            {
                using var unmounted = exported.WithoutEngineMounts([.. there.Values]);
                return Result(unmounted, root);
            }).Layers;
            inherited = ConfigEvaluator.Evaluate(inherited, part.Steps);
            stage = stage with { Steps = [.. stage.Steps.Take(known).Where(step => step.Keyword == "ARG"), .. stage.Steps.Skip(known)] };
        }
    }

    // Of sources that are fetched, and archives, nobody knows without unpacking them.
    private IReadOnlyList<string>? LinksIn(Instruction copy)
    {
        if (copy.CopyFrom is { } from)
            return [.. MergedEntries(LayersOf(from)).Where(entry => entry.Kind == EntryKind.SymbolicLink).Select(entry => entry.Path)];
        var matched = copy.CopySources.Select(_plan.Context.Match).ToList();
        return matched.Any(match => match.Sources.Count > 0 || match.Entries.Any(entry => entry.Kind == ContextKind.Archive)) ? null
            : [.. matched.SelectMany(match => match.Entries).Where(entry => entry.Kind == ContextKind.SymbolicLink).Select(entry => entry.Path)];
    }

    private StageResult RunInEngine(StagePlan stage, IReadOnlyList<Layer> root, ImageConfig inherited, string? terminal, Func<RootFilesystem, StageResult> take)
    {
        var temporary = Temporary;
        Directory.CreateDirectory(temporary);
        try
        {
            var images = new Dictionary<string, EngineImage>(StringComparer.Ordinal);
            string Known(string name, IReadOnlyList<Layer> layers, ImageConfig config, int steps = 0)
            {
                if (!images.TryGetValue(name, out var image))
                {
                    var layout = Path.Combine(temporary, "image" + images.Count);
                    var bounded = _bounded.Of(layers, Math.Min(LayerMerger.Most, MostInEngines - steps));
                    var digest = ImageLayout.WriteLinked(layout, Bare([.. bounded.Select(layer => layer.Layer)], config), _store.Layers).Digest;
                    images[name] = image = new EngineImage($"{ContainerfileRenderer.NameOf("input")}:{digest.Hex}", layout);
                }
                return image.Reference;
            }
            // The program that wraps commands, and the name of its image.
            (StepWrapper, string)? Wrapper()
            {
                if (_environment.Conditions.Wrapper is not { } wrapper)
                    return null;
                var image = new EngineImage($"{ContainerfileRenderer.NameOf("input")}:{ImageLayout.Read(wrapper.Layout).Manifest.Digest.Hex}", wrapper.Layout);
                images["/"] = image;
                return (wrapper, image.Reference);
            }
            var rootReference = root.Count == 0 ? null : Known("", root, inherited, stage.Steps.Count(step => step.AffectsFilesystem));
            var tar = Path.Combine(temporary, "root.tar");
            var build = new EngineBuild
            {
                Containerfile = ContainerfileRenderer.ForEngine(stage, rootReference, inherited, from => Known(from, LayersOf(from), ImageConfig.Empty), Wrapper(), runs: terminal is not null),
                ContextFolder = Context(),
                RootFilesystemTar = tar,
                LogFile = Path.Combine(_environment.LogsOf(Id), (terminal is null ? stage.Name : "shell") + ".log"),
                Terminal = terminal,
                FixedAddresses = _environment.Conditions.FixedAddresses,
                OnTmpfs = _environment.Conditions.OnTmpfs,
                Images = [.. images.Values],
                Label = $"{Id} {stage.Name}",
            };
            _running.Start();
            _engine!.Build(build, _environment.Log, _cancellation);
            _running.Stop();
            if (terminal is not null)
                return new StageResult([]);
            using var exported = Read(tar, stage);
            return take(exported);
        }
        finally
        {
            Directory.Delete(temporary, recursive: true);
        }
    }

    /// <summary>Whether an engine ran something.</summary>
    public bool UsedEngine => _engine is not null;

    /// <summary>Whether a stage worked in another folder than usual.</summary>
    public bool MovedFolder { get; private set; }

    private StagePlan InFolder(StagePlan stage, IReadOnlyList<Layer> root)
    {
        if (!_environment.Conditions.OtherFolder)
            return stage;
        var there = MergedEntries(root).Select(entry => entry.Path).ToHashSet(StringComparer.Ordinal);
        if (WorkingFolder.Move(stage, _plan.Context, there.Contains) is not { } moved)
            return stage;
        MovedFolder = true;
        return moved;
    }

    // What is wrong with the export is the step's doing, and the export is gone when somebody reads about it.
    private RootFilesystem Read(string tar, StagePlan stage)
    {
        try
        {
            return RootFilesystem.Read(tar);
        }
        catch (StageXException e) when (e.File == tar)
        {
            throw new StageXException(e.Code, $"{Id} {stage.Name}: {e.Message}", _package.ProjectFile, inner: e) { Item = ("Stage", stage.Name) };
        }
    }

    private IReadOnlyList<LayerEntry> MergedEntries(IReadOnlyList<Layer> layers)
    {
        using var merged = RootFilesystem.FromLayers(layers, _store.Layers);
        return merged.Entries;
    }

    private StageResult Result(RootFilesystem filesystem, IReadOnlyList<Layer> root)
    {
        var layer = LayerWriter.Write(filesystem, root, _store.Layers);
        return new StageResult(layer is null ? root : [.. root, layer]);
    }

    // The context holds the package's sources, so it is made only when a stage has to run, once for all of them.
    private string Context()
    {
        var folder = Path.Combine(_environment.ContainerfilesOf(Id), "context");
        if (_hasContext)
            return folder;
        new SourceFetcher(_environment.Sources, _environment.Fetch, _environment.Log).FetchAsync(_package.Sources, _cancellation).GetAwaiter().GetResult();
        AtomicFile.WriteDirectory(folder, temporary => _plan.Context.Write(temporary, _environment.Sources, _cancellation));
        _hasContext = true;
        return folder;
    }

    private Image Bare(IReadOnlyList<Layer> layers, ImageConfig config) => new()
    {
        Config = config,
        Layers = layers,
        History = [.. layers.Select(_ => new HistoryStep("", false))],
        Annotations = new Dictionary<string, string>(),
        Platform = _package.Platform,
    };

    private BuiltImage WriteImage(string id, string target, bool ran)
    {
        var stage = _plan.Stages.Single(plan => plan.Name == target);
        var whole = _results[target].Layers;
        if (whole.Count == 0)
            throw new StageXException(ErrorCode.EmptyPackage, $"{id} came out empty: nothing was written to /rootfs{target["package".Length..]}", _package.ProjectFile);
        var bounded = _bounded.Of(whole);
        IReadOnlyList<Layer> layers = [.. bounded.Select(layer => layer.Layer)];
        var image = new Image
        {
            Config = _configs[target],
            Layers = layers,
            History = History(stage, bounded, whole),
            Annotations = Annotations(id),
            Platform = _package.Platform,
        };
        var layout = _environment.LayoutOf(id);
        var digest = ImageLayout.Write(layout, image, _store.Layers).Digest;
        return new BuiltImage(id, digest, layout, layers.Sum(layer => layer.Size), ran);
    }

    // One entry for each layer, as readers count them: the packages' below, then this stage's steps with the layer at the last.
    private List<HistoryStep> History(StagePlan stage, IReadOnlyList<BoundedLayer> layers, IReadOnlyList<Layer> whole)
    {
        var hasOwn = whole.Count > RootOf(stage).Count && layers[^1].From.Contains(whole[^1]);
        var history = layers.Take(layers.Count - (hasOwn ? 1 : 0))
            .Select(layer => new HistoryStep("FROM " + string.Join(' ', layer.From.Select(from => OriginOf(stage, from)).Distinct()), false)).ToList();
        var steps = stage.Steps.Select(step => step.ToString()).ToList();
        for (var i = 0; i < steps.Count; i++)
            history.Add(new HistoryStep(steps[i], !hasOwn || i < steps.Count - 1));
        return history;
    }

    private string OriginOf(StagePlan stage, Layer layer) =>
        MembersOf(stage).Where(member => member.Image.Layers.Contains(layer)).OrderBy(member => member.Image.Layers.Count).Select(member => member.Id).FirstOrDefault()
            ?? stage.FromStage ?? stage.Name;

    private SortedDictionary<string, string> Annotations(string id)
    {
        var annotations = new SortedDictionary<string, string>(StringComparer.Ordinal) { ["org.opencontainers.image.title"] = id };
        void Add(string name, string value)
        {
            if (value.Length > 0)
                annotations[name] = value;
        }
        Add("org.opencontainers.image.version", _package.Version.ToString());
        Add("org.opencontainers.image.description", _package.Description);
        Add("org.opencontainers.image.licenses", _package.License);
        Add("org.opencontainers.image.url", _package.ProjectUrl);
        Add("org.opencontainers.image.source", string.Join(' ', _package.Sources.Select(AddressOf)));
        Add(Dependency.RuntimeAnnotation, string.Join(' ', _package.References.Where(reference => reference.Runtime).Select(reference => reference.Id).Order(StringComparer.Ordinal)));
        return annotations;
    }

    private static string AddressOf(Source source) => source.Urls.Count > 0 ? source.Urls[0].OriginalString : source.Include;

    private string TextForPeople()
    {
        var used = _plan.Stages.SelectMany(stage => MembersOf(stage).Select(member => member.Id).Concat(stage.CopiedPackages)).Distinct().Order(StringComparer.Ordinal).ToList();
        var heading = $"# {Id} {_package.Version}, from {Path.GetFileName(_plan.File)}. By hand, in this folder:\n";
        foreach (var id in used)
            heading += $"#   skopeo copy oci:../../images/{id} containers-storage:{ContainerfileRenderer.NameOf(id)}\n";
        heading += "#   buildah bud --network none -f Containerfile context\n";
        foreach (var source in _package.Sources)
            heading += $"# context/fetch/{source.Name} is {AddressOf(source)}, {source.Sha256}\n";
        return ContainerfileRenderer.ForPeople(heading, _plan.Stages, Inherited, stage => MembersOf(stage).Select(member => member.Id));
    }
}
