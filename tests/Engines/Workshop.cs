using System.Collections.Concurrent;
using System.Formats.Tar;
using System.Runtime.Versioning;
using System.Security.Cryptography;
using System.Text.Json;
using StageX.Build.Engines;

namespace StageX.Build.Tests.Engines;

/// <summary>
/// A temporary folder with an engine whose state lies in it, a context that holds a static busybox, and images made of it.
/// Gone with all that is in it at the end; a mount or process that a build left is a failure.
/// </summary>
[SupportedOSPlatform("linux")]
internal sealed class Workshop : IDisposable, IBuildLog
{
    public const string Busybox = "/bin/busybox";

    /// <summary>The beginning of every Containerfile here.</summary>
    public const string FromBusybox = "FROM scratch\nCOPY busybox /bin/busybox\nENV PATH=/bin HOME=/root LC_ALL=C TZ=UTC SOURCE_DATE_EPOCH=1\n";

    private readonly ConcurrentQueue<string> _milestones = new();

    /// <param name="engine">As StageXEngine names it.</param>
    /// <param name="host">DOCKER_HOST, where it is not that of the tests' daemon.</param>
    public Workshop(string engine = "buildah", string? host = null)
    {
        EngineName = engine;
        Folder = Directory.CreateTempSubdirectory("stagex-engine-").FullName;
        // Whoever runs a build may enter, as /tmp allows it.
        File.SetUnixFileMode(Folder, (UnixFileMode)0b111_101_101);
        Directory.CreateDirectory(Context);
        if (!File.Exists(Busybox))
            Assert.Fail($"{Busybox} is missing: install the package busybox-static");
        File.Copy(Busybox, Path.Combine(Context, "busybox"));
        if (IsDocker)
        {
            Surroundings["DOCKER_HOST"] = host ?? DockerDaemon.Host;
            Surroundings["DOCKER_CONFIG"] = Path.Combine(Folder, "docker-config");
            Surroundings["PATH"] = DockerDaemon.SearchPath;
            DockerDaemon.WriteConfiguration(Surroundings["DOCKER_CONFIG"]);
        }
        Engine = NewEngine();
    }

    /// <summary>All engines, for tests that each must pass.</summary>
    public static IEnumerable<object[]> Engines => EngineSelection.Names.Select(name => new object[] { name });

    public string EngineName { get; }
    public string Folder { get; }

    /// <summary>What the user's environment has besides what everyone's has.</summary>
    public Dictionary<string, string> Surroundings { get; } = [];

    /// <summary>A number that stands on the command line of steps which are looked for: those of a daemon know nothing of our folder.</summary>
    public string Mark { get; } = Random.Shared.Next(100_000_000, 1_000_000_000).ToString();

    /// <summary>A Containerfile that never ends.</summary>
    public string Endless => FromBusybox + RunScript($"busybox sleep {Mark}");

    private bool IsDocker => EngineName == "docker";
    public string State => Path.Combine(Folder, "state");
    public string Context => Path.Combine(Folder, "context");
    public string Log => Path.Combine(Folder, "log");
    public string Tar => Path.Combine(Folder, "out", "rootfs.tar");
    public IEngine Engine { get; }
    public IReadOnlyCollection<string> Milestones => _milestones;
    public Action<string> OnMilestone { get; set; } = _ => { };

    /// <summary>Another one on the same state, as another process would have.</summary>
    public IEngine NewEngine() => EngineSelection.Create(EngineName, new EngineSettings
    {
        StateFolder = State,
        SearchPath = Surroundings.GetValueOrDefault("PATH") ?? Environment.GetEnvironmentVariable("PATH")!,
        Environment = Surroundings,
    });

    /// <summary>One step in busybox's shell, exec-form: there is no /bin/sh.</summary>
    public static string RunScript(string script) => $"RUN {JsonSerializer.Serialize((string[])["busybox", "sh", "-c", script])}\n";

    public EngineBuild Request(string containerfile, params IReadOnlyList<EngineImage> images) => new()
    {
        Containerfile = containerfile,
        ContextFolder = Context,
        RootFilesystemTar = Tar,
        LogFile = Log,
        Label = "core-test build",
        Images = images,
    };

    public void Build(string containerfile, params IReadOnlyList<EngineImage> images) =>
        Engine.Build(Request(containerfile, images), this, CancellationToken.None);

    public StageXException Fails(string containerfile, params IReadOnlyList<EngineImage> images) =>
        Assert.ThrowsExactly<StageXException>(() => Build(containerfile, images));

    /// <summary>
    /// The engine run by the user nobody, who has subordinate ids where this build looks and nowhere else: the files that
    /// list them are mounted over in a namespace of its own.
    /// </summary>
    public HostedEngine AsOrdinaryUser(string containerfile, string surroundings = "", params IReadOnlyList<EngineImage> images)
    {
        if (!Environment.IsPrivilegedProcess)
            return new HostedEngine(this, containerfile, surroundings, images: images);
        foreach (var folder in (string[])["state", "out"])
            Directory.CreateDirectory(Path.Combine(Folder, folder));
        File.WriteAllText(Log, "");
        // He may not be able to read where the tests were built.
        foreach (var file in Directory.EnumerateFiles(AppContext.BaseDirectory, "*").Where(file => Path.GetFileName(file) is var name
            && (name.StartsWith("EngineHost", StringComparison.Ordinal) || name.StartsWith("StageX.Build.Tasks", StringComparison.Ordinal))))
        {
            Directory.CreateDirectory(Path.Combine(Folder, "host"));
            File.Copy(file, Path.Combine(Folder, "host", Path.GetFileName(file)), overwrite: true);
        }
        return new HostedEngine(this, containerfile, BecomeOrdinaryUser(surroundings, State, Path.Combine(Folder, "out"), Log), Path.Combine(Folder, "host", "EngineHost"), images);
    }

    // The kernel refuses user namespaces to whoever is in a chroot. CI is in none: there it is a failure.
    private static void RequireUserNamespaces()
    {
        if (Command.Run("setpriv", ["--reuid=nobody", "--regid=nogroup", "--clear-groups", "--", "unshare", "--user", "--", "true"]).ExitCode == 0)
            return;
        if (Environment.GetEnvironmentVariable("CI") == "true")
            Assert.Fail("ordinary users cannot make user namespaces here");
        Assert.Inconclusive("ordinary users cannot make user namespaces here (in a chroot nobody can)");
    }

    /// <summary>A shell script that becomes its arguments, run by nobody, to whom it gives some files and folders.</summary>
    public string BecomeOrdinaryUser(string surroundings, params IEnumerable<string> owned)
    {
        RequireUserNamespaces();
        File.WriteAllText(Path.Combine(Folder, "subids"), "nobody:200000:65536\n");
        return $"""
            cd {Folder}
            chown -R nobody {string.Join(' ', owned)}
            chmod -R a+rX .
            {surroundings}
            exec unshare --mount -- sh -c 'mount --bind {Folder}/subids /etc/subuid && mount --bind {Folder}/subids /etc/subgid && HOME={Folder} exec setpriv --reuid=nobody --regid=nogroup --clear-groups -- "$@"' sh "$@"
            """;
    }

    /// <summary>Path, type, mode, owner and content of each entry of the tar.</summary>
    public Dictionary<string, TarEntry> Entries(string? tar = null)
    {
        using var reader = new TarReader(File.OpenRead(tar ?? Tar));
        Dictionary<string, TarEntry> entries = [];
        while (reader.GetNextEntry(copyData: true) is { } entry)
            entries.Add(entry.Name.TrimEnd('/'), entry);
        return entries;
    }

    public string Text(string path)
    {
        using var reader = new StreamReader(Entries()[path].DataStream!);
        return reader.ReadToEnd();
    }

    /// <summary>An image of layers with one file each, written by hand; the first holds busybox.</summary>
    /// <param name="id">Its id.</param>
    /// <param name="layers">How many.</param>
    /// <param name="like">The image whose layers it has, in the opposite order.</param>
    public EngineImage Image(string id, int layers = 1, string? like = null)
    {
        var folder = Path.Combine(Folder, "images", id);
        var blobs = Directory.CreateDirectory(Path.Combine(folder, "blobs", "sha256")).FullName;
        object Blob(string type, byte[] bytes)
        {
            var hex = Convert.ToHexStringLower(SHA256.HashData(bytes));
            File.WriteAllBytes(Path.Combine(blobs, hex), bytes);
            return new { mediaType = $"application/vnd.oci.image.{type}", digest = "sha256:" + hex, size = bytes.Length };
        }

        var contents = Enumerable.Range(0, layers).Select(number => Layer(number == 0 ? "bin/busybox" : $"files/{like ?? id}-{number}", number)).ToList();
        if (like is not null)
            contents.Reverse();
        var config = Blob("config.v1+json", JsonSerializer.SerializeToUtf8Bytes(new
        {
            architecture = "amd64",
            os = "linux",
            config = new { Labels = new Dictionary<string, string> { ["id"] = id } },
            history = contents.Select((_, number) => new { created_by = $"layer {number}" }),
            rootfs = new { type = "layers", diff_ids = contents.Select(layer => "sha256:" + Convert.ToHexStringLower(SHA256.HashData(layer))) },
        }));
        var manifest = JsonSerializer.SerializeToUtf8Bytes(new
        {
            schemaVersion = 2,
            mediaType = "application/vnd.oci.image.manifest.v1+json",
            config,
            layers = contents.Select(layer => Blob("layer.v1.tar", layer)).ToList(),
        });
        File.WriteAllText(Path.Combine(folder, "oci-layout"), """{"imageLayoutVersion":"1.0.0"}""");
        File.WriteAllBytes(Path.Combine(folder, "index.json"),
            JsonSerializer.SerializeToUtf8Bytes(new { schemaVersion = 2, manifests = (object[])[Blob("manifest.v1+json", manifest)] }));
        return new EngineImage($"stagex.invalid/{id}:{Digest.Of(manifest).Hex}", folder);
    }

    // The same in all images here, and not known to a daemon from those of other tests.
    private byte[] Layer(string path, int number)
    {
        var time = DateTimeOffset.FromUnixTimeSeconds(int.Parse(Mark));
        var stream = new MemoryStream();
        using (var writer = new TarWriter(stream, TarEntryFormat.Pax, leaveOpen: true))
        {
            const UnixFileMode executable = (UnixFileMode)0b111_101_101;
            writer.WriteEntry(new PaxTarEntry(TarEntryType.Directory, Path.GetDirectoryName(path)!) { Mode = executable, ModificationTime = time });
            using var content = number == 0 ? (Stream)File.OpenRead(Busybox) : new MemoryStream([(byte)number]);
            writer.WriteEntry(new PaxTarEntry(TarEntryType.RegularFile, path) { Mode = executable, ModificationTime = time, DataStream = content });
        }
        return stream.ToArray();
    }

    /// <summary>Nothing runs, is mounted or lies about; what is left of a build is its imported images.</summary>
    public void AssertNothingIsLeft()
    {
        // docker's daemon ends a step after its client has gone.
        SpinWait.SpinUntil(() => !Processes().Any(), TimeSpan.FromSeconds(30));
        Assert.AreEqual("", string.Join('\n', Processes()));
        Assert.IsFalse(File.ReadAllText("/proc/self/mountinfo").Contains(Folder, StringComparison.Ordinal), "a mount is left");
        Assert.AreEqual("runs.lock", string.Join(' ', Directory.EnumerateFileSystemEntries(RunsFolder).Select(Path.GetFileName)));
    }

    /// <summary>Whether a step that sleeps runs now.</summary>
    public bool Sleeps => Processes().Any(line => line.TrimEnd().TrimStart('/').Replace("bin/", "", StringComparison.Ordinal) == $"busybox sleep {Mark}");

    /// <summary>The folder in which the engine keeps the folders of its runs.</summary>
    public string RunsFolder => Path.Combine(State, IsDocker ? "docker" : "runs");

    /// <summary>Command lines of processes that have to do with this folder, and of those that have the folder as their root.</summary>
    public IEnumerable<string> Processes()
    {
        foreach (var process in Directory.EnumerateDirectories("/proc").Where(name => char.IsAsciiDigit(Path.GetFileName(name)[0])))
        {
            if (Path.GetFileName(process) == Environment.ProcessId.ToString())
                continue;
            string line;
            try
            {
                line = File.ReadAllText(Path.Combine(process, "cmdline")).Replace('\0', ' ');
                if (!line.Contains(Folder, StringComparison.Ordinal) && !line.Contains(Mark, StringComparison.Ordinal)
                    && !File.ReadAllText(Path.Combine(process, "mountinfo")).Contains(Folder, StringComparison.Ordinal))
                    continue;
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // It ended just now.
                continue;
            }
            if (line.Length > 0)
                yield return line;
        }
    }

    public void Dispose()
    {
        Directory.Delete(Folder, recursive: true);
    }

    void IBuildLog.Milestone(string message)
    {
        _milestones.Enqueue(message);
        OnMilestone(message);
    }

    void IBuildLog.Detail(string message)
    {
    }

    void IBuildLog.Warning(string code, string message, string? file, int line) => Assert.Fail($"{code}: {message}");
}
