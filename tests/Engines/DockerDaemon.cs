using System.Diagnostics;
using System.Runtime.Versioning;

namespace StageX.Build.Tests.Engines;

/// <summary>
/// A docker daemon for the tests, as eng/setup.sh brought it: started on first need, in namespaces of its own. It sees none of
/// its clients' files, as if it were elsewhere, and it ends with the tests however they end.
/// </summary>
[SupportedOSPlatform("linux")]
internal sealed class DockerDaemon : IDisposable
{
    private static readonly Lazy<DockerDaemon> Running = new(() => new DockerDaemon());

    private const string FolderPrefix = "stagex-dockerd-";

    private readonly TemporaryFolder _folder;
    private readonly FileLock _lock;
    private readonly Process _process;

    /// <summary>One for a test of its own.</summary>
    /// <param name="settings">Its daemon.json.</param>
    public DockerDaemon(string settings = "{}")
    {
        RemoveFoldersOfTheDead();
        _folder = new TemporaryFolder(FolderPrefix);
        _lock = FileLock.Take(_folder.Path + ".lock");
        File.WriteAllText(_folder["daemon.json"], settings);
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
        RemoveFolder();
        Assert.Fail("dockerd did not start:\n" + string.Join('\n', said));
    }

    /// <summary>What DOCKER_HOST is for it.</summary>
    public static string Host => Running.Value.Address;

    public string Address => "unix://" + _folder["socket"];

    /// <summary>PATH with its client, which is not installed.</summary>
    public static string SearchPath => $"{Tools}/usr/bin:{Environment.GetEnvironmentVariable("PATH")}";

    private static string Tools => UnpackedTools.Folder("docker");

    /// <summary>A folder for DOCKER_CONFIG, in which the client finds its plugin.</summary>
    public static void WriteConfiguration(string folder)
    {
        Directory.CreateDirectory(Path.Combine(folder, "cli-plugins"));
        File.CreateSymbolicLink(Path.Combine(folder, "cli-plugins", "docker-buildx"), Path.Combine(Tools, "usr/libexec/docker/cli-plugins/docker-buildx"));
    }

    /// <summary>Starts the client of the one that tests share.</summary>
    public static Process Client(params string[] arguments) => Running.Value.Start(arguments);

    /// <summary>Runs its client.</summary>
    public CommandResult Ask(params string[] arguments) => Command.Finish(Start(arguments));

    private Process Start(string[] arguments) => Command.Start(Path.Combine(Tools, "usr/bin/docker"), ["--host", Address, .. arguments]);

    public static void Stop()
    {
        if (Running.IsValueCreated)
            Running.Value.Dispose();
    }

    public void Dispose()
    {
        // With the first process of a namespace, the daemon, all others end; what started it waits for that.
        var children = File.ReadAllText($"/proc/{_process.Id}/task/{_process.Id}/children").Split(' ', StringSplitOptions.RemoveEmptyEntries);
        Command.Run("sh", ["-c", "kill \"$@\"", "sh", "-TERM", .. children]);
        if (!_process.WaitForExit(TimeSpan.FromSeconds(20)))
            Command.Run("sh", ["-c", "kill \"$@\"", "sh", "-KILL", .. children]);
        _process.WaitForExit();
        _process.Dispose();
        RemoveFolder();
    }

    private void RemoveFolder()
    {
        Command.Run("rm", ["-rf", _folder.Path]).MustSucceed();
        _folder.Dispose();
        _lock.Dispose();
        File.Delete(_folder.Path + ".lock");
    }

    // Of tests that were killed: their daemon died with them, and what it had stored is left.
    private static void RemoveFoldersOfTheDead()
    {
        foreach (var lockFile in Directory.EnumerateFiles(Path.GetTempPath(), FolderPrefix + "*.lock"))
            if (FileLock.TryTake(lockFile) is { } taken)
            {
                Command.Run("rm", ["-rf", Path.ChangeExtension(lockFile, null)]).MustSucceed();
                taken.Dispose();
                File.Delete(lockFile);
            }
    }

    private Process Start()
    {
        var start = new ProcessStartInfo("setpriv",
        [
            "--pdeathsig", "KILL", "--", "unshare", "--mount", "--pid", "--ipc", "--uts", "--fork", "--kill-child", "--mount-proc", "sh", "-c",
            $$"""
            set -e
            # Nothing of what its clients have is where it could see it.
            mount -t tmpfs none /mnt
            mkdir /mnt/daemon /mnt/tools
            mount --bind {{_folder.Path}} /mnt/daemon
            mount --bind {{Tools}} /mnt/tools
            for folder in /tmp /var/tmp /root /home {{Repository.Root}}; do
                [ ! -d $folder ] || mount -t tmpfs none $folder
            done
            mkdir -p {{_folder.Path}}
            mount --bind /mnt/daemon {{_folder.Path}}
            # The unified hierarchy, as everywhere by now: the machine may be older.
            mount -t cgroup2 none /sys/fs/cgroup
            PATH=/mnt/tools/usr/bin:/mnt/tools/usr/sbin:$PATH:/usr/sbin:/sbin exec "$@"
            """, "sh",
            "dockerd", "--iptables=false", "--ip6tables=false", "--bridge=none", "--host", "unix://" + _folder["socket"],
            "--data-root", _folder["data"], "--exec-root", _folder["exec"], "--pidfile", _folder["pid"], "--config-file", _folder["daemon.json"],
        ])
        { RedirectStandardError = true, RedirectStandardInput = true, WorkingDirectory = "/" };
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
}

/// <summary>Ends with all tests.</summary>
[TestClass]
[SupportedOSPlatform("linux")]
public static class DockerDaemonCleanup
{
    [AssemblyCleanup]
    public static void Stop() => DockerDaemon.Stop();
}
