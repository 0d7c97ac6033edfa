namespace StageX.Build.Reproducibility;

/// <summary>
/// Finds by experiment which variations make a package come out otherwise. All rebuilds hold what they do not vary, the date and
/// the addresses of programs among it, which are others in any two builds.
/// </summary>
/// <param name="rebuild">Rebuilds with these variations, one job at a time or not; results are the same where the texts are.</param>
/// <param name="log">Is told each step.</param>
/// <param name="holds">Whether what is another in any two builds could be held.</param>
public sealed class Experiment(Func<IReadOnlyList<string>, bool, string> rebuild, Action<string> log, bool holds = true)
{
    // Of so many results of a race two are the same, most likely; random numbers never are.
    private const int Repetitions = 4;

    // What is another from build to build by itself, and held in the rebuilds of an experiment.
    private static readonly string[] Held = [Variations.Date, Variations.FileSystem, Variations.Addresses];

    private static readonly string[] OneAtATime = [Variations.Jobs, Variations.Processors];

    private int _builds;
    private string _control = "";

    /// <param name="usual">What the usual build came to.</param>
    /// <param name="varied">The variations that made it come to something else.</param>
    /// <param name="suspects">Those that the difference speaks for, most likely first.</param>
    public Verdict Run(string usual, IReadOnlyList<string> varied, IReadOnlyList<string> suspects)
    {
        _control = Rebuild([]);
        if (_control != usual)
        {
            if (Rebuild([]) is var again && again != _control)
                return Unstable([_control, again], varied);
            // Only what is held now made the usual build another.
            suspects = [.. suspects, .. Held];
        }

        var causes = new List<IReadOnlyList<string>>();
        var left = varied.ToList();
        var tried = new HashSet<string>(StringComparer.Ordinal);
        // Once one is found, all others together are likely to make no difference.
        while (left.Count > 0 && (causes.Count == 0 || Differs(left)))
        {
            // A race that had luck with its control would differ on and on.
            if (causes.Count == 1 && Rebuild([]) is var control && control != _control)
                return Unstable([_control, control], varied);
            var cause = suspects.Where(left.Contains).Where(tried.Add).FirstOrDefault(name => Differs([name])) is { } suspect ? [suspect]
                : causes.Count > 0 || Differs(left) ? Smallest(left) : [];
            if (cause.Count == 0)
                break;
            causes.Add(cause);
            left.RemoveAll(cause.Contains);
            // Another file system lists its entries in another order: who depends on that is named, and not what else brings it about.
            if (cause is [Variations.Order])
            {
                causes.RemoveAll(other => other is [Variations.Scratch]);
                left.Remove(Variations.Scratch);
            }
        }
        if ((causes.Count == 0 || causes[0].Any(OneAtATime.Contains)) && Rebuild([]) is var last && last != _control)
            return Unstable([_control, last], varied);
        return new Verdict(causes, null, _builds);
    }

    private Verdict Unstable(List<string> results, IReadOnlyList<string> varied)
    {
        log("it differs with nothing varied");
        var alone = Enumerable.Range(0, Repetitions).Select(_ => Rebuild([], oneAtATime: true)).ToList();
        if (alone.Distinct().Count() == 1 && OneAtATime.FirstOrDefault(varied.Contains) is { } parallel)
            return new Verdict([[parallel]], null, _builds);
        while (results.Count < Repetitions)
            results.Add(Rebuild([]));
        var isRace = results.Distinct().Count() < results.Count || alone.Distinct().Count() < alone.Count;
        if (!isRace && !holds)
            return new Verdict([], "a random number, the date or addresses, which could not be held", _builds);
        return new Verdict([], isRace ? "a race: some of its results are the same" : "a random number: each of its results is another", _builds);
    }

    // Halves the set as long as a half is enough, then takes out what is not needed.
    private List<string> Smallest(IReadOnlyList<string> names)
    {
        var set = names.ToList();
        for (var halved = true; halved && set.Count > 1;)
        {
            halved = false;
            foreach (var half in new[] { set[..(set.Count / 2)], set[(set.Count / 2)..] })
                if (Differs(half))
                {
                    (set, halved) = (half, true);
                    break;
                }
        }
        if (set.Count > 1)
            foreach (var name in set.ToList())
                if (set.Where(other => other != name).ToList() is { Count: > 0 } rest && Differs(rest))
                    set = rest;
        return set;
    }

    private bool Differs(IReadOnlyList<string> names)
    {
        var differs = Rebuild(names) != _control;
        log($"{string.Join(", ", names)}: {(differs ? "differs" : "the same")}");
        return differs;
    }

    private string Rebuild(IReadOnlyList<string> names, bool oneAtATime = false)
    {
        _builds++;
        return rebuild(names, oneAtATime);
    }
}
