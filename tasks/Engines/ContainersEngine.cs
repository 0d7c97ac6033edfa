using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace StageX.Build.Engines;

/// <summary>
/// buildah, or podman, with runc: two programs around one library. Every run has its own storage, in which the imported images
/// are only linked, and its own configuration: the user's containers and the machine's settings are neither seen nor touched.
/// </summary>
internal abstract partial class ContainersEngine : IEngine
{
    private const string Overlay = "overlay", Vfs = "vfs";
    // Written by us and passed to buildah, so that nothing of /etc/containers or of the user's own files plays a role.
    // The capabilities are docker's, whose clients cannot ask for fewer.
    private static readonly (string Name, string Content)[] Configuration =
    [
        ("containers.conf", """
            [containers]
            default_capabilities = ["AUDIT_WRITE", "CHOWN", "DAC_OVERRIDE", "FOWNER", "FSETID", "KILL", "MKNOD", "NET_BIND_SERVICE", "NET_RAW", "SETFCAP", "SETGID", "SETPCAP", "SETUID", "SYS_CHROOT"]
            default_sysctls = []

            """),
        ("storage.conf", "[storage]\ndriver = \"overlay\"\nrunroot = \"/run/containers\"\ngraphroot = \"/run/storage\"\n"),
        ("registries.conf", "unqualified-search-registries = []\nshort-name-mode = \"disabled\"\n"),
        ("policy.json", """{"default":[{"type":"insecureAcceptAnything"}]}"""),
        // Ignores nothing: podman takes an empty one for none, and looks for others.
        ("ignore", "!**\n"),
        ("mounts.conf", ""),
    ];

    // However it ends; what is handed over is next to nothing.
    private const string Shell = "RUN [\"/bin/sh\", \"-c\", \"/bin/sh -i; : > /.stagex-shell\"]\nFROM scratch\nCOPY --from=0 /.stagex-shell /\n";

    private static readonly JsonNodeOptions CaseBlind = new() { PropertyNameCaseInsensitive = true };

    private readonly string _state;
    private readonly Programs _programs;
    private readonly IReadOnlyDictionary<string, string> _variables;
    private readonly Lock _probing = new();
    private (EngineInfo Info, string Program, Confinement Confinement)? _probed;

    protected ContainersEngine(EngineSettings settings)
    {
        _state = Path.GetFullPath(settings.StateFolder);
        _programs = new Programs(settings.SearchPath);
        Surroundings = settings.Environment;
        _variables = settings.ClientVariables;
    }

    /// <summary>The user's environment, none of which the program gets.</summary>
    protected IReadOnlyDictionary<string, string> Surroundings { get; }

    public abstract string Name { get; }

    protected abstract Version Oldest { get; }

    /// <summary>The command that makes it describe itself as JSON.</summary>
    protected abstract IEnumerable<string> Info { get; }

    /// <summary>Options before the command that only this program has.</summary>
    protected abstract IEnumerable<string> OwnOptions(BuildFolder folder);

    /// <summary>The beginning of a command that becomes the rest of it.</summary>
    protected virtual IEnumerable<string> Starter => [];

    /// <summary>Where it keeps what need not outlive it.</summary>
    protected virtual string RunRoot(BuildFolder folder) => folder["r"];

    /// <summary>How it is told which OCI runtime to build with: options before the command, and after it.</summary>
    protected abstract (string[] Before, string[] After) RuntimeOptions(string runtime);

    /// <summary>Looks at what the program says about itself (its <c>info</c>, or what it printed instead) for a reason to refuse it.</summary>
    protected virtual void CheckAnswer(string printed)
    {
    }

    /// <summary>Refuses a program that would not do its work here, before it is run.</summary>
    protected virtual void CheckSurroundings()
    {
    }

    public EngineInfo Probe(CancellationToken cancellation) => Probed(cancellation).Info;

    public void Build(EngineBuild build, IBuildLog log, CancellationToken cancellation)
    {
        var (info, program, confinement) = Probed(cancellation);
        if (info.StorageDriver != Overlay)
            log.Warning(ErrorCode.SlowStorage,
                $"overlay mounts do not work in {_state}: {Name} copies every layer of every image for each step. Move StageXCache to a local file system such as ext4, xfs or btrfs.");
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(build.RootFilesystemTar))!);
            File.Delete(build.RootFilesystemTar);
            using var output = new BuildOutput(build.LogFile, build.Label, log);
            using var folder = NewFolder(confinement, cancellation);
            // Without overlay there is nothing to link: the build imports what it needs into its own storage.
            var linked = info.StorageDriver == Overlay;
            var root = folder["s"];
            var store = new ImageStore(linked ? Path.Combine(_state, "images") : root, info.StorageDriver);
            foreach (var image in build.Images)
                Offer(image);
            if (!linked)
                store.Name(build.Images);
            else if (store.Composes)
                store.ComposeInto(root, build.Images);
            else
                store.ViewInto(root, build.Images);
            Run();

            void Offer(EngineImage image)
            {
                var description = image.Describe();
                bool IsThere() => linked && store.Composes ? store.Missing(description).Count == 0 : store.Knows(image);
                if (IsThere())
                    return;
                // One import at a time: most builds want what another is importing.
                using var alone = linked ? FileLock.Take(store.Folder + ".importing", cancellation: cancellation) : null;
                if (IsThere())
                    return;
                if (linked && store.Composes)
                {
                    var missing = store.Missing(description);
                    image.WriteLayers(missing, folder["layers"]);
                    Import(image, folder["layers"], $"{missing.Count} of {description.Layers.Count} layers of {image.Reference}");
                    Directory.Delete(folder["layers"], recursive: true);
                    // The first import shows what form the storage has.
                    if (IsThere())
                        return;
                }
                Import(image, Path.GetFullPath(image.LayoutFolder), image.Reference);
            }

            void Import(EngineImage image, string layout, string what)
            {
                log.Detail($"{build.Label}: importing {what}");
                output.Note($"# {build.Label}: importing {what}");
                // A link, because the transport's syntax cannot express every path.
                File.CreateSymbolicLink(folder["image"], layout);
                var command = Command(program, folder, info.StorageDriver, store.Folder,
                    "pull", "--quiet", "--signature-policy", folder["policy.json"], "oci:image");
                // Also when this process is killed and another begins: this lock is the child's.
                var child = confinement.Command(folder, EnvironmentIn(folder), command, linked ? store.Folder + ".lock" : null);
                var status = child.Run(output.Write, cancellation);
                output.End();
                File.Delete(folder["image"]);
                if (status != 0)
                    throw Failure(build, output, status, cancellation) is { Code: ErrorCode.DiskFull } full ? full
                        : new StageXException(ErrorCode.ImageRefused,
                            $"{build.Label}: {Name} cannot import {image.Reference} from {image.LayoutFolder}. Remove that folder and build again.\n{string.Join('\n', output.Tail)}",
                            image.LayoutFolder);
            }

            void Run()
            {
                File.WriteAllText(folder["Containerfile"], build.Containerfile + (build.Terminal is null ? "" : Shell));
                // Through a link, because the option's syntax cannot express every path.
                var tar = AtomicFile.TemporaryBeside(build.RootFilesystemTar);
                var runtime = RuntimeOptions(StepRuntime.In(Path.Combine(_state, "bin"), build.Terminal, build.FixedAddresses).Runtime);
                List<string> command = [.. build.OnTmpfs ? TmpfsOn(root) : [], .. Command(program, folder, info.StorageDriver, root,
                    [.. build.OnTmpfs ? InodesOfOne : [], .. runtime.Before,
                    "build", "--file", folder["Containerfile"], "--ignorefile", folder["ignore"],
                    "--isolation", "oci", .. runtime.After,
                    "--network", "none", "--pull=never", "--signature-policy", folder["policy.json"],
                    "--no-cache", "--layers=false", "--force-rm", "--identity-label=false",
                    "--http-proxy=false", "--cgroupns", "private", "--security-opt", "label=disable", "--ulimit", "nofile=1024:1024",
                    "--output", $"type=tar,dest={folder.LinkToOutput("rootfs.tar", tar)}",
                    Path.GetFullPath(build.ContextFolder)])];
                output.Note($"# {build.Label}: {string.Join(' ', command)}");
                var status = confinement.Command(folder, EnvironmentIn(folder), command).Run(output.Write, cancellation);
                output.End();
                if (status != 0)
                    throw Failure(build, output, status, cancellation);
                if (build.Terminal is null)
                    File.Move(tar, build.RootFilesystemTar, overwrite: true);
            }
        }
        catch (IOException e) when (StageX.Build.DiskFull.Is(e))
        {
            throw DiskFull(build, e.Message, e);
        }
    }

    // Numbers of inodes as they are where all layers are on one file system: the same in a directory's entries and by stat(2).
    private static readonly string[] InodesOfOne = ["--storage-opt", "overlay.mountopt=xino=on"];

    // A build's own storage has only links and lists when it starts. Where overlay does not work on it, nothing is run; the words are
    // those of the program that varies the rest.
    private static string[] TmpfsOn(string storage) =>
    [
        "/bin/sh", "-c",
        """
        set -e
        cannot() { echo "vary: cannot vary scratch: $1"; exit 1; }
        mkdir -p "$1"
        mv "$1" before
        mkdir "$1"
        mount -t tmpfs -o "mode=755,size=$2" none "$1" || cannot 'a tmpfs cannot be mounted'
        cd "$1"
        mkdir .lower .upper .work .all
        mount -t overlay -o "lowerdir=.lower,upperdir=.upper,workdir=.work,xino=on$3" none .all || cannot 'overlay does not work on tmpfs'
        umount .all
        rm -rf .lower .upper .work .all
        cd ..
        cp -a before/. "$1"
        shift 3
        exec "$@"
        """,
        "sh", storage, (GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 4).ToString(CultureInfo.InvariantCulture), Confinement.Rootless ? ",userxattr" : "",
    ];

    private (EngineInfo Info, string Program, Confinement Confinement) Probed(CancellationToken cancellation)
    {
        lock (_probing)
            return _probed ??= ProbeOnce(cancellation);
    }

    private (EngineInfo Info, string Program, Confinement Confinement) ProbeOnce(CancellationToken cancellation)
    {
        if (_state.AsSpan().ContainsAny(",:\\\"\n"))
            throw new StageXException(ErrorCode.StatePathUnusable,
                $"The engine's storage cannot lie in {_state}: mounts cannot express a path with a comma, colon, backslash, quote or line break. Move StageXCache.");
        CheckSurroundings();
        var program = _programs.Find(Name, Name);
        _programs.Find("runc", "runc");
        var confinement = new Confinement(_programs, StepRuntime.In(Path.Combine(_state, "bin")));

        if (confinement.Refusal(cancellation) is { } refusal)
            throw Unusable(refusal);

        var printed = new StringBuilder();
        int Ask(ChildProcess child)
        {
            printed.Clear();
            return child.Run(bytes => printed.Append(Encoding.UTF8.GetString(bytes)), cancellation);
        }

        var version = new ChildProcess
        {
            Program = program,
            Arguments = ["--version"],
            Environment = new Dictionary<string, string> { ["PATH"] = _programs.SearchPath, ["HOME"] = _state, ["LC_ALL"] = "C" },
            WorkingDirectory = _state,
        };
        if (Ask(version) != 0 || VersionLine().Match(printed.ToString()) is not { Success: true } found)
            throw Unusable($"'{program} --version' printed: {printed.ToString().Trim()}");
        if (Version.Parse(found.Groups["number"].Value) < Oldest)
            throw new StageXException(ErrorCode.EngineTooOld,
                $"{program} is version {found.Groups["version"].Value}; the oldest that works is {Oldest}. Install a newer package {Name}.");

        using var folder = NewFolder(confinement, cancellation);
        string Driver(string driver)
        {
            var info = Command(program, folder, driver, folder["s"], Info);
            var status = Ask(confinement.Command(folder, EnvironmentIn(folder), info));
            CheckAnswer(printed.ToString());
            return status == 0 && printed.ToString().IndexOf('{') is >= 0 and var json
                ? (string?)JsonNode.Parse(printed.ToString()[json..], CaseBlind)?["store"]?["graphDriverName"] ?? ""
                : "";
        }
        var driver = Driver(Overlay);
        if (driver.Length == 0)
            driver = Driver(Vfs);
        cancellation.ThrowIfCancellationRequested();
        if (driver.Length == 0)
            throw Unusable(printed.ToString().Trim());
        return (new EngineInfo(Name, found.Groups["version"].Value, Confinement.Rootless, driver) { Reached = program }, program, confinement);
    }

    private BuildFolder NewFolder(Confinement confinement, CancellationToken cancellation)
    {
        var folder = BuildFolder.Create(Path.Combine(_state, "runs"), confinement.Remove, cancellation);
        foreach (var (name, content) in Configuration)
            File.WriteAllText(folder[name], content);
        Directory.CreateDirectory(folder["none"]);
        return folder;
    }

    private List<string> Command(string program, BuildFolder folder, string driver, string root, params IEnumerable<string> arguments) =>
    [
        .. Starter,
        program,
        "--root", root, "--runroot", RunRoot(folder), "--storage-driver", driver, "--cgroup-manager", "cgroupfs",
        .. OwnOptions(folder),
        .. arguments,
    ];

    private Dictionary<string, string> EnvironmentIn(BuildFolder folder) => new(_variables)
    {
        ["CONTAINERS_CONF"] = folder["containers.conf"],
        ["CONTAINERS_STORAGE_CONF"] = folder["storage.conf"],
        ["CONTAINERS_REGISTRIES_CONF"] = folder["registries.conf"],
    };

    private StageXException Failure(EngineBuild build, BuildOutput output, int status, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        var lines = string.Join('\n', output.Tail);
        if (lines.Contains("no space left on device", StringComparison.OrdinalIgnoreCase))
            return DiskFull(build, lines);
        if (UnknownImage().Match(output.Error) is { Success: true } unknown)
            return new StageXException(ErrorCode.ImageNotKnown,
                $"{build.Label}: the image {unknown.Groups["image"].Value} is not among those that the build was given, and nothing is ever pulled. Add a reference to the package that builds it. ({output.Step})");
        if (lines.Contains("error setting rlimit", StringComparison.Ordinal))
            return new StageXException(ErrorCode.EngineUnusable,
                $"{build.Label}: {Name} cannot give steps their resource limits, because the hard limits of the caller are lower. Raise them (ulimit -H, limits.conf).\n{lines}");
        return new StageXException(ErrorCode.StepFailed,
            $"{build.Label}: {(output.Step.Length > 0 ? output.Step : "the engine")} failed with exit status {status}.\n{lines}\nThe whole log: {build.LogFile}");
    }

    private static StageXException DiskFull(EngineBuild build, string text, Exception? inner = null) =>
        new(ErrorCode.DiskFull, $"{build.Label}: no space left on device.\n{text}\nThe whole log: {build.LogFile}", inner: inner);

    private StageXException Unusable(string text) => new(ErrorCode.EngineUnusable,
        $"{Name} cannot run containers here: {text}" + (Confinement.Rootless
            ? "\nAn ordinary user needs user namespaces, the package uidmap and entries in /etc/subuid and /etc/subgid (usermod --add-subuids … --add-subgids …)."
            : "\nRoot needs the right to make namespaces and mounts; in a container, run it privileged."));

    [GeneratedRegex(@"version (?<version>(?<number>\d+\.\d+)\S*)", RegexOptions.CultureInvariant)]
    private static partial Regex VersionLine();

    [GeneratedRegex(@"(?<image>\S+): (image not known|no stage or image found with that name)", RegexOptions.CultureInvariant)]
    private static partial Regex UnknownImage();
}
