namespace StageX.Build.Stages;

/// <summary>Prints which part of which stage's key differs from the last build.</summary>
public sealed class ExplainBuild : PackageTask
{
    protected override void Run()
    {
        var package = ReadDefinition();
        var reasons = new PackageBuilder(package, ReadDependencies(package), Environment, Cancellation).Why();
        foreach (var reason in reasons.DefaultIfEmpty($"{package.Id}: up to date"))
            BuildLog.Milestone(reason);
    }
}
