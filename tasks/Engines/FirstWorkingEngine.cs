namespace StageX.Build.Engines;

/// <summary>The first of several engines that works here, found out on first need.</summary>
internal sealed class FirstWorkingEngine(IReadOnlyList<IEngine> engines) : IEngine
{
    private readonly Lock _choosing = new();
    private IEngine? _chosen;

    public string Name => _chosen?.Name ?? "auto";

    public EngineInfo Probe(CancellationToken cancellation) => Chosen(cancellation).Probe(cancellation);

    public void Build(EngineBuild build, IBuildLog log, CancellationToken cancellation) => Chosen(cancellation).Build(build, log, cancellation);

    private IEngine Chosen(CancellationToken cancellation)
    {
        lock (_choosing)
            return _chosen ??= Choose(cancellation);
    }

    private IEngine Choose(CancellationToken cancellation)
    {
        List<StageXException> refusals = [];
        foreach (var engine in engines)
            try
            {
                engine.Probe(cancellation);
                return engine;
            }
            catch (StageXException e)
            {
                refusals.Add(e);
            }
        var present = refusals.Where(refusal => refusal.Code != ErrorCode.EngineMissing).ToList();
        if (present.Count == 1)
            throw present[0];
        throw new StageXException(present.Count == 0 ? ErrorCode.EngineMissing : ErrorCode.NoEngine,
            $"No container engine works here, and one is needed.\n{string.Join('\n', engines.Zip(refusals, (engine, refusal) => $"{engine.Name}: {refusal.Message} ({refusal.Code})"))}");
    }
}
