using System.Diagnostics;
using System.Globalization;
using Microsoft.Build.Framework;
using Microsoft.Build.Utilities;
using StageX.Build.Images;
using StageX.Build.Packages;
using StageX.Build.Stages;

namespace StageX.Build.Checks;

/// <summary>
/// Runs a package's test suite on top of its last stage, sources and objects included, or with its result alone, and judges what
/// it found. Nothing of it gets into an image that anybody uses.
/// </summary>
public sealed class TestPackage : PackageTask
{
    private const string Results = "results";

    /// <summary>An item with Passed, Failed, Skipped (numbers) and Seconds; none where the package has no Test.</summary>
    [Output]
    public ITaskItem[] Report { get; private set; } = [];

    protected override void Run()
    {
        var watch = Stopwatch.StartNew();
        var package = ReadDefinition();
        if (package.Test is not { } test)
            return;
        // Images lie apart: they are evidence, nobody uses them.
        var environment = Environment with { Artifacts = Path.Combine(Environment.Artifacts, "tests") };
        var dependencies = ReadDependencies(package);
        BuiltImage RunTests(string? again = null) => new PackageBuilder(package with { RunsTests = true }, dependencies, environment, Cancellation).Build(again)[^1];
        var image = RunTests();
        var results = Read(image, test);
        var known = package.KnownFailures.Select(failure => failure.Test).ToList();
        // Chance may have been at work the last time: whoever asks again wants to know.
        if (!image.Built && results.Unknown(known).Count > 0)
            results = Read(RunTests(test.Name), test);
        Report =
        [
            new TaskItem(package.Id.ToString(), new Dictionary<string, string>
            {
                ["Passed"] = results.Passed.Count.ToString(CultureInfo.InvariantCulture),
                ["Failed"] = results.Failed.Count.ToString(CultureInfo.InvariantCulture),
                ["Skipped"] = results.Skipped.Count.ToString(CultureInfo.InvariantCulture),
                ["Seconds"] = watch.Elapsed.TotalSeconds.ToString("0.0", CultureInfo.InvariantCulture),
            }),
        ];
        BuildLog.Milestone($"{package.Id}: {results.Passed.Count} tests passed, {results.Failed.Count} failed, {results.Skipped.Count} skipped");
        if (results.Unknown(known) is { Count: > 0 } unknown)
            throw Fault(ErrorCode.TestFailed, test,
                $"{unknown.Count} of the tests of {package.Id} fail and are not listed as KnownFailure; the log is {environment.LogsOf(package.Id.ToString())}/{test.Name}.log:{string.Concat(unknown.Select(name => "\n" + name))}");
        if (results.Stale(known) is [{ } stale, ..])
            throw new StageXException(ErrorCode.StaleKnownFailure, $"the test {stale} does not fail; remove the KnownFailure", Project) { Item = ("KnownFailure", stale) };
    }

    private TestResults Read(BuiltImage image, StageDefinition test)
    {
        using var files = RootFilesystem.FromLayers(ImageLayout.Read(image.Layout).Image.Layers, Environment.Stages.Layers);
        var entry = files.Entries.FirstOrDefault(entry => entry is { Path: Results, Kind: EntryKind.File })
            ?? throw Fault(ErrorCode.NoTestResults, test, $"the Test '{test.Name}' wrote no /rootfs/{Results}");
        using var reader = new StreamReader(files.Open(entry));
        var results = TestResults.Parse(reader.ReadToEnd());
        return results.IsEmpty ? throw Fault(ErrorCode.NoTestResults, test, $"no test was run: /rootfs/{Results} of the Test '{test.Name}' has no line like 'PASS: name'") : results;
    }

    private StageXException Fault(string code, StageDefinition test, string message) => new(code, message, Project) { Item = ("Test", test.Name) };
}
