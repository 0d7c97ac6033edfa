using System.Globalization;
using System.Text;

namespace StageX.Build.Engines;

/// <summary>
/// Starts programs in namespaces of their own, so that all they start and mount ends with them, and they with us, however we end:
/// the kernel kills the first of them when we die, and the others with it. They have no network, not even the engine itself.
/// An ordinary user gets a user namespace with his subordinate ids, in which he is root.
/// </summary>
internal sealed class Confinement
{
    private readonly Programs _programs;
    private readonly StepRuntime _scripts;
    private readonly string _shell, _flock, _setpriv, _setsid, _unshare;

    public Confinement(Programs programs, StepRuntime scripts)
    {
        _programs = programs;
        _scripts = scripts;
        _shell = programs.Find("sh", "dash");
        _flock = programs.Find("flock", "util-linux");
        _setpriv = programs.Find("setpriv", "util-linux");
        _setsid = programs.Find("setsid", "util-linux");
        _unshare = programs.Find("unshare", "util-linux");
        programs.Find("sed", "sed");
        if (Rootless)
            programs.Find("newuidmap", "uidmap");
    }

    /// <summary>
    /// Finds out whether an ordinary user may make a user namespace at all. Where he may not, unshare with a map of ids would leave
    /// a child of its own behind that waits forever.
    /// </summary>
    /// <returns>What was said against it, or null.</returns>
    public string? Refusal(CancellationToken cancellation)
    {
        if (!Rootless)
            return null;
        var printed = new StringBuilder();
        var status = new ChildProcess
        {
            Program = _unshare,
            Arguments = ["--user", "--", _programs.Find("true", "coreutils")],
            Environment = new Dictionary<string, string> { ["PATH"] = _programs.SearchPath, ["LC_ALL"] = "C" },
            WorkingDirectory = "/",
        }.Run(bytes => printed.Append(Encoding.UTF8.GetString(bytes)), cancellation);
        return status == 0 ? null : printed.ToString().Trim();
    }

    public static bool Rootless => !Environment.IsPrivilegedProcess;

    /// <param name="folder">Where it works, keeps temporary files and has its home. Its lock is held by all that it starts.</param>
    /// <param name="environment">What it finds in the environment besides what every program needs.</param>
    /// <param name="command">The program's full path and arguments.</param>
    /// <param name="exclusiveLock">A file to lock as well for as long as it runs.</param>
    public ChildProcess Command(BuildFolder folder, IReadOnlyDictionary<string, string> environment, IReadOnlyList<string> command, string? exclusiveLock = null)
    {
        foreach (var name in (string[])["tmp", "home", "run"])
            Directory.CreateDirectory(folder[name]);
        var all = new Dictionary<string, string>(environment)
        {
            ["PATH"] = _programs.SearchPath,
            ["HOME"] = folder["home"],
            ["TMPDIR"] = folder["tmp"],
            ["XDG_RUNTIME_DIR"] = folder["run"],
        };
        all.TryAdd("LC_ALL", "C");
        // A session of its own: no terminal to ask at, and Ctrl-C reaches us only.
        List<string> arguments = [_scripts.Launch, _setsid, _flock, "--shared", "--no-fork", folder.LockFile];
        if (exclusiveLock is not null)
            arguments.AddRange([_flock, "--exclusive", "--no-fork", exclusiveLock]);
        if (Rootless)
        {
            arguments.AddRange([_unshare, "--user", "--map-auto", "--map-root-user", "--"]);
            // What buildah and its libraries set for themselves when they enter a user namespace on their own.
            all["_CONTAINERS_USERNS_CONFIGURED"] = "done";
            all["_CONTAINERS_ROOTLESS_UID"] = IdOf("Uid:");
            all["_CONTAINERS_ROOTLESS_GID"] = IdOf("Gid:");
        }
        // After the user namespace: changing identity clears the death signal.
        arguments.AddRange([_setpriv, "--pdeathsig", "KILL", "--"]);
        arguments.AddRange([_unshare, "--mount", "--net", "--ipc", "--uts", "--pid", "--fork", "--kill-child", "--mount-proc", "--"]);
        arguments.AddRange(command);
        return new ChildProcess { Program = _shell, Arguments = arguments, Environment = all, WorkingDirectory = folder.Path };
    }

    /// <summary>Removes a folder whose content may belong to the subordinate ids of an ordinary user.</summary>
    public void Remove(string folder)
    {
        try
        {
            Directory.Delete(folder, recursive: true);
        }
        catch (DirectoryNotFoundException)
        {
        }
        catch (Exception e) when (Rootless && e is IOException or UnauthorizedAccessException)
        {
            new ChildProcess
            {
                Program = _unshare,
                Arguments = ["--user", "--map-auto", "--map-root-user", "--", _programs.Find("rm", "coreutils"), "-rf", "--", folder],
                Environment = new Dictionary<string, string> { ["PATH"] = _programs.SearchPath },
                WorkingDirectory = "/",
            }.Run(_ => { }, CancellationToken.None);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // What cannot be removed now is tried again by the next run.
        }
    }

    private static string IdOf(string field)
    {
        var line = File.ReadLines("/proc/self/status").First(line => line.StartsWith(field, StringComparison.Ordinal));
        return uint.Parse(line.Split('\t')[2], CultureInfo.InvariantCulture).ToString(CultureInfo.InvariantCulture);
    }
}
