namespace StageX.Build.Engines;

/// <summary>From the name in StageXEngine to an engine.</summary>
public static class EngineSelection
{
    internal const string Automatic = "auto";

    // The order is the one in which auto tries them.
    private static readonly (string Name, Func<EngineSettings, IEngine> Create)[] Engines =
    [
        (BuildahEngine.EngineName, settings => new BuildahEngine(settings)),
        (PodmanEngine.EngineName, settings => new PodmanEngine(settings)),
        (DockerEngine.EngineName, settings => new DockerEngine(settings)),
    ];

    /// <summary>The engines' names, in the order in which <c>auto</c> tries them.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. Engines.Select(engine => engine.Name)];

    /// <param name="name"><c>auto</c> or an engine's name.</param>
    /// <param name="settings">Where it keeps its state.</param>
    /// <exception cref="StageXException">There is no such engine.</exception>
    public static IEngine Create(string name, EngineSettings settings)
    {
        if (name == Automatic)
            return new FirstWorkingEngine([.. Engines.Select(engine => engine.Create(settings))]);
        return Engines.FirstOrDefault(engine => engine.Name == name).Create is { } create
            ? create(settings)
            : throw new StageXException(ErrorCode.EngineUnknown,
                $"StageXEngine is '{name}', which is none of: {Automatic}, {string.Join(", ", Names)}.");
    }
}
