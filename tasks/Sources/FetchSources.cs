namespace StageX.Build.Sources;

/// <summary>Brings a package's sources into the cache, each verified.</summary>
public sealed class FetchSources : PackageTask
{
    protected override void Run()
    {
        var sources = ReadDefinition().Sources;
        new SourceFetcher(Environment.Sources, Environment.Fetch, BuildLog).FetchAsync(sources, Cancellation).GetAwaiter().GetResult();
    }
}
