using System.Diagnostics;
using System.Runtime.Versioning;

namespace StageX.Build.Tests.Engines;

/// <summary>
/// A docker daemon for the tests, as eng/setup.sh brought it: started on first need, in mount, network, process and control group
/// namespaces of its own, so that it shares no file system view with its clients beyond what lay on disk before, and it ends with the
/// tests however they end.
/// </summary>
[SupportedOSPlatform("linux")]
internal sealed class DockerDaemon : IDisposable
{
    private static readonly Lazy<DockerDaemon> Running = new(() => new DockerDaemon());

    private readonly TemporaryFolder _folder = new();
    private readonly Process _process;

    private DockerDaemon()
    {
        if (!File.Exists(Path.Combine(Tools, "usr", "sbin", "dockerd")))
            Assert.Fail($"there is no docker in {Tools}; eng/test.sh brings it");
        _process = Start();
        var said = new List<string>();
        // It says so when it listens.
        while (_process.StandardError.ReadLine() is { } line)
        {
            said.Add(line);
            if (!line.Contains("API listen on", StringComparison.Ordinal))
                continue;
            // What it says later is drained.
            _ = _process.StandardError.BaseStream.CopyToAsync(Stream.Null);
            return;
        }
        _process.WaitForExit();
        _folder.Dispose();
        Assert.Fail("dockerd did not start:\n" + string.Join('\n', said));
    }

    /// <summary>What DOCKER_HOST is for it.</summary>
    public static string Host => "unix://" + Running.Value._folder["socket"];

    /// <summary>PATH with its client, which is not installed.</summary>
    public static string SearchPath => $"{Tools}/usr/bin:{Environment.GetEnvironmentVariable("PATH")}";

    private static string Tools => Path.Combine(
        Environment.GetEnvironmentVariable("XDG_CACHE_HOME") is { Length: > 0 } caches
            ? caches
            : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache"), "stagex-tools", "docker");

    /// <summary>A folder for DOCKER_CONFIG, in which the client finds its plugin.</summary>
    public static void WriteConfiguration(string folder)
    {
        Directory.CreateDirectory(Path.Combine(folder, "cli-plugins"));
        File.CreateSymbolicLink(Path.Combine(folder, "cli-plugins", "docker-buildx"), Path.Combine(Tools, "usr/libexec/docker/cli-plugins/docker-buildx"));
    }

    /// <summary>Command lines of what runs in its containers now.</summary>
    public static string Containers() => string.Join('\n', Directory.EnumerateDirectories("/proc").Where(name => char.IsAsciiDigit(Path.GetFileName(name)[0]))
        .Where(process => Reads(Path.Combine(process, "mountinfo"), Running.Value._folder["data"] + "/overlay2/l/"))
        .Select(process => File.Exists(Path.Combine(process, "cmdline")) ? File.ReadAllText(Path.Combine(process, "cmdline")).Replace('\0', ' ') : "")
        .Where(line => line.Length > 0));

    /// <summary>Runs its client.</summary>
    public static CommandResult Client(params string[] arguments) => Command.Run(Path.Combine(Tools, "usr/bin/docker"), ["--host", Host, .. arguments]);

    public static void Stop()
    {
        if (Running.IsValueCreated)
            Running.Value.Dispose();
    }

    public void Dispose()
    {
        // With the first process of a namespace, the daemon, all others end; what started it waits for that.
        var children = File.ReadAllText($"/proc/{_process.Id}/task/{_process.Id}/children").Split(' ', StringSplitOptions.RemoveEmptyEntries);
        Command.Run("kill", ["-TERM", .. children]);
        if (!_process.WaitForExit(TimeSpan.FromSeconds(20)))
            Command.Run("kill", ["-KILL", .. children]);
        _process.WaitForExit();
        _process.Dispose();
        Command.Run("rm", ["-rf", _folder.Path]).MustSucceed();
        _folder.Dispose();
    }

    private Process Start()
    {
        var start = new ProcessStartInfo("setpriv",
        [
            "--pdeathsig", "KILL", "--", "unshare", "--mount", "--net", "--pid", "--ipc", "--uts", "--fork", "--kill-child", "--mount-proc", "sh", "-c",
            // The unified hierarchy, as everywhere by now: the machine may be older.
            """mount -t cgroup2 none /sys/fs/cgroup; exec "$@" """, "sh",
            "dockerd", "--iptables=false", "--ip6tables=false", "--bridge=none", "--host", "unix://" + _folder["socket"],
            "--data-root", _folder["data"], "--exec-root", _folder["exec"], "--pidfile", _folder["pid"],
        ])
        { RedirectStandardError = true, RedirectStandardInput = true, WorkingDirectory = "/" };
        start.Environment["PATH"] = $"{Tools}/usr/bin:{Tools}/usr/sbin:{Environment.GetEnvironmentVariable("PATH")}:/usr/sbin:/sbin";
        // A death signal comes when the thread that started the child ends.
        var started = new TaskCompletionSource<Process>();
        new Thread(() =>
        {
            var process = Process.Start(start)!;
            started.SetResult(process);
            process.WaitForExit();
        })
        { IsBackground = true, Name = "dockerd" }.Start();
        return started.Task.GetAwaiter().GetResult();
    }

    private static bool Reads(string file, string text)
    {
        try
        {
            return File.ReadAllText(file).Split('\n')[0].Contains(text, StringComparison.Ordinal);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // It ended just now.
            return false;
        }
    }
}

/// <summary>Ends with all tests.</summary>
[TestClass]
[SupportedOSPlatform("linux")]
public static class DockerDaemonCleanup
{
    [AssemblyCleanup]
    public static void Stop() => DockerDaemon.Stop();
}
