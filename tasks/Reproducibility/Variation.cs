using System.Globalization;
using StageX.Build.Stages;

namespace StageX.Build.Reproducibility;

/// <summary>One property of a build's surroundings that a rebuild changes, because its result must not depend on it.</summary>
public sealed record Variation
{
    private const string ToolFolder = "inside the steps, by vary";

    private Variation(string name, string what) => (Name, What) = (name, what);

    /// <summary>As <c>StageXVerifyVariations</c> and reports name it.</summary>
    public string Name { get; }

    /// <summary>What is changed, in a few words.</summary>
    public string What { get; }

    /// <summary>Why it is left alone unless it is asked for by name, or null.</summary>
    public string? OnlyByName { get; private init; }

    /// <summary>Why it cannot be varied for this package on this machine, or null.</summary>
    public Func<Surroundings, string?> Obstacle { get; private init; } = _ => null;

    /// <summary>What the program that varies a step's surroundings is told.</summary>
    internal Func<Surroundings, IReadOnlyList<string>> Changed { get; private init; } = _ => [];

    /// <summary>What it is told where the property has to be the same in two builds, because it is another each time by itself.</summary>
    internal Func<Surroundings, IReadOnlyList<string>> Held { get; private init; } = _ => [];

    /// <summary>What it is told where the property is varied, and would be held if it were not; null: the same as otherwise.</summary>
    internal Func<Surroundings, IReadOnlyList<string>>? ChangedAgainstHeld { get; private init; }

    /// <summary>What a program would print of it: in the usual build, and in one that varies it; null where that is not known.</summary>
    internal Func<Surroundings, (string Usual, string Changed)?> Fact { get; private init; } = _ => null;

    /// <summary>How it was varied, for the record.</summary>
    public Func<Surroundings, string> How { get; private init; } = _ => "";

    // Years away, at another time of another day of the week, in another month; and before 2038.
    private const long DateShift = (5 * 365 + 1) * 86400L + 97 * 86400L + 5 * 3600 + 47 * 60 + 12;

    /// <summary>All of them, in the order of reports.</summary>
    public static IReadOnlyList<Variation> All { get; } =
    [
        new(Variations.Engine, "the container engine, another one from run to run")
        {
            Obstacle = around => around.UsesEngine ? around.NoOtherEngine : NoEngine,
            How = around => $"{around.Engine} instead of {around.UsualEngine}",
        },
        new(Variations.Path, "the folders of results, of the build context and of temporary files; the folder that steps work in")
        {
            How = _ => "other folders for results, context and temporary files",
            Fact = _ => ("/stagex", WorkingFolder.Elsewhere + "/stagex"),
        },
        InSteps(Variations.Date, "the wall clock", _ => [$"--date={DateShift.ToString(CultureInfo.InvariantCulture)}"]) with
        {
            Held = around => [$"--date=@{Text(around.Now)}", "--file-times"],
            ChangedAgainstHeld = around => [$"--date=@{Text(around.Now + DateShift)}", "--file-times"],
            Fact = around => (Text(around.Built), Text(around.Now + DateShift)),
        },
        InSteps(Variations.TimeZone, "the time zone (TZ)", _ => ["--environment=TZ=VRY-13:37"]) with { Fact = _ => ("UTC", "VRY") },
        InSteps(Variations.Locale, "the locale (LC_ALL, LANG, LANGUAGE)", around => [$"--environment=LC_ALL={around.Locale}", $"--environment=LANG={around.Locale}", "--environment=LANGUAGE=et:de"]) with { Fact = around => ("C", around.Locale) },
        InSteps(Variations.Umask, "the umask", _ => ["--umask=002"]) with
        {
            OnlyByName = "the contract of a step gives it to every recipe; varied where it is asked for by name",
            Fact = _ => ("0022", "0002"),
        },
        InSteps(Variations.User, "the user and the group that steps believe to run as", _ => ["--user=1307:1709"]) with { Fact = _ => ("uid=0", "uid=1307") },
        InSteps(Variations.HostName, "the name of the machine", _ => ["--hostname=another-machine"]) with { Fact = _ => ("stagex", "another-machine") },
        InSteps(Variations.Domain, "the domain of the machine", _ => ["--domain=verify.invalid"]) with { Fact = _ => ("(none)", "verify.invalid") },
        InSteps(Variations.Kernel, "the release of the kernel", _ => ["--kernel=6.99.7-verify"]) with { Fact = around => (around.Kernel, "6.99.7-verify") },
        InSteps(Variations.Machine, "the architecture that uname names", _ => ["--machine=i686"]) with
        {
            OnlyByName = "it is what a package is built for; varied where it is asked for by name",
            Fact = _ => ("x86_64", "i686"),
        },
        InSteps(Variations.Processors, "the number of processors", around => [$"--processors={MoreThan(around.Processors)}"]) with
        {
            Fact = around => (Text(around.Processors), Text(MoreThan(around.Processors))),
        },
        new(Variations.Jobs, "the number of parallel jobs that scripts are told")
        {
            Obstacle = around => !around.Runs ? NothingRuns : around.ReadsJobs ? null : "no step is told the number of jobs",
            How = around => $"{MoreThan(around.Processors)} instead of {around.Processors}",
            Fact = around => (Text(around.Processors), Text(MoreThan(around.Processors))),
        },
        InSteps(Variations.Order, "the order of directory entries", _ => ["--order=1709"]),
        InSteps(Variations.Environment, "variables added to the environment", _ => ["--environment=VERIFY_ENVIRONMENT=varied", "--environment=USER=verifier", "--environment=LOGNAME=verifier"]) with
        {
            Fact = _ => ("", "VERIFY_ENVIRONMENT=varied\nUSER=verifier\nLOGNAME=verifier"),
        },
        InSteps(Variations.Home, "the home folder (HOME)", _ => [$"--environment=HOME={OtherHome}"]) with { Fact = _ => ("HOME=/", OtherHome) },
        InSteps(Variations.SearchPath, "the folders in which programs are looked for (PATH): one more, that is not there", _ => [$"--environment=PATH+=:{OtherPath}"]) with { Fact = _ => ("", OtherPath) },
        InSteps(Variations.ProcessIds, "the numbers of processes", _ => ["--pids=300"]),
        new(Variations.Addresses, "the addresses at which programs are loaded")
        {
            Obstacle = around => !around.Runs ? NothingRuns : around.RandomAddresses ? null : "this machine's kernel loads programs at the same addresses each time",
            How = _ => "chosen by the kernel at random, each time a program is started",
        },
        InSteps(Variations.FileSystem, "inode numbers, sizes of directories, free space", _ => ["--filesystem"]) with
        {
            Held = _ => ["--filesystem=steady"],
        },
        new(Variations.Scratch, "the file system that steps write to")
        {
            Obstacle = around => !around.UsesEngine ? NoEngine : around.NoOtherFileSystem ?? around.Refused.GetValueOrDefault(Variations.Scratch),
            How = _ => "tmpfs",
        },
    ];

    private const string OtherHome = "/nonexistent/verify", OtherPath = "/verify/search/path";

    internal const string NoEngine = "no stage of the package needs an engine";

    private const string NothingRuns = "the package runs nothing";

    public static Variation? Find(string name) => All.FirstOrDefault(variation => variation.Name == name);

    /// <summary>Which variations a message of the program is about: one, or all for which it has to watch the step's system calls.</summary>
    internal static IEnumerable<string> RefusedBy(string what) => Find(what) is not null ? [what]
        : [Variations.Date, Variations.User, Variations.HostName, Variations.Domain, Variations.Kernel, Variations.Machine, Variations.Processors, Variations.Order, Variations.FileSystem];

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);

    /// <summary>What is told to scripts and programs instead of the number of processors: more, since fewer would take longer.</summary>
    internal static int MoreThan(int processors) => processors + 1;

    private static Variation InSteps(string name, string what, Func<Surroundings, IReadOnlyList<string>> changed) => new(name, what)
    {
        Obstacle = around => !around.Runs ? NothingRuns : around.Tool is null ? around.NoTool : around.Refused.GetValueOrDefault(name),
        Changed = changed,
        How = around => $"{ToolFolder}: {string.Join(' ', changed(around).DefaultIfEmpty("as the kernel chooses"))}",
    };
}
