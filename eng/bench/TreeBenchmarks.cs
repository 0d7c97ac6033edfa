using System.Globalization;
using System.Text.RegularExpressions;

namespace StageX.Build.Benchmarks;

/// <summary>What MSBuild and the tasks spend on a tree of the reference distribution's size.</summary>
internal sealed partial class TreeBenchmarks : IDisposable
{
    private const int Runs = 5;
    private const string Core = "core-filesystem", Leaf = "user-hugo";
    private readonly GeneratedTree _tree;
    private int _changes;

    public TreeBenchmarks(string repository)
    {
        _tree = new GeneratedTree(repository);
        var seconds = _tree.Build(_tree.Project).Seconds;
        // As in a real tree.
        _tree.Build(_tree.Project, "-t:UpdateDigests");
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{_tree.Graph.Count} packages built for the first time in {seconds:0.0} s"));
    }

    /// <summary>Nothing to do, every project evaluated, against projects that do nothing.</summary>
    public Measured Noop()
    {
        var (ratio, ours, bare) = Timing.Pairs(Runs, () => Expect(0, "-graph"), Bare);
        return new Measured("noop", ratio, "1.3", Text($"nothing to do, `-graph`: {ours:0.0} s, bare projects {bare:0.0} s"));
    }

    /// <summary>Nothing to do, as the tree project finds out by itself.</summary>
    public Measured Stamp()
    {
        Expect(0);
        var (ratio, ours, bare) = Timing.Pairs(Runs, () => _tree.Build(_tree.Project).Seconds, Bare);
        return new Measured("stamp", ratio, "0.5", Text($"nothing to do, by the tree's stamp: {ours:0.0} s, bare projects {bare:0.0} s"));
    }

    /// <summary>One package changed that nothing depends on, against nothing changed.</summary>
    public Measured OneLeaf()
    {
        _tree.ForgetDigest(Leaf);
        var (ratio, changed, same) = Timing.Pairs(Runs, () =>
        {
            File.WriteAllText(_tree.FileOf(Leaf, $"content/usr/share/{Leaf}/name"), $"{++_changes}\n");
            return Expect(1, "-graph");
        }, () => Expect(0, "-graph"));
        return new Measured("leaf", ratio, "", Text($"one leaf changed: {changed:0.0} s, nothing changed {same:0.0} s"));
    }

    /// <summary>A change in what everything uses, whose output stays the same: its stages run, and no other.</summary>
    public Measured SameCore()
    {
        var containerfile = _tree.FileOf(Core, "Containerfile");
        var text = File.ReadAllText(containerfile);
        var (ratio, changed, same) = Timing.Pairs(Runs, () =>
        {
            File.WriteAllText(containerfile, text.Replace("AS build\n", $"AS build\nWORKDIR /change{++_changes}\n", StringComparison.Ordinal));
            return Expect(1, "-graph");
        }, () => Expect(0, "-graph"));
        return new Measured("core", ratio, "", Text($"a change below everything that leaves its output the same: {changed:0.0} s, nothing changed {same:0.0} s; one package is built"));
    }

    /// <summary>What the tasks spend on each package when nothing is to be done, against what MSBuild spends on a bare project.</summary>
    public Measured Import()
    {
        var perPackage = new List<double>();
        var (ratio, ours, bare) = Timing.Pairs(3, () =>
        {
            var output = _tree.Build(_tree.Project, "-graph", "-clp:PerformanceSummary").Output;
            return TaskTime().Matches(output).Where(task => task.Groups["name"].Value is "BuildPackage" or "CheckDigests" or "CheckReferences")
                .Sum(task => double.Parse(task.Groups["ms"].Value, CultureInfo.InvariantCulture)) / 1000;
        }, Bare);
        return new Measured("import", ratio, "", Text($"our tasks with nothing to do: {1000 * ours / _tree.Graph.Count:0.00} ms for each package, a bare build {1000 * bare / _tree.Graph.Count:0.00} ms"));
    }

    public void Dispose() => _tree.Dispose();

    private double Bare() => _tree.Build(_tree.BareProject, "-graph").Seconds;

    // Builds, and looks whether as many packages as should be were built.
    private double Expect(int built, params string[] arguments)
    {
        var (seconds, output) = _tree.Build(_tree.Project, arguments);
        var rows = Row().Matches(output).Select(row => row.Groups["status"].Value).ToList();
        if (rows.Count != _tree.Graph.Count || rows.Count(status => status == "built") != built)
            throw new InvalidOperationException($"expected {built} packages to be built\n{output}");
        return seconds;
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    [GeneratedRegex(@"^ *\| \S+ +\| 1\.0 .*\| (?<status>built|up to date) +\|", RegexOptions.Multiline)]
    private static partial Regex Row();

    [GeneratedRegex(@"^ *(?<ms>\d+) ms  (?<name>\S+) +\d+ calls", RegexOptions.Multiline)]
    private static partial Regex TaskTime();
}
