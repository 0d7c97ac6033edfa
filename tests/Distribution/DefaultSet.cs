using System.Text.Json.Nodes;

namespace StageX.Build.Tests.Distribution;

/// <summary>The packages of this repository, built where the user's own builds go, once for all tests that look at them.</summary>
public static class DefaultSet
{
    private static readonly Lazy<IReadOnlyList<BuiltPackage>> Built = new(() => Build(TreeProject(Repository.Root)));

    public static IReadOnlyList<BuiltPackage> Images => Built.Value;

    public static string TreeProject(string root) => Path.Combine(root, "packages", "packages.msbuildproj");

    /// <summary>The property that builds no more than the chain to the first build root and a few packages, and their images.</summary>
    public const string ChainOnly = "-p:StageXSet=chain";

    public static IReadOnlyList<BuiltPackage> ChainImages => BuiltChain.Value;

    private static readonly Lazy<IReadOnlyList<BuiltPackage>> BuiltChain = new(() => Build(TreeProject(Repository.Root), ChainOnly));

    /// <summary>The cache that builds without further settings use.</summary>
    public static string Cache { get; } = Environment.GetEnvironmentVariable("StageXCache") is { Length: > 0 } cache
        ? cache
        : Path.Combine(Environment.GetEnvironmentVariable("XDG_CACHE_HOME") is { Length: > 0 } caches
            ? caches
            : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache"), "stagex");

    /// <summary>A new cache that has the verified sources of the user's, and nothing else.</summary>
    public static string CacheWithSources(string folder)
    {
        Directory.CreateDirectory(folder);
        foreach (var part in new[] { "sources", "debian" })
        {
            Directory.CreateDirectory(Path.Combine(Cache, part));
            Directory.CreateSymbolicLink(Path.Combine(folder, part), Path.Combine(Cache, part));
        }
        return folder;
    }

    public static IReadOnlyList<BuiltPackage> Read(CommandResult result) =>
        [.. JsonNode.Parse(result.MustSucceed().Output)!["TargetResults"]!["Build"]!["Items"]!.AsArray().Select(item => new BuiltPackage(
            (string)item!["Identity"]!, (string)item["Digest"]!, (string)item["Layout"]!, (string)item["MSBuildSourceProjectFile"]!))];

    /// <summary>Builds a tree project of this repository.</summary>
    public static IReadOnlyList<BuiltPackage> Build(string project, params string[] properties)
    {
        Command.Run("dotnet", ["build", project, "-nologo", "-tl:off", .. properties], Repository.Root).MustSucceed();
        return Read(Command.Run("dotnet", ["msbuild", project, "-nologo", "-getTargetResult:Build", .. properties], Repository.Root));
    }
}

/// <summary>One image as the Build target returns it.</summary>
public sealed record BuiltPackage(string Id, string Digest, string Layout, string Project);
