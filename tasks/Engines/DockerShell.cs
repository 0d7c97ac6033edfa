namespace StageX.Build.Engines;

/// <summary>
/// A shell in docker: BuildKit connects no step to a terminal, so it is opened in a container, of an image that ends where the
/// step would begin. Both are named after the folder of their run, and are removed with it.
/// </summary>
internal sealed class DockerShell
{
    private const string Mark = "shell";

    // What docker adds to the environment, or the client's configuration does; the two files that it writes into each container.
    private const string Begin =
        "unset HOSTNAME TERM HTTP_PROXY HTTPS_PROXY FTP_PROXY NO_PROXY ALL_PROXY http_proxy https_proxy ftp_proxy no_proxy all_proxy; "
        + "{ true >/etc/hosts; true >/etc/resolv.conf; } 2>/dev/null; /bin/sh -i; exit 0";

    private readonly string _name;

    private DockerShell(string folder) => _name = "stagex-shell-" + Path.GetFileName(folder);

    /// <summary>What the image is named.</summary>
    public string Image => "stagex.invalid/" + _name;

    /// <summary>The commands after which nothing of it is left.</summary>
    public IReadOnlyList<string[]> Removal => [["container", "rm", "--force", _name], ["image", "rm", Image]];

    /// <summary>The one of a new run.</summary>
    public static DockerShell In(BuildFolder folder)
    {
        File.WriteAllText(folder[Mark], "");
        return new DockerShell(folder.Path);
    }

    /// <summary>The one of a run that is over, or null.</summary>
    public static DockerShell? Of(string folder) => File.Exists(Path.Combine(folder, Mark)) ? new DockerShell(folder) : null;

    /// <summary>What /bin/sh has to do.</summary>
    /// <param name="client">The program docker.</param>
    /// <param name="terminal">The device of the terminal.</param>
    public IReadOnlyList<string> Open(string client, string terminal) =>
    [
        "-c", "terminal=$1; shift; exec \"$@\" <\"$terminal\" >\"$terminal\" 2>&1", "sh", terminal,
        client, "run", "--interactive", "--tty", "--name", _name, "--pull", "never", "--log-driver", "none",
        "--network", "none", "--hostname", "stagex", "--cgroupns", "private", "--tmpfs", "/sys/fs/cgroup",
        .. StepRuntime.UlimitOptions.SelectMany(limit => (string[])["--ulimit", limit]),
        "--entrypoint", "/bin/sh", Image, "-c", Begin,
    ];
}
