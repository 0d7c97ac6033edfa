using System.Text.RegularExpressions;

namespace StageX.Build.Reproducibility;

/// <summary>
/// Proposes why two texts differ. Each rule finds what one kind of cause leaves in a text (dates, paths, addresses); where both
/// texts have as many of these and not the same, they are levelled. Rules whose levelling makes the texts equal explain the
/// whole difference, the others are hints.
/// </summary>
internal sealed partial class CauseRules(RunFacts first, RunFacts second)
{
    private const int LongestText = 1 << 14;
    private const int Known = 95, Explained = 80, Hint = 45, Guess = 30;

    // What is known of the runs is looked for first, then what has the most telling form.
    private readonly IReadOnlyList<Rule> _rules = [.. FactRules(first, second), .. PatternRules()];

    /// <summary>What differs between two values of one field, lines or strings.</summary>
    /// <param name="a">Of the first.</param>
    /// <param name="b">Of the second.</param>
    /// <param name="subject">What the texts are about, where that is said beside them: the field's name.</param>
    public IReadOnlyList<Cause> OfTexts(string a, string b, string subject = "")
    {
        if (a == b)
            return [];
        if (a.Length > LongestText || b.Length > LongestText)
            (a, b) = Around(a, b);
        if (OfOrder(Words(a), Words(b), "words") is { Count: > 0 } order)
            return order;
        var causes = new List<Cause>();
        var context = $"{subject} {a} {b}";
        var (restA, restB) = (a, b);
        foreach (var rule in _rules)
        {
            if (restA == restB)
                break;
            var (inA, inB) = (rule.Find(restA, first: true), rule.Find(restB, first: false));
            if (inA.Count == 0 || inA.Count != inB.Count)
                continue;
            var differing = inA.Zip(inB).Where(pair => pair.First.Text != pair.Second.Text).ToList();
            var found = differing.Select(pair => rule.Judge(pair.First.Text, pair.Second.Text, context)).ToList();
            if (differing.Count == 0 || found.All(cause => cause is null))
                continue;
            causes.AddRange(found.OfType<Cause>());
            (restA, restB) = (Level(restA, inA), Level(restB, inB));
        }
        if (restA == restB)
            return Cause.Ranked(causes);
        causes = [.. causes.Select(cause => cause with { Confidence = Math.Min(cause.Confidence, cause.Confidence >= 90 ? 70 : Hint) })];
        causes.AddRange(OfWhole(restA, restB, context));
        return Cause.Ranked(causes);
    }

    /// <summary>The same parts in another order; empty where they are not the same.</summary>
    public static IReadOnlyList<Cause> OfOrder(IReadOnlyList<string> a, IReadOnlyList<string> b, string parts)
    {
        if (a.Count < 2 || a.Count != b.Count || a.SequenceEqual(b) || !a.Order(StringComparer.Ordinal).SequenceEqual(b.Order(StringComparer.Ordinal)))
            return [];
        return OfOrder(SortingObserver.Of(a), SortingObserver.Of(b), parts);
    }

    /// <summary>The same parts in another order, of which only is known how each side is sorted.</summary>
    public static IReadOnlyList<Cause> OfOrder(Sorting a, Sorting b, string parts)
    {
        if (a != b && a != Sorting.None && b != Sorting.None)
            return [new(Variations.Locale, Explained, $"the same {parts}, sorted by bytes and by a language's rules"), new(Variations.Order, Hint, $"the same {parts} in another order")];
        var unsorted = a == Sorting.None && b == Sorting.None;
        return
        [
            new(Variations.Order, unsorted ? Explained : 75, $"the same {parts} in another order"),
            new(Variations.Jobs, 35, $"the same {parts} in another order, as parallel jobs finish"),
            new(Variations.Random, Guess, $"the same {parts} in another order, as a seeded hash table gives them"),
        ];
    }

    /// <summary>Something that is only in one of the two, with the text it has.</summary>
    public IReadOnlyList<Cause> OfPresence(string text, bool inFirst)
    {
        var causes = new List<Cause>();
        var (own, other) = inFirst ? (first, second) : (second, first);
        foreach (var variation in Variations.All)
            if (own.Of(variation).Except(other.Of(variation)).FirstOrDefault(fact => fact.Length > 1 && Contains(text, fact)) is { } fact)
                causes.Add(new(variation, 70, $"only one has '{Printable.Of(fact)}', and so had its run"));
        if (causes.Count == 0 && Assignment().IsMatch(text))
            causes.Add(new(Variations.Environment, Hint, "a variable that only one has"));
        return causes;
    }

    /// <summary>Two times, in seconds since 1970.</summary>
    public IReadOnlyList<Cause> OfTimes(long a, long b)
    {
        if (a == b)
            return [];
        if (IsNear(a, first.Date) && IsNear(b, second.Date) && first.Date != second.Date)
            return [new(Variations.Date, Known, "times at which the two runs were")];
        return Moment.IsZoneApart(a - b)
            ? [new(Variations.TimeZone, 75, "times that are whole minutes apart"), new(Variations.Date, Hint, "times that differ")]
            : [new(Variations.Date, Explained, "times that differ")];
    }

    /// <summary>Two permission modes.</summary>
    public static IReadOnlyList<Cause> OfModes(int a, int b)
    {
        // A umask takes bits away from both, never a owner's.
        var differing = a ^ b;
        return (differing & ~0x3F) == 0 && ((a & b) == a || (a & b) == b)
            ? [new(Variations.Umask, Explained, "modes that differ by bits of group and others")]
            : [new(Variations.Umask, Hint, "modes that differ")];
    }

    /// <summary>Two numbers that identify users or groups.</summary>
    public static IReadOnlyList<Cause> OfOwners(long a, long b) => a == b ? [] : [new(Variations.User, Explained, $"owners {a} and {b}")];

    internal RunFacts First => first;
    internal RunFacts Second => second;

    internal static bool IsNear(long time, long? run) => run is { } at && Math.Abs(time - at) < 2 * 24 * 3600;

    private static (string, string) Around(string a, string b)
    {
        var same = 0;
        while (same < a.Length && same < b.Length && a[same] == b[same])
            same++;
        var from = Math.Max(0, same - LongestText / 4);
        string Cut(string text) => text[Math.Min(from, text.Length)..Math.Min(text.Length, from + LongestText / 2)];
        return (Cut(a), Cut(b));
    }

    private static string Level(string text, IReadOnlyList<Match> matches)
    {
        var levelled = new System.Text.StringBuilder();
        var at = 0;
        foreach (var match in matches)
        {
            levelled.Append(text, at, match.Index - at).Append('\u0001');
            at = match.Index + match.Text.Length;
        }
        return levelled.Append(text, at, text.Length - at).ToString();
    }

    private static string[] Words(string text) => text.Split([' ', '\t', ',', ';', '(', ')', '{', '}', '[', ']', '\'', '"'], StringSplitOptions.RemoveEmptyEntries);

    private static bool Contains(string text, string fact)
    {
        for (var at = text.IndexOf(fact, StringComparison.Ordinal); at >= 0; at = text.IndexOf(fact, at + 1, StringComparison.Ordinal))
            if (IsWhole(text, at, fact.Length))
                return true;
        return false;
    }

    // A hostname of one letter is not to be found in the middle of a word.
    private static bool IsWhole(string text, int at, int length) =>
        length > 0 && (at == 0 || !char.IsLetterOrDigit(text[at - 1]) || !char.IsLetterOrDigit(text[at]))
        && (at + length == text.Length || !char.IsLetterOrDigit(text[at + length]) || !char.IsLetterOrDigit(text[at + length - 1]));

    // What is left when nothing has a form: words that say what they are about.
    private static IEnumerable<Cause> OfWhole(string a, string b, string context)
    {
        if (a.Replace(',', '.') == b.Replace(',', '.'))
            yield return new(Variations.Locale, 75, "a decimal comma and a decimal point");
        else if (string.Equals(a, b, StringComparison.OrdinalIgnoreCase))
            yield return new(Variations.Locale, Hint, "the same but for upper and lower case");
        else if (a.Any(c => c > 0x7F) != b.Any(c => c > 0x7F))
            yield return new(Variations.Locale, Hint, "letters beyond ASCII in only one of them");
        foreach (var (variation, words) in Subjects())
            if (words.Match(context) is { Success: true } word)
                yield return new(variation, Hint, $"'{word.Value}' stands beside it");
    }

    private sealed record Match(int Index, string Text);

    /// <summary>Finds the marks of one kind of cause, and says of two of them that differ what they speak for, or null.</summary>
    private sealed record Rule(Func<string, bool, IReadOnlyList<Match>> Finder, Func<string, string, string, Cause?> Judge)
    {
        public IReadOnlyList<Match> Find(string text, bool first) => Finder(text, first);

        public static Rule Of(Regex pattern, Func<string, string, string, Cause?> judge) =>
            new((text, _) => [.. pattern.Matches(text).Select(match => new Match(match.Index, match.Value))], judge);

        public static Rule Of(Regex pattern, string variation, int confidence, string reason) => Of(pattern, (_, _, _) => new Cause(variation, confidence, reason));
    }

    private static IEnumerable<Rule> FactRules(RunFacts first, RunFacts second)
    {
        foreach (var variation in Variations.All.Where(name => name != Variations.Date))
        {
            var (ours, theirs) = (first.Of(variation), second.Of(variation));
            foreach (var (a, b) in ours.Zip(theirs).Where(pair => pair.First != pair.Second).OrderByDescending(pair => pair.First.Length))
                // The number of a processor is in many texts; that it is in the same place in both says more.
                yield return new Rule(
                    (text, isFirst) => Occurrences(text, isFirst ? a : b),
                    (_, _, _) => new Cause(variation, a.All(char.IsAsciiDigit) && a.Length < 3 ? Known - 10 : Known, $"'{Printable.Of(a)}' and '{Printable.Of(b)}' are the two runs' own"));
        }
        if (first.Date is { } dateA && second.Date is { } dateB && dateA != dateB)
            yield return Rule.Of(Epoch(), (a, b, _) => long.TryParse(a[..10], out var timeA) && long.TryParse(b[..10], out var timeB) && IsNear(timeA, dateA) && IsNear(timeB, dateB)
                ? new Cause(Variations.Date, Known, "times at which the two runs were") : null);
    }

    private static List<Match> Occurrences(string text, string fact)
    {
        var found = new List<Match>();
        for (var at = text.IndexOf(fact, StringComparison.Ordinal); at >= 0; at = text.IndexOf(fact, at + Math.Max(1, fact.Length), StringComparison.Ordinal))
            if (IsWhole(text, at, fact.Length))
                found.Add(new Match(at, fact));
        return found;
    }

    private static IEnumerable<Rule> PatternRules() =>
    [
        Rule.Of(Uuid(), Variations.Random, Explained, "UUIDs"),
        Rule.Of(PaxProcess(), Variations.ProcessIds, Explained, "process ids in the names of extended headers"),
        Rule.Of(TemporaryName(), Variations.Random, Explained, "names of temporary files"),
        Rule.Of(Pointer(), Variations.Addresses, Explained, "addresses of a process's memory"),
        Rule.Of(KernelBuild(), Variations.Kernel, Explained, "builds of a kernel"),
        Rule.Of(Moment.Pattern(), (a, b, _) => Moment.Judge(a, b)),
        Rule.Of(Epoch(), (_, _, _) => new Cause(Variations.Date, Explained, "times in seconds since 1970")),
        Rule.Of(LocaleName(), Variations.Locale, Explained, "names of locales"),
        Rule.Of(Permissions(), Variations.Umask, Explained, "permissions"),
        Rule.Of(ProcessFolder(), Variations.ProcessIds, Explained, "process ids in paths"),
        Rule.Of(AbsolutePath(), OfPaths),
        Rule.Of(UserAtHost(), OfUserAtHost),
        Rule.Of(FileSystemName(), Variations.FileSystem, 75, "names of file systems"),
        Rule.Of(EngineName(), Variations.Engine, 75, "names of engines"),
        Rule.Of(Release(), (_, _, context) => new Cause(Variations.Kernel, KernelWord().IsMatch(context) ? Explained : Hint, "numbers in the form of a kernel's release")),
        Rule.Of(Machine(), Variations.Kernel, 75, "names of machines, as uname prints them"),
        Rule.Of(ContainerId(), (_, _, _) => new Cause(Variations.HostName, 60, "twelve hexadecimal digits, as engines name containers")),
        Rule.Of(Hexadecimal(), (a, b, _) => a.Length == b.Length ? new Cause(Variations.Random, 60, "hexadecimal digits of equal length") : null),
        Rule.Of(Base64(), (a, b, _) => a.Length == b.Length ? new Cause(Variations.Random, Hint, "letters and digits without meaning, of equal length") : null),
        Rule.Of(DomainName(), OfDomains),
        Rule.Of(Year(), Variations.Date, 70, "years"),
        Rule.Of(Number(), OfNumbers),
        Rule.Of(UserName(), Variations.User, 70, "names of users"),
    ];

    private static Cause OfPaths(string a, string b, string context)
    {
        var (partsA, partsB) = (a.Split('/'), b.Split('/'));
        var differing = partsA.Zip(partsB).Where(pair => pair.First != pair.Second).ToList();
        return partsA.Length == partsB.Length && differing.Count > 0 && differing.All(pair => pair.First.Length == pair.Second.Length && IsRandomName(pair.First) && IsRandomName(pair.Second))
            ? new(Variations.Random, 75, "paths with parts of random letters")
            : new(Variations.Path, Explained, "paths");
    }

    // mktemp's letters: of both cases, or with digits among them.
    private static bool IsRandomName(string name) => name.Length >= 6 && RandomName().IsMatch(name)
        && name.Any(char.IsAsciiLetter) && (name.Any(char.IsAsciiDigit) || (name[1..].Any(char.IsAsciiLetterUpper) && name.Any(char.IsAsciiLetterLower)));

    private static Cause OfUserAtHost(string a, string b, string context) =>
        a.Split('@')[0] == b.Split('@')[0] ? OfDomains(a.Split('@')[1], b.Split('@')[1], context) with { Confidence = Explained }
        : a.Split('@')[1] == b.Split('@')[1] ? new(Variations.User, Explained, "user@host with another user")
        : new(Variations.HostName, 70, "user@host");

    private static Cause OfDomains(string a, string b, string context) =>
        a.Split('.')[0] == b.Split('.')[0] ? new(Variations.Domain, 70, "names of hosts in other domains") : new(Variations.HostName, Hint, "names of hosts");

    private static Cause OfNumbers(string a, string b, string context)
    {
        foreach (var (variation, words) in Subjects())
            if (words.Match(context) is { Success: true } word)
                return new(variation, 72, $"numbers beside '{word.Value}'");
        if (!long.TryParse(a, out var left) || !long.TryParse(b, out var right))
            return new(Variations.Random, Guess, "numbers");
        var (least, most) = (Math.Min(left, right), Math.Max(left, right));
        return least == 1 && most <= 1024 ? new(Variations.Processors, 60, "the numbers 1 and a few, as of processors")
            : least is > 1 and <= 4194304 && most <= 4194304 && most - least < Math.Max(100, least / 4) ? new(Variations.ProcessIds, 40, "numbers that could be process ids")
            : new(Variations.Random, 40, "numbers that have nothing in common");
    }

    private static (string Variation, Regex Words)[] Subjects() =>
    [
        (Variations.ProcessIds, ProcessWord()), (Variations.Jobs, JobWord()), (Variations.Processors, ProcessorWord()), (Variations.Umask, UmaskWord()), (Variations.User, UserWord()),
        (Variations.FileSystem, FileSystemWord()), (Variations.Random, RandomWord()), (Variations.Addresses, AddressWord()), (Variations.HostName, HostWord()), (Variations.Domain, DomainWord()),
        (Variations.Date, DateWord()), (Variations.TimeZone, ZoneWord()), (Variations.Locale, LocaleWord()), (Variations.Kernel, KernelWord()),
    ];

    // \b would take the underscore of __DATE__ for a letter: words end where letters and digits do.
    private const string Start = @"(?<![A-Za-z0-9])", End = @"(?![A-Za-z0-9])";

    [GeneratedRegex(Start + "[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}" + End)]
    private static partial Regex Uuid();

    [GeneratedRegex(@"(?<=PaxHeaders\.)\d+")]
    private static partial Regex PaxProcess();

    [GeneratedRegex(@"(?:" + Start + @"tmp[._-]?|\.|/cc)(?=[A-Za-z]*[A-Z0-9])[A-Za-z0-9_]{6,12}" + End)]
    private static partial Regex TemporaryName();

    [GeneratedRegex(Start + @"(?:0x)?(?:7f|7e|55|56|ffff)[0-9a-f]{8,12}" + End)]
    private static partial Regex Pointer();

    [GeneratedRegex(@"#\d+[^\n]*SMP[^\n]*")]
    private static partial Regex KernelBuild();

    // Since 2001 the seconds have ten digits; then milli-, micro- and nanoseconds.
    [GeneratedRegex(Start + @"[1-4]\d{9}(?:\d{3}|\d{6}|\d{9}|\.\d+)?" + End)]
    private static partial Regex Epoch();

    [GeneratedRegex(Start + @"(?:(?:C|POSIX|[a-z]{2,3}_[A-Z]{2})(?:\.[A-Za-z0-9-]+)?(?:@\w+)?|UTF-8|utf8|ANSI_X3\.4-1968|ISO-8859-\d+|US-ASCII)" + End)]
    private static partial Regex LocaleName();

    [GeneratedRegex(@"(?:[r-][w-][xsS-]){2}[r-][w-][xtT-]")]
    private static partial Regex Permissions();

    [GeneratedRegex(@"(?<=/proc/)\d+")]
    private static partial Regex ProcessFolder();

    [GeneratedRegex(@"(?<![A-Za-z0-9._/-])(?:/[A-Za-z0-9._+@~%,=-]+)+/?")]
    private static partial Regex AbsolutePath();

    [GeneratedRegex(@"^[A-Za-z0-9_.-]*$")]
    private static partial Regex RandomName();

    [GeneratedRegex(Start + @"[A-Za-z_][\w-]*@[\w.-]+" + End)]
    private static partial Regex UserAtHost();

    [GeneratedRegex(Start + @"(?:ext[234]|tmpfs|overlay(?:fs)?|btrfs|xfs|zfs|fuse[\w.-]*|nfs4?|9p|vfat)" + End)]
    private static partial Regex FileSystemName();

    [GeneratedRegex(Start + @"(?:buildah|podman|docker|buildkit|runc|crun|containerd|oci)" + End, RegexOptions.IgnoreCase)]
    private static partial Regex EngineName();

    [GeneratedRegex(Start + @"\d+\.\d+(?:\.\d+)?(?:[-+.~_]\w+)*" + End)]
    private static partial Regex Release();

    [GeneratedRegex(Start + @"(?:x86_64|i[3-6]86|amd64|aarch64|arm64|armv\d\w*)" + End)]
    private static partial Regex Machine();

    [GeneratedRegex(Start + "[0-9a-f]{12}" + End)]
    private static partial Regex ContainerId();

    [GeneratedRegex(Start + "(?:0x)?(?=[0-9A-Fa-f]*[A-Fa-f])[0-9A-Fa-f]{6,}" + End)]
    private static partial Regex Hexadecimal();

    [GeneratedRegex(Start + @"(?=[A-Za-z0-9+/_-]*[0-9A-Z])[A-Za-z0-9+/_-]{10,}={0,2}" + End)]
    private static partial Regex Base64();

    [GeneratedRegex(Start + @"[a-z][\w-]*(?:\.[a-z][\w-]*)+" + End)]
    private static partial Regex DomainName();

    [GeneratedRegex(Start + @"(?:19|20)\d\d" + End)]
    private static partial Regex Year();

    [GeneratedRegex(@"(?<![\d.])\d+(?![\d.])")]
    private static partial Regex Number();

    [GeneratedRegex(Start + @"(?:root|nobody|builder|build|user\d*|guest)" + End)]
    private static partial Regex UserName();

    [GeneratedRegex(@"^\s*(?:export |declare -x )?[A-Za-z_][A-Za-z0-9_]*=")]
    private static partial Regex Assignment();

    private const RegexOptions AnyCase = RegexOptions.IgnoreCase;

    [GeneratedRegex(@"(?<![A-Za-z])(?:p?pid|process(?:[ _-]id)?)(?![A-Za-z])", AnyCase)]
    private static partial Regex ProcessWord();

    [GeneratedRegex(@"(?<![A-Za-z])(?:jobs?|parallel|-j|makeflags)(?![A-Za-z])", AnyCase)]
    private static partial Regex JobWord();

    [GeneratedRegex(@"(?<![A-Za-z])(?:n?cpus?|n?procs?|processors?|cores?|threads?|nproc)(?![A-Za-z])", AnyCase)]
    private static partial Regex ProcessorWord();

    [GeneratedRegex(@"(?<![A-Za-z])(?:umask|mode|permissions?)(?![A-Za-z])", AnyCase)]
    private static partial Regex UmaskWord();

    [GeneratedRegex(@"(?<![A-Za-z])(?:[eu]?uid|[eu]?gid|uname|gname|user|group|owner|home|logname|whoami)(?![A-Za-z])", AnyCase)]
    private static partial Regex UserWord();

    [GeneratedRegex(@"(?<![A-Za-z])(?:inodes?|ino|free|avail(?:able)?|blocks?|disk|device|dev|statfs|fs|filesystem|directory size)(?![A-Za-z])", AnyCase)]
    private static partial Regex FileSystemWord();

    [GeneratedRegex(@"(?<![A-Za-z])(?:rand(?:om)?|seed|nonce|salt|uuid|guid|cookie)(?![A-Za-z])", AnyCase)]
    private static partial Regex RandomWord();

    [GeneratedRegex(@"(?<![A-Za-z])(?:addr(?:ess)?|ptr|pointer|stack|heap|aslr)(?![A-Za-z])", AnyCase)]
    private static partial Regex AddressWord();

    [GeneratedRegex(@"(?<![A-Za-z])(?:host(?:name)?|node(?:name)?|machine)(?![A-Za-z])", AnyCase)]
    private static partial Regex HostWord();

    [GeneratedRegex(@"(?<![A-Za-z])(?:(?:dns|nis)?domain(?:name)?|fqdn)(?![A-Za-z])", AnyCase)]
    private static partial Regex DomainWord();

    [GeneratedRegex(@"(?<![A-Za-z])(?:date|mtime|ctime|atime|time(?:stamp)?|epoch|year|built (?:on|at)|today|now|copyright)(?![A-Za-z])", AnyCase)]
    private static partial Regex DateWord();

    [GeneratedRegex(@"(?<![A-Za-z])(?:tz|time ?zone|gmtoff|utc ?offset)(?![A-Za-z])", AnyCase)]
    private static partial Regex ZoneWord();

    [GeneratedRegex(@"(?<![A-Za-z])(?:lang(?:uage)?|locale|lc_\w+|charset|codeset|encoding|collat\w+)(?![A-Za-z])", AnyCase)]
    private static partial Regex LocaleWord();

    [GeneratedRegex(@"(?<![A-Za-z])(?:linux|kernel|uname|osrelease|smp)(?![A-Za-z])", AnyCase)]
    private static partial Regex KernelWord();
}
