namespace StageX.Build.Reproducibility;

/// <summary>The properties of a build's surroundings that may find their way into its result, by the names used everywhere.</summary>
public static class Variations
{
    public const string Engine = "engine";
    public const string Path = "path";
    public const string Date = "date";
    public const string TimeZone = "timezone";
    public const string Locale = "locale";
    public const string Umask = "umask";
    public const string User = "user";
    public const string HostName = "hostname";
    public const string Domain = "domain";
    public const string Kernel = "kernel";
    public const string Processors = "processors";
    public const string Jobs = "jobs";
    public const string Order = "order";
    public const string Environment = "environment";
    public const string ProcessIds = "pids";
    public const string Addresses = "addresses";
    public const string FileSystem = "filesystem";
    public const string Scratch = "scratch";
    public const string Machine = "machine";
    public const string Home = "home";
    public const string SearchPath = "search-path";

    /// <summary>No property of the surroundings: a number that is another each time.</summary>
    public const string Random = "random";

    /// <summary>No property of the surroundings: a race, or whatever else lets two runs of the same differ.</summary>
    public const string Itself = "itself";

    /// <summary>All that can be varied.</summary>
    public static IReadOnlyList<string> All { get; } =
    [
        Engine, Path, Date, TimeZone, Locale, Umask, User, HostName, Domain, Kernel, Machine, Processors, Jobs, Order, Environment, Home, SearchPath,
        ProcessIds, Addresses, FileSystem, Scratch,
    ];

    private static readonly string[] Ranks = [.. All, Random, Itself];

    internal static int Rank(string variation) => Array.IndexOf(Ranks, variation) is >= 0 and var rank ? rank : Ranks.Length;
}
