using System.Diagnostics;
using System.Text.Json.Nodes;

namespace StageX.Build.Tests.Sdk;

/// <summary>A tree of packages in a temporary folder, with its own artifacts and its own cache, built by the real dotnet.</summary>
public sealed class TestTree : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public TestTree(string? cache = null)
    {
        Cache = cache ?? _folder["cache"];
        Root = _folder["tree"];
        Directory.CreateDirectory(Root);
    }

    public string Root { get; }

    public string Cache { get; }

    /// <summary>Whether there is no other file system to vary its builds with.</summary>
    public bool IsOnTmpfs => new DriveInfo(Cache).DriveFormat == "tmpfs";

    public string Artifacts => Path.Combine(Root, "artifacts");

    public IReadOnlyList<string> Properties => [$"-p:StageXRoot={Root}", $"-p:StageXCache={Cache}", "-p:StageXDebianSuites=none"];

    public IReadOnlyDictionary<string, string?> Environment { get; init; } = new Dictionary<string, string?>();

    /// <summary>Where its packages import the SDK from.</summary>
    public string Sdk { get; init; } = Repository.Sdk;

    /// <summary>What builds are started through: a command that becomes its arguments, as another user say.</summary>
    public IReadOnlyList<string> Through { get; set; } = [];

    public string Project(string stage, string name) => Path.Combine(Root, stage, name, name + ".msbuildproj");

    public string File(string stage, string name, string file) => Path.Combine(Root, stage, name, file);

    /// <summary>Writes a package: the body of its project, and files beside it.</summary>
    public string Add(string stage, string name, string items, params (string Name, string Text)[] files) =>
        AddVersion(stage, name, "1.0", items, files);

    public string AddVersion(string stage, string name, string version, string items, params (string Name, string Text)[] files)
    {
        var project = Project(stage, name);
        Directory.CreateDirectory(Path.GetDirectoryName(project)!);
        System.IO.File.WriteAllText(project, $"""
            <Project>
              <Import Project="{Sdk}/Sdk/Sdk.props" />
              <PropertyGroup>
                <PackageVersion>{version}</PackageVersion>
              </PropertyGroup>
              <ItemGroup>
            {items}
              </ItemGroup>
              <Import Project="{Sdk}/Sdk/Sdk.targets" />
            </Project>

            """);
        foreach (var (file, text) in files)
            Write(stage, name, file, text);
        return project;
    }

    public void Write(string stage, string name, string file, string text)
    {
        var path = File(stage, name, file);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        System.IO.File.WriteAllText(path, text);
    }

    /// <summary>A package core-busybox with a shell and the usual tools: the smallest root in which scripts run.</summary>
    public string AddBusybox()
    {
        var links = string.Concat("sh cat cp echo env id ls mkdir rm sleep stat sed chmod ln sort head od dd"
            .Split(' ').Select(name => $"""    <SymbolicLink Include="/bin/{name}" To="busybox" />""" + "\n"));
        var project = Add("core", "busybox", """    <File Include="busybox" Path="/bin/busybox" Mode="755" />""" + "\n" + links);
        System.IO.File.Copy("/bin/busybox", File("core", "busybox", "busybox"), overwrite: true);
        return project;
    }

    /// <summary>A reference to core-busybox for the root of the stages.</summary>
    public const string Busybox = """    <ProjectReference Include="../../core/busybox/busybox.msbuildproj" />""";

    /// <summary>A project that lists all packages added so far.</summary>
    public string Tree()
    {
        var path = Path.Combine(Root, "tree.msbuildproj");
        System.IO.File.WriteAllText(path, $"""
            <Project>
              <PropertyGroup><StageXTree>true</StageXTree></PropertyGroup>
              <Import Project="{Sdk}/Sdk/Sdk.props" />
              <ItemGroup><ProjectReference Include="*/*/*.msbuildproj" /></ItemGroup>
              <Import Project="{Sdk}/Sdk/Sdk.targets" />
            </Project>

            """);
        return path;
    }

    public CommandResult Build(string project, params string[] arguments) => Command.Finish(Start(project, arguments));

    public Process Start(string project, params string[] arguments)
    {
        string[] command = [.. Through, "dotnet", .. Arguments(project, arguments)];
        return Command.Start(command[0], command[1..], Root, Environment);
    }

    /// <summary>The same at the head of a process group of its own, as a shell starts it in a terminal.</summary>
    public Process StartGroup(string project, params string[] arguments) =>
        Command.Start("setsid", ["env", "--default-signal=INT", "dotnet", .. Arguments(project, arguments)], Root, Environment);

    private string[] Arguments(string project, string[] arguments) =>
        ["build", project, "-nologo", "-tl:off", "-nodeReuse:false", "-v:minimal", .. Properties, .. arguments];

    /// <summary>The items that a target returned, as CI reads them.</summary>
    public IReadOnlyList<JsonNode> Items(string project, string target = "Build", params string[] arguments)
    {
        var result = Command.Run("dotnet",
            ["msbuild", project, "-nologo", "-nodeReuse:false", $"-getTargetResult:{target}", .. Properties, .. arguments], Root, Environment).MustSucceed();
        return [.. JsonNode.Parse(result.Output)!["TargetResults"]![target]!["Items"]!.AsArray().Select(item => item!)];
    }

    public string Digest(string project, params string[] arguments) => (string)Items(project, "Build", arguments)[0]["Digest"]!;

    /// <summary>What a build that ended well may not leave: a process, a mount, a run of the engine, a temporary name.</summary>
    /// <param name="mark">What stands on the command line of steps, where a daemon runs them.</param>
    public void AssertNothingIsLeft(string? mark = null)
    {
        List<string> left = [];
        // Of a build whose main process was killed, the others may go on for a moment.
        if (!SpinWait.SpinUntil(() => (left = [.. Left(mark)]).Count == 0, TimeSpan.FromSeconds(60)))
            Assert.Fail("left behind:\n" + string.Join('\n', left));
    }

    /// <summary>Whether a process of a build of it runs.</summary>
    public bool IsAtWork => Processes().Count > 0;

    /// <summary>A line for each of these.</summary>
    public IEnumerable<string> Left(string? mark)
    {
        foreach (var line in mark is null ? [] : Steps(mark))
            yield return line;
        foreach (var (id, command) in Processes().Where(process => !IsNode(process.Command)))
            yield return $"{id} {command}";
        foreach (var mount in System.IO.File.ReadLines("/proc/self/mountinfo").Where(line => line.Contains(_folder.Path, StringComparison.Ordinal)))
            yield return mount;
        foreach (var folder in new[] { Path.Combine(Cache, "engines", "runs"), Path.Combine(Cache, "engines", "docker"), Path.Combine(Artifacts, "tmp") }.Where(Directory.Exists))
            foreach (var entry in Directory.EnumerateDirectories(folder))
                yield return entry;
        if (Directory.Exists(Artifacts))
            foreach (var entry in Directory.EnumerateFileSystemEntries(Artifacts, ".*.tmp", SearchOption.AllDirectories))
                yield return entry;
    }

    /// <summary>Command lines of processes that end in a mark: of steps that sleep for as many seconds.</summary>
    public static IReadOnlyList<string> Steps(string mark)
    {
        List<string> found = [];
        foreach (var process in Directory.EnumerateDirectories("/proc").Where(folder => char.IsAsciiDigit(Path.GetFileName(folder)[0])))
            try
            {
                if (System.IO.File.ReadAllText(Path.Combine(process, "cmdline")) is var line && line.TrimEnd('\0').EndsWith("sleep\0" + mark, StringComparison.Ordinal))
                    found.Add(line.Replace('\0', ' '));
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // It has ended.
            }
        return found;
    }

    // A node of MSBuild whose main process was killed sometimes waits for it forever, idle; there is nothing that we could do.
    private static bool IsNode(string command) => command.Contains(" /nodemode:", StringComparison.Ordinal);

    // Main processes and nodes work in the tree's folder, engines in the cache.
    private List<(int Id, string Command)> Processes()
    {
        List<(int, string)> found = [];
        foreach (var process in Directory.EnumerateDirectories("/proc").Where(folder => char.IsAsciiDigit(Path.GetFileName(folder)[0])))
            try
            {
                var folder = new FileInfo(Path.Combine(process, "cwd")).LinkTarget ?? "";
                var command = System.IO.File.ReadAllText(Path.Combine(process, "cmdline")).Replace('\0', ' ');
                if (new[] { folder, command }.Any(text => text.Contains(Root, StringComparison.Ordinal) || text.Contains(Cache, StringComparison.Ordinal)))
                    found.Add((int.Parse(Path.GetFileName(process)), command));
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // It has ended.
            }
        return found;
    }

    public void Dispose()
    {
        foreach (var (id, _) in Processes().Where(process => IsNode(process.Command)))
            try
            {
                using var node = Process.GetProcessById(id);
                node.Kill();
                node.WaitForExit();
            }
            catch (ArgumentException)
            {
                // It has ended.
            }
        _folder.Dispose();
    }
}
