using System.Globalization;
using System.Text.RegularExpressions;

namespace StageX.Build.Reproducibility;

/// <summary>Dates and times as programs write them into their output.</summary>
internal static partial class Moment
{
    private const string Zone = @"(?: ?(?:Z|UTC|GMT|[+-]\d\d:?\d\d|[A-Z]{3,5}))?";
    private const string Clock = @"\d\d:\d\d(?::\d\d(?:[.,]\d+)?)?";
    private const string Months = "(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*";
    private const string Days = "(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]*";

    [GeneratedRegex(
        @"(?<![A-Za-z0-9])(?:" +
        // 2026-11-24T13:36:45+01:00, 2026/11/24
        @"\d{4}[-/]\d\d[-/]\d\d(?:[T ]" + Clock + Zone + ")?|" +
        // Tue Nov 24 13:36:45 UTC 2026, Nov 24 2026
        "(?:" + Days + @",? +)?" + Months + @" +\d{1,2},?(?: +" + Clock + @")?(?: +[AP]M)?(?: +(?!(?:19|20)\d\d)[A-Z0-9+-]{3,5})?(?: +(?:19|20)\d\d)?|" +
        // Tue, 24 Nov 2026 13:36:45 +0000
        "(?:" + Days + @",? +)?\d{1,2} +" + Months + @"(?: +(?:19|20)\d\d)?(?: +" + Clock + "(?: +[AP]M)?" + Zone + ")?(?: +(?:19|20)\\d\\d)?|" +
        // 11/24/2026, 24.11.2026
        @"\d{1,2}[/.]\d{1,2}[/.](?:19|20)?\d\d(?: +" + Clock + Zone + ")?|" +
        // 20261124T133645Z
        @"(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])(?:[T_.-]?[0-2]\d[0-5]\d(?:[0-5]\d)?Z?)?|" +
        Clock + Zone + @"|[+-]\d\d:?\d\d|(?:UTC|GMT)(?:[+-]\d{1,2})?|[A-Z]{2,4}ST|CET|CEST|EST|EDT|PST|PDT|MSK" +
        ")(?![A-Za-z0-9])")]
    public static partial Regex Pattern();

    /// <summary>Says of two that differ whether they are the same moment told elsewhere, or different moments.</summary>
    public static Cause? Judge(string a, string b)
    {
        if (Parse(a) is { } left && Parse(b) is { } right)
        {
            if (left == right || IsZoneApart((left - right).Ticks / TimeSpan.TicksPerSecond) || IsZoneApart((Wall(left) - Wall(right)).Ticks / TimeSpan.TicksPerSecond))
                return new(Variations.TimeZone, 80, "one moment, told in two time zones");
            return new(Variations.Date, 80, "dates");
        }
        if (ZoneName().IsMatch(a) && ZoneName().IsMatch(b))
            return new(Variations.TimeZone, 75, "names of time zones");
        // A time without a date: whole minutes apart are a zone's doing.
        if (ClockOnly().Match(a) is { Success: true } clockA && ClockOnly().Match(b) is { Success: true } clockB && a.Length == clockA.Length && b.Length == clockB.Length
            && TimeSpan.TryParse(a, CultureInfo.InvariantCulture, out var timeA) && TimeSpan.TryParse(b, CultureInfo.InvariantCulture, out var timeB))
            return a.Count(c => c == ':') == 2 && IsZoneApart((long)(timeA - timeB).TotalSeconds)
                ? new(Variations.TimeZone, 70, "times of day that are whole minutes apart")
                : new(Variations.Date, 80, "times of day");
        return new(Variations.Date, 80, "dates");
    }

    /// <summary>Whether a difference in seconds can be one of time zones: whole minutes, at least a quarter of an hour, at most what is between the farthest two.</summary>
    public static bool IsZoneApart(long seconds) => seconds % 60 == 0 && Math.Abs(seconds) is >= 900 and <= 26 * 3600;

    private static DateTime Wall(DateTimeOffset moment) => DateTime.SpecifyKind(moment.DateTime, DateTimeKind.Utc);

    // Only what has a date and a time.
    private static DateTimeOffset? Parse(string text)
    {
        if (!ClockOnly().IsMatch(text))
            return null;
        var unix = UnixDate().Match(text);
        if (unix.Success)
            text = $"{unix.Groups["day"].Value} {unix.Groups["month"].Value} {unix.Groups["year"].Value} {unix.Groups["clock"].Value}";
        else
            text = ZoneLetters().Replace(text, "");
        return text.Any(char.IsAsciiDigit) && text.Length > 9
            && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AllowWhiteSpaces, out var moment) ? moment : null;
    }

    [GeneratedRegex(@"\d\d:\d\d(?::\d\d(?:[.,]\d+)?)?")]
    private static partial Regex ClockOnly();

    [GeneratedRegex(@"^(?:\w+,? +)?(?<month>[A-Z][a-z]{2})[a-z]* +(?<day>\d{1,2}) +(?<clock>\d\d:\d\d:\d\d)(?: +[A-Z0-9+-]{3,5})? +(?<year>\d{4})$")]
    private static partial Regex UnixDate();

    [GeneratedRegex(@" ?(?<![A-Za-z])[A-Z]{3,5}$")]
    private static partial Regex ZoneLetters();

    [GeneratedRegex(@"^(?:[+-]\d\d:?\d\d|[A-Z]{2,5}(?:[+-]\d{1,2})?|Z)$")]
    private static partial Regex ZoneName();
}
