namespace StageX.Build.Engines;

/// <summary>From the name in StageXEngine to an engine.</summary>
public static class EngineSelection
{
    private static readonly IReadOnlyDictionary<string, Func<EngineSettings, IEngine>> Engines =
        new SortedDictionary<string, Func<EngineSettings, IEngine>>(StringComparer.Ordinal)
        {
            [BuildahEngine.EngineName] = settings => new BuildahEngine(settings),
        };

    /// <param name="name"><c>auto</c> or an engine's name.</param>
    /// <param name="settings">Where it keeps its state.</param>
    /// <exception cref="StageXException">There is no such engine.</exception>
    public static IEngine Create(string name, EngineSettings settings)
    {
        if (name == "auto")
            name = BuildahEngine.EngineName;
        return Engines.TryGetValue(name, out var create)
            ? create(settings)
            : throw new StageXException(ErrorCode.EngineUnknown,
                $"StageXEngine is '{name}', which is none of: auto, {string.Join(", ", Engines.Keys)}.");
    }
}
