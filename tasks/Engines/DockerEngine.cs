using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace StageX.Build.Engines;

/// <summary>
/// BuildKit, through docker's client and its plugin buildx, wherever the daemon is: files are sent to it and come back as a
/// stream. What of the contract of a step its options cannot express is written into the Containerfile (<see cref="StepMounts"/>).
/// </summary>
internal sealed partial class DockerEngine : IEngine
{
    public const string EngineName = "docker";

    // BuildKit before 0.12 would let a Containerfile pull.
    private static readonly Version OldestDaemon = new(25, 0);
    private static readonly Version OldestBuildx = new(0, 12);

    // How the user's client finds his daemon and his builder.
    private static readonly string[] Forwarded =
    [
        "DOCKER_HOST", "DOCKER_CONTEXT", "DOCKER_CONFIG", "DOCKER_TLS", "DOCKER_TLS_VERIFY", "DOCKER_CERT_PATH", "DOCKER_API_VERSION",
        "BUILDX_BUILDER", "SSH_AUTH_SOCK", "KUBECONFIG", "HOME", "USER", "XDG_RUNTIME_DIR",
        "SystemRoot", "USERPROFILE", "ProgramData", "ProgramFiles", "APPDATA", "LOCALAPPDATA",
    ];

    // A client's configuration can put these into every step.
    private static readonly string[] Proxies = ["HTTP_PROXY", "HTTPS_PROXY", "FTP_PROXY", "NO_PROXY", "ALL_PROXY"];

    private readonly string _state;
    private readonly Programs _programs;
    private readonly IReadOnlyDictionary<string, string> _surroundings;
    private readonly TimeSpan _unused;
    private readonly IReadOnlyDictionary<string, string> _variables;
    private readonly Lock _probing = new();
    private DockerProbe? _probed;

    public DockerEngine(EngineSettings settings)
    {
        _state = Path.GetFullPath(settings.StateFolder);
        _programs = new Programs(settings.SearchPath);
        _surroundings = settings.Environment;
        _unused = settings.KeepUnusedImages;
        _variables = settings.ClientVariables;
    }

    public string Name => EngineName;

    public EngineInfo Probe(CancellationToken cancellation) => Probed(cancellation).Info;

    public void Build(EngineBuild build, IBuildLog log, CancellationToken cancellation)
    {
        var docker = Probed(cancellation);
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(build.RootFilesystemTar))!);
            File.Delete(build.RootFilesystemTar);
            using var output = new BuildOutput(build.LogFile, build.Label, log);
            using var folder = NewFolder(cancellation);
            var images = new DockerImages(docker, folder, _unused, (arguments, print, cancel) => Client(docker.Client, folder, arguments).Run(print, cancel));
            var contexts = images.Offer(build.Images, Path.Combine(_state, "docker.lock"), text =>
            {
                log.Detail($"{build.Label}: {text}");
                output.Note($"# {build.Label}: {text}");
            }, cancellation);
            Run(contexts);

            void Run(IReadOnlyList<string> contexts)
            {
                var tar = AtomicFile.TemporaryBeside(build.RootFilesystemTar);
                var shell = build.Terminal is null ? null : DockerShell.In(folder);
                File.WriteAllText(folder["Containerfile"], StepMounts.Into(build.Containerfile));
                // Beside the Containerfile it goes before one in the context.
                File.WriteAllText(folder["Containerfile.dockerignore"], "");
                File.WriteAllText(folder["policy.json"], SourcePolicy(build.Images));
                StepMounts.WriteContext(folder["step"]);
                List<string> command =
                [
                    "build", "--progress", "plain", "--file", folder["Containerfile"], "--network", "none", "--no-cache",
                    "--provenance", "false", "--sbom", "false", "--build-arg", "BUILDKIT_SANDBOX_HOSTNAME=stagex",
                    .. Proxies.SelectMany(name => (string[])["--build-arg", name + "=", "--build-arg", name.ToLowerInvariant() + "="]),
                    .. StepRuntime.UlimitOptions.SelectMany(limit => (string[])["--ulimit", limit]),
                    "--build-context", $"{StepMounts.ContextName}={folder["step"]}",
                    .. contexts.SelectMany(context => (string[])["--build-context", context]),
                    "--output", shell is not null ? $"type=docker,name={shell.Image}" : $"type=tar,dest={folder.LinkToOutput("rootfs.tar", tar)}",
                    Path.GetFullPath(build.ContextFolder),
                ];
                output.Note($"# {build.Label}: {docker.Buildx} {string.Join(' ', command)}");
                var progress = new BuildKitProgress(output);
                var status = Client(docker.Buildx, folder, command).Run(progress.Write, cancellation);
                progress.End();
                output.End();
                if (status != 0)
                    throw Failure(build, output, progress, status, cancellation);
                if (shell is null)
                    File.Move(tar, build.RootFilesystemTar, overwrite: true);
                else if (Client("/bin/sh", folder, shell.Open(docker.Client, build.Terminal!)).Run(output.Write, cancellation) is not 0 and var ended)
                    throw Failure(build, output, progress, ended, cancellation);
            }
        }
        catch (IOException e) when (StageX.Build.DiskFull.Is(e))
        {
            throw DiskFull(build, e.Message, e);
        }
    }

    private DockerProbe Probed(CancellationToken cancellation)
    {
        lock (_probing)
            return _probed ??= ProbeOnce(cancellation);
    }

    private DockerProbe ProbeOnce(CancellationToken cancellation)
    {
        var client = _programs.Find("docker", "docker.io");
        using var folder = NewFolder(cancellation);
        var printed = new StringBuilder();
        int Ask(string program, params IReadOnlyList<string> arguments)
        {
            printed.Clear();
            return Client(program, folder, arguments).Run(bytes => printed.Append(Encoding.UTF8.GetString(bytes)), cancellation);
        }

        Ask(client, "info", "--format", "{{json .}}");
        JsonNode info;
        try
        {
            // Warnings stand before or after the one line of JSON.
            info = JsonNode.Parse(printed.ToString().Split('\n').First(line => line.StartsWith('{')))!;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw new StageXException(ErrorCode.EngineUnusable, $"'{client} info' printed: {printed.ToString().Trim()}", inner: e);
        }
        if (info["ClientInfo"] is not { } about)
            throw new StageXException(ErrorCode.EngineMissing,
                $"{client} is not docker but an imitation. Install docker (Debian: apt-get install --no-install-recommends docker.io), or set StageXEngine=podman.");

        var plugins = about["Plugins"]?.AsArray() ?? [];
        if (plugins.FirstOrDefault(plugin => (string?)plugin!["Name"] == "buildx" && plugin["Path"] is not null && plugin["Err"] is null) is not { } buildx)
            throw new StageXException(ErrorCode.EngineMissing,
                $"{client} has no plugin buildx. Install the package docker-buildx (Debian: apt-get install --no-install-recommends docker-buildx; from docker's own archive: docker-buildx-plugin).");
        Demand((string?)buildx["Version"] ?? "", OldestBuildx, "docker's plugin buildx", "docker-buildx");

        var reached = _surroundings.GetValueOrDefault("DOCKER_HOST") is { Length: > 0 } host ? host : "context " + ((string?)about["Context"] ?? "default");
        if (info["ServerErrors"] is JsonArray { Count: > 0 } errors)
            throw new StageXException(ErrorCode.DaemonUnreachable,
                $"No docker daemon answers at {reached}: {string.Join(' ', errors.Select(error => (string?)error))} Start it (systemctl start docker), join its group (usermod --append --groups docker …), or set DOCKER_HOST or the context to where one runs.");
        var version = (string?)info["ServerVersion"] ?? "";
        Demand(version, OldestDaemon, $"the docker daemon at {reached}", "docker.io");
        if ((string?)info["OSType"] != "linux")
            throw new StageXException(ErrorCode.EngineUnusable,
                $"The docker daemon at {reached} runs containers of {(string?)info["OSType"]}. Switch it to Linux containers.");

        var path = (string)buildx["Path"]!;
        if (Ask(path, "inspect") != 0 || DriverLine().Match(printed.ToString()) is not { Success: true } driver)
            throw new StageXException(ErrorCode.EngineUnusable, $"buildx does not know the builder it is to use: {printed.ToString().Trim()}\nSee 'docker buildx ls', and BUILDX_BUILDER.");
        var rootless = info["SecurityOptions"]?.AsArray().Any(option => ((string?)option)?.Contains("name=rootless", StringComparison.Ordinal) == true) == true;
        return new DockerProbe(
            new EngineInfo(EngineName, version, rootless, (string?)info["Driver"] ?? "") { Reached = reached, Architecture = EngineInfo.OciName((string?)info["Architecture"] ?? "") },
            client, path,
            // Builders other than the daemon's own, and its own where images are containerd's, take layouts.
            TakesLayouts: driver.Groups["driver"].Value != "docker"
                || info["DriverStatus"]?.AsArray().Any(line => ((string?)line?[1])?.StartsWith("io.containerd.snapshotter", StringComparison.Ordinal) == true) == true);
    }

    private static void Demand(string version, Version oldest, string what, string package)
    {
        if (VersionNumber().Match(version) is { Success: true } number && Version.Parse(number.Value) < oldest)
            throw new StageXException(ErrorCode.EngineTooOld, $"{what} is version {version}; the oldest that works is {oldest}. Install a newer package {package}.");
    }

    private BuildFolder NewFolder(CancellationToken cancellation)
    {
        var folder = BuildFolder.Create(Path.Combine(_state, "docker"), Remove, cancellation);
        // buildx keeps notes of every build, and names contexts after this folder: with a new one no build takes another's files
        // for its own because time and size are the same. Which builder the user has chosen still counts.
        var theirs = Path.Combine(_surroundings.GetValueOrDefault("BUILDX_CONFIG") is { Length: > 0 } configured ? configured
            : Path.Combine(_surroundings.GetValueOrDefault("DOCKER_CONFIG") is { Length: > 0 } config ? config
                : Path.Combine(_surroundings.GetValueOrDefault("HOME") ?? _surroundings.GetValueOrDefault("USERPROFILE") ?? _state, ".docker"), "buildx"));
        foreach (var part in (string[])["current", "instances", "defaults"])
            Copy(Path.Combine(theirs, part), Path.Combine(folder["buildx"], part));
        return folder;
    }

    private static void Copy(string from, string to)
    {
        if (File.Exists(from))
        {
            Directory.CreateDirectory(Path.GetDirectoryName(to)!);
            File.Copy(from, to);
        }
        else if (Directory.Exists(from))
            foreach (var entry in Directory.EnumerateFileSystemEntries(from))
                Copy(entry, Path.Combine(to, Path.GetFileName(entry)));
    }

    private void Remove(string folder)
    {
        try
        {
            // What a shell left in the daemon, however that ended.
            if (DockerShell.Of(folder) is { } shell && _programs.FindOrNull("docker") is { } client)
                foreach (var command in shell.Removal)
                    new ChildProcess { Program = client, Arguments = command, Environment = EnvironmentIn(folder), WorkingDirectory = folder }.Run(_ => { }, CancellationToken.None);
            Directory.Delete(folder, recursive: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // What cannot be removed now is tried again by the next run.
        }
    }

    // Of the user's environment only what says where the daemon is.
    private Dictionary<string, string> EnvironmentIn(string folder)
    {
        var environment = Forwarded.Where(name => _surroundings.GetValueOrDefault(name) is { Length: > 0 }).ToDictionary(name => name, name => _surroundings[name]);
        environment["PATH"] = _programs.SearchPath;
        environment["LC_ALL"] = "C";
        foreach (var (name, value) in _variables)
            environment[name] = value;
        environment["TMPDIR"] = Directory.CreateDirectory(Path.Combine(folder, "tmp")).FullName;
        environment["BUILDX_CONFIG"] = Directory.CreateDirectory(Path.Combine(folder, "buildx")).FullName;
        environment["BUILDX_GIT_INFO"] = "false";
        environment["EXPERIMENTAL_BUILDKIT_SOURCE_POLICY"] = Path.Combine(folder, "policy.json");
        return environment;
    }

    // It dies with us where the system has a means for that, and the daemon ends the build of a client that is gone.
    private ChildProcess Client(string program, BuildFolder folder, IReadOnlyList<string> arguments)
    {
        var environment = EnvironmentIn(folder.Path);
        if (_programs.FindOrNull("setpriv") is { } setpriv && _programs.FindOrNull("flock") is { } flock && _programs.FindOrNull("setsid") is { } setsid)
        {
            // The lock tells a later run that this one lives; a session of its own keeps Ctrl-C from it.
            arguments = ["--shared", "--no-fork", folder.LockFile, setpriv, "--pdeathsig", "KILL", "--", program, .. arguments];
            return new ChildProcess { Program = setsid, Arguments = [flock, .. arguments], Environment = environment, WorkingDirectory = folder.Path };
        }
        return new ChildProcess { Program = program, Arguments = arguments, Environment = environment, WorkingDirectory = folder.Path };
    }

    // The daemon itself refuses to look for anything that is not sent to it, names that it knows or could find included.
    private static string SourcePolicy(IReadOnlyList<EngineImage> images)
    {
        static JsonObject Rule(string action, string identifier) => new() { ["action"] = action, ["selector"] = new JsonObject { ["identifier"] = identifier } };
        return new JsonObject
        {
            ["version"] = 1,
            ["rules"] = new JsonArray(
            [
                Rule("DENY", "*"),
                Rule("ALLOW", "local://*"),
                Rule("ALLOW", "oci-layout://*"),
                .. images.Select(image => Rule("ALLOW", $"docker-image://{image.Reference}*")),
            ]),
        }.ToJsonString();
    }

    private static StageXException Failure(EngineBuild build, BuildOutput output, BuildKitProgress progress, int status, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        var lines = string.Join('\n', output.Tail);
        var all = lines + "\n" + progress.Error;
        if (all.Contains("no space left on device", StringComparison.OrdinalIgnoreCase))
            return DiskFull(build, all);
        if (DeniedImage().Match(progress.Error) is { Success: true } denied)
            return new StageXException(ErrorCode.ImageNotKnown,
                $"{build.Label}: the image {denied.Groups["image"].Value} is not among those that the build was given, and nothing is ever pulled. Add a reference to the package that builds it. ({output.Step})");
        if (progress.Error.Contains("error setting rlimit", StringComparison.Ordinal))
            return new StageXException(ErrorCode.EngineUnusable,
                $"{build.Label}: {EngineName} cannot give steps their resource limits, because those of its daemon are lower. Raise them (LimitNOFILE=, LimitNPROC= in its service).\n{all}");
        var code = ExitCode().Match(progress.Error) is { Success: true } exit ? exit.Groups["code"].Value : status.ToString();
        return new StageXException(ErrorCode.StepFailed,
            $"{build.Label}: {(output.Step.Length > 0 ? output.Step : "the engine")} failed with exit status {code}.\n{lines}\n{progress.Error}\nThe whole log: {build.LogFile}");
    }

    private static StageXException DiskFull(EngineBuild build, string text, Exception? inner = null) =>
        new(ErrorCode.DiskFull, $"{build.Label}: no space left on device.\n{text}\nThe whole log: {build.LogFile}", inner: inner);

    [GeneratedRegex(@"^\s*Driver:\s*(?<driver>\S+)", RegexOptions.CultureInvariant | RegexOptions.Multiline)]
    private static partial Regex DriverLine();

    [GeneratedRegex(@"\d+\.\d+", RegexOptions.CultureInvariant)]
    private static partial Regex VersionNumber();

    [GeneratedRegex(@"""docker-image://(docker\.io/library/)?(?<image>[^""]+?)"" denied by policy", RegexOptions.CultureInvariant)]
    private static partial Regex DeniedImage();

    [GeneratedRegex(@"exit code: (?<code>\d+)", RegexOptions.CultureInvariant)]
    private static partial Regex ExitCode();
}

/// <summary>What was found out about docker.</summary>
/// <param name="Info">For the user.</param>
/// <param name="Client">The program docker.</param>
/// <param name="Buildx">The program that is its plugin.</param>
/// <param name="TakesLayouts">Whether the builder is sent images with the build; others see what was loaded into the daemon.</param>
internal sealed record DockerProbe(EngineInfo Info, string Client, string Buildx, bool TakesLayouts);
