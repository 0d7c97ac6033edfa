using System.Globalization;
using System.Text;

namespace StageX.Build.Engines;

/// <summary>
/// Two scripts that stand between us and the engine, kept in its state folder under names that follow their content.
/// <see cref="Launch"/> gives what we start one pipe for both of its outputs, in order, and a fixed umask.
/// <see cref="Runtime"/> is the OCI runtime that the engine is told to use: it makes the container what the contract of a
/// step says, which the engine's options cannot express, and then becomes runc.
/// </summary>
internal sealed class StepRuntime
{
    private const string LaunchText =
        """
        #!/bin/sh
        umask 022
        exec "$@" 2>&1 </dev/null

        """;

    // The configuration is one line of JSON, whose strings escape their quotes: what is matched here cannot stand inside of one.
    private const string RuntimeText =
        """
        #!/bin/sh
        set -e
        export LC_ALL=C
        for argument; do
            if [ "$previous" = --bundle ]; then
                string='"([^"\\]|\\.)*"'
                value="($string|[a-z0-9]+|\\[($string,?)*\\])"
                mount() { printf '\\{"destination":"%s"(,"[a-z]+":%s)*\\}' "$1" "$value"; }
                # The engine puts the container's id, different each time, into the environment and the host's name,
                # and files of its own over the image's; what it shows of the machine's /sys depends on the user.
                # Two files that BuildKit always puts there are empty for everyone.
                # A root made from nothing gets the mode that it has there, too.
                : > "$argument/empty"
                empty='"type":"bind","source":"empty","options":["bind","ro"]'
                sed -E -i \
                    -e "s@(\"env\":\\[($string,)*)\"HOSTNAME=[^\"\\\\]*\",@\\1@" \
                    -e "s@(\"env\":\\[($string,)*$string),\"HOSTNAME=[^\"\\\\]*\"\\]@\\1]@" \
                    -e 's@"env":\["HOSTNAME=[^"\\]*"\]@"env":[]@' \
                    -e 's@"hostname":"[^"\\]*"@"hostname":"stagex"@' \
                    -e "s@$(mount /sys)@{\"destination\":\"/sys\",\"type\":\"sysfs\",\"source\":\"sysfs\",\"options\":[\"nosuid\",\"noexec\",\"nodev\",\"ro\"]}@" \
                    -e "s@,$(mount '(/etc/(hostname|hosts|resolv\.conf)|/run/\.containerenv|/run/secrets|/sys/fs/cgroup)')@@g" \
                    -e "s@\"mounts\":\\[@&{\"destination\":\"/etc/hosts\",$empty},{\"destination\":\"/etc/resolv.conf\",$empty},@" \
                    -e 's@"rlimits":\[[^]]*\]@"rlimits":[RLIMITS]@' \
                    "$argument/config.json"
                grep -q '"hostname":"stagex"' "$argument/config.json" && grep -q '"rlimits":\[{"type":"RLIMIT_AS"' "$argument/config.json" || {
                    echo 'the container engine writes its configuration in a form that is not known' >&2
                    exit 1
                }
                chmod 755 "$(sed -E 's@.*"root":\{"path":"([^"]*)".*@\1@' "$argument/config.json")"
            fi
            previous=$argument
        done
        TERMINAL
        # The engine asks ten times a second whether the step still runs. The answer waits until it does not, or for a second.
        if [ "$1" = state ]; then
            timeout 1 tail --pid="$(sed -E 's@.*"init_process_pid":([0-9]+).*@\1@' "$TMPDIR/runc/$2/state.json")" --sleep-interval=0.02 --follow /dev/null || :
        fi 2>/dev/null >&2
        # An empty pipe, as BuildKit has it.
        exec RUNC --root "$TMPDIR/runc" "$@" 2>&1 <<none
        none

        """;

    // The kernel's own defaults where those are the same everywhere, so that an ordinary user can have them too.
    private static readonly (string Name, ulong Soft, ulong Hard)[] Limits =
    [
        ("AS", ulong.MaxValue, ulong.MaxValue),
        ("CORE", 0, 0),
        ("CPU", ulong.MaxValue, ulong.MaxValue),
        ("DATA", ulong.MaxValue, ulong.MaxValue),
        ("FSIZE", ulong.MaxValue, ulong.MaxValue),
        ("LOCKS", ulong.MaxValue, ulong.MaxValue),
        ("MEMLOCK", 65536, 65536),
        ("MSGQUEUE", 819200, 819200),
        ("NICE", 0, 0),
        ("NOFILE", 1024, 4096),
        ("NPROC", 4096, 4096),
        ("RSS", ulong.MaxValue, ulong.MaxValue),
        ("RTPRIO", 0, 0),
        ("RTTIME", ulong.MaxValue, ulong.MaxValue),
        ("SIGPENDING", 4096, 4096),
        ("STACK", 8388608, ulong.MaxValue),
    ];

    private StepRuntime(string launch, string runtime) => (Launch, Runtime) = (launch, runtime);

    public string Launch { get; }
    public string Runtime { get; }

    /// <summary>The same limits for engines that take them as options; -1 stands for none.</summary>
    public static IEnumerable<string> UlimitOptions => Limits.Where(limit => limit.Name != "AS")
        .Select(limit => string.Create(CultureInfo.InvariantCulture, $"{limit.Name.ToLowerInvariant()}={(long)limit.Soft}:{(long)limit.Hard}"));

    /// <summary>Writes the scripts where they are not there yet.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="terminal">The device of a terminal for what runs in containers, or null.</param>
    /// <param name="fixedAddresses">Whether programs are loaded at the same addresses each time; containers may not ask for that themselves.</param>
    public static StepRuntime In(string folder, string? terminal = null, bool fixedAddresses = false) =>
        new(Write(folder, "launch", LaunchText),
            Write(folder, "runc", RuntimeText.Replace("RLIMITS", string.Join(',', Limits.Select(limit =>
                $$"""{"type":"RLIMIT_{{limit.Name}}","soft":{{limit.Soft}},"hard":{{limit.Hard}}}""")), StringComparison.Ordinal)
                .Replace("RUNC", fixedAddresses ? "setarch --addr-no-randomize runc" : "runc", StringComparison.Ordinal)
                // The command that is given a bundle makes the container, which inherits what that is connected to.
                .Replace("TERMINAL", terminal is null ? ":" : $"case \" $* \" in *' --bundle '*) exec runc --root \"$TMPDIR/runc\" \"$@\" <{terminal} >{terminal} 2>&1 ;; esac", StringComparison.Ordinal)));

    private static string Write(string folder, string name, string text)
    {
        var path = Path.Combine(folder, $"{name}-{Digest.Of(Encoding.UTF8.GetBytes(text)).Hex[..12]}");
        if (File.Exists(path))
            return path;
        var temporary = AtomicFile.TemporaryBeside(path);
        File.WriteAllText(temporary, text);
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(temporary, (UnixFileMode)0b111_101_101);
        File.Move(temporary, path, overwrite: true);
        return path;
    }
}
