using StageX.Build.Engines;

namespace StageX.Build.Reproducibility;

/// <summary>Which engine rebuilds: another one from run to run, of those that work here.</summary>
/// <param name="Usual">The engine of builds.</param>
/// <param name="Chosen">The one whose turn it is.</param>
/// <param name="Unchanged">Why it is no other than the usual one, or null.</param>
public sealed record EngineTurn(EngineInfo Usual, EngineInfo Chosen, string? Unchanged)
{
    /// <param name="usual">The engine of builds.</param>
    /// <param name="last">The name of the one that rebuilt last, or null.</param>
    /// <param name="settings">Of engines.</param>
    /// <param name="cancellation">Gives up.</param>
    public static EngineTurn After(IEngine usual, string? last, EngineSettings settings, CancellationToken cancellation)
    {
        var own = usual.Probe(cancellation);
        var names = EngineSelection.Names.ToList();
        var after = names.IndexOf(last ?? own.Name);
        var refusals = new List<string>();
        foreach (var name in names.Skip(after + 1).Concat(names.Take(after + 1)))
        {
            if (name == own.Name)
            {
                if (last is not null && last != own.Name)
                    return new EngineTurn(own, own, $"this time it is the turn of {own.Name}, which builds use as well");
                continue;
            }
            try
            {
                return new EngineTurn(own, EngineSelection.Create(name, settings).Probe(cancellation), null);
            }
            catch (StageXException e)
            {
                refusals.Add($"{name}: {e.Code}");
            }
        }
        return new EngineTurn(own, own, $"no other engine works here ({string.Join(", ", refusals)})");
    }
}
