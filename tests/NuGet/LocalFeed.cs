namespace StageX.Build.Tests.NuGet;

/// <summary>The SDK packed into a folder, and users elsewhere who know nothing but that folder.</summary>
public sealed class LocalFeed : IDisposable
{
    private const string Project = "sdk/StageX.Build.Sdk.csproj";

    private readonly TemporaryFolder _folder = new();
    private readonly Dictionary<string, string?> _environment;

    public LocalFeed()
    {
        // Not where a user's own builds go, and kept, so that only the first run of the tests compiles.
        Package = Pack(Repository.Root, Path.Combine(Repository.Root, "artifacts", "tests", "pack"), _folder["feed"]);
        File.WriteAllText(_folder["NuGet.config"], $"""
            <configuration>
              <packageSources>
                <clear />
                <add key="local" value="{_folder["feed"]}" />
              </packageSources>
            </configuration>
            """);
        _environment = new Dictionary<string, string?>
        {
            ["DOTNET_CLI_HOME"] = _folder["home"],
            ["NUGET_PACKAGES"] = _folder["packages"],
            ["StageXCache"] = _folder["cache"],
        };
    }

    /// <summary>The package file.</summary>
    public string Package { get; }

    /// <summary>A new, empty folder somewhere.</summary>
    public string NewFolder(string name) => Directory.CreateDirectory(_folder[name]).FullName;

    /// <summary>What a user types there.</summary>
    public CommandResult Dotnet(string folder, params string[] arguments) => Run(folder, "dotnet", arguments).MustSucceed();

    public CommandResult Run(string folder, string program, params string[] arguments) => Command.Run(program, arguments, folder, _environment);

    /// <summary>Packs the SDK of a source tree and returns the package file.</summary>
    public static string Pack(string sources, string artifacts, string output)
    {
        // The commit stands in a package; a copy of a tree has none.
        Command.Run("dotnet", ["pack", Project, "-o", output, $"-p:ArtifactsPath={artifacts}", "-p:EnableSourceControlManagerQueries=false", "-nologo", "-v:quiet", "-nodeReuse:false"], sources).MustSucceed();
        return Directory.GetFiles(output, "*.nupkg").Single();
    }

    public void Dispose() => _folder.Dispose();
}
