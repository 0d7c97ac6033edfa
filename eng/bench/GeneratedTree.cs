using System.Text;

namespace StageX.Build.Benchmarks;

/// <summary>
/// A tree of trivial packages with the dependency graph of the reference distribution, in a folder of its own: each one's
/// root is composed of what it depends on, and its image holds one file. And the same graph in projects that do nothing.
/// </summary>
internal sealed class GeneratedTree : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("stagex-bench-").FullName;
    private readonly string _sdk;

    public GeneratedTree(string repository)
    {
        _sdk = Path.Combine(repository, "sdk", "Sdk");
        Graph = [.. File.ReadLines(Path.Combine(repository, "eng", "bench", "graph.txt")).Select(line => line.Split(' ')).Select(words => (words[0], words[1..]))];
        foreach (var (id, dependencies) in Graph)
            WritePackage(id, dependencies);
        Project = WriteTree("packages", $"""
              <PropertyGroup><StageXTree>true</StageXTree></PropertyGroup>
              <Import Project="{_sdk}/Sdk.props" />
            """, $"""  <Import Project="{_sdk}/Sdk.targets" />""");
        WriteBare();
        BareProject = WriteTree("bare", "", """  <Import Project="bare.targets" />""");
    }

    /// <summary>Ids with the ids that they depend on.</summary>
    public IReadOnlyList<(string Id, string[] Dependencies)> Graph { get; }

    public string Project { get; }

    public string BareProject { get; }

    private string Packages => Path.Combine(_folder, "packages");

    /// <summary>Seconds that a build takes, and its output.</summary>
    public (double Seconds, string Output) Build(string project, params IEnumerable<string> arguments) => Tool.Run("dotnet",
        ["build", project, "-nologo", "-tl:off", "-v:minimal", "-m:2", "-nodeReuse:false",
            $"-p:StageXRoot={_folder}", $"-p:StageXCache={_folder}/cache", "-p:StageXDebianSuites=none", .. arguments]);

    /// <summary>Where a file of a package is.</summary>
    public string FileOf(string id, string file) => Path.Combine(FolderOf(Packages, id), file);

    /// <summary>Takes a package out of the recorded digests.</summary>
    public void ForgetDigest(string id)
    {
        var file = Path.Combine(Packages, id.Split('-', 2)[0], "digests.txt");
        File.WriteAllLines(file, File.ReadAllLines(file).Where(line => !line.EndsWith($" {id}", StringComparison.Ordinal)));
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private string WriteTree(string folder, string begin, string end)
    {
        var project = Path.Combine(_folder, folder, "tree.msbuildproj");
        File.WriteAllText(project, $"""
            <Project>
            {begin}
              <ItemGroup><ProjectReference Include="*/*/*.msbuildproj" /></ItemGroup>
            {end}
            </Project>

            """);
        return project;
    }

    private void WritePackage(string id, string[] dependencies)
    {
        var folder = FolderOf(Packages, id);
        Directory.CreateDirectory(Path.Combine(folder, "content/usr/share", id));
        Directory.CreateDirectory(Path.Combine(folder, "content/usr/share/common"));
        File.WriteAllText(Path.Combine(folder, "content/usr/share", id, "name"), id + "\n");
        File.WriteAllText(Path.Combine(folder, "content/usr/share/common/text"), "the same everywhere\n");
        var containerfile = new StringBuilder();
        if (dependencies.Length > 0)
        {
            containerfile.Append("FROM scratch AS build\n");
            foreach (var dependency in dependencies)
                containerfile.Append($"COPY --from=stagex/{dependency} / /\n");
            containerfile.Append('\n');
        }
        containerfile.Append("FROM scratch AS package\nCOPY content/ /\n");
        if (dependencies.Length > 0)
            containerfile.Append("COPY --from=build /usr/share/common/ /usr/share/common/\n");
        File.WriteAllText(Path.Combine(folder, "Containerfile"), containerfile.ToString());
        File.WriteAllText(ProjectOf(Packages, id), $"""
            <Project>
              <Import Project="{_sdk}/Sdk.props" />
              <PropertyGroup>
                <PackageVersion>1.0</PackageVersion>
                <Description>One file</Description>
                <PackageLicenseExpression>CC0-1.0</PackageLicenseExpression>
              </PropertyGroup>
              <ItemGroup>
            {References(dependencies)}
              </ItemGroup>
              <Import Project="{_sdk}/Sdk.targets" />
            </Project>

            """);
    }

    // What a build of a graph cannot do without: projects that build what they refer to.
    private void WriteBare()
    {
        var bare = Path.Combine(_folder, "bare");
        Directory.CreateDirectory(bare);
        File.WriteAllText(Path.Combine(bare, "bare.targets"), """
            <Project>
              <ItemGroup><ProjectReferenceTargets Include="Build" Targets="Build" /></ItemGroup>
              <Target Name="BuildReferences" Condition="'@(ProjectReference)' != ''">
                <MSBuild Projects="@(ProjectReference)" Targets="Build" BuildInParallel="true" />
              </Target>
              <Target Name="Build" DependsOnTargets="BuildReferences" />
              <Target Name="Restore" />
            </Project>

            """);
        foreach (var (id, dependencies) in Graph)
        {
            Directory.CreateDirectory(FolderOf(bare, id));
            File.WriteAllText(ProjectOf(bare, id), $"""
                <Project>
                  <ItemGroup>
                {References(dependencies)}
                  </ItemGroup>
                  <Import Project="../../bare.targets" />
                </Project>

                """);
        }
    }

    private static string References(string[] dependencies) =>
        string.Join('\n', dependencies.Select(id => $"""    <ProjectReference Include="{ProjectOf("../..", id)}" />"""));

    private static string FolderOf(string root, string id) => Path.Combine(root, id.Split('-', 2)[0], id.Split('-', 2)[1]);

    private static string ProjectOf(string root, string id) => Path.Combine(FolderOf(root, id), id.Split('-', 2)[1] + ".msbuildproj");
}
