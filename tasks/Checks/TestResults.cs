namespace StageX.Build.Checks;

/// <summary>
/// What a test suite found, by the names of its tests. It is read from lines as automake's harness prints them: PASS, FAIL,
/// SKIP, XFAIL, XPASS or ERROR, a colon, and the name. All other lines are the suite's own talk.
/// </summary>
/// <param name="Passed">They did what they should, or failed as the suite expects of them (XFAIL).</param>
/// <param name="Failed">They did not, could not be run (ERROR), or passed where the suite expects a failure (XPASS).</param>
/// <param name="Skipped">They were not run.</param>
public sealed record TestResults(IReadOnlyList<string> Passed, IReadOnlyList<string> Failed, IReadOnlyList<string> Skipped)
{
    /// <summary>Reads a log.</summary>
    public static TestResults Parse(string log)
    {
        var results = new TestResults(new List<string>(), new List<string>(), new List<string>());
        foreach (var line in log.Split('\n'))
        {
            if (line.Split(": ", 2) is not [var word, var name] || name.Trim().Length == 0)
                continue;
            var list = word switch
            {
                "PASS" or "XFAIL" => results.Passed,
                "FAIL" or "XPASS" or "ERROR" => results.Failed,
                "SKIP" => results.Skipped,
                _ => null,
            };
            ((List<string>?)list)?.Add(name.Trim());
        }
        return results;
    }

    /// <summary>Whether any test was run.</summary>
    public bool IsEmpty => Passed.Count + Failed.Count == 0;

    /// <summary>Those that fail and are not known to.</summary>
    public IReadOnlyList<string> Unknown(IEnumerable<string> known) => [.. Failed.Except(known)];

    /// <summary>Those that are known to fail and do not.</summary>
    public IReadOnlyList<string> Stale(IEnumerable<string> known) => [.. known.Except(Failed)];
}
