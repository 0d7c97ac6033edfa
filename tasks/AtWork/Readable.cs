using System.Globalization;

namespace StageX.Build.AtWork;

/// <summary>Amounts as people read them, the same in every culture.</summary>
internal static class Readable
{
    public static string Bytes(long bytes) => bytes switch
    {
        < 10_000 => $"{bytes} B",
        < 10_000_000 => $"{bytes / 1000} kB",
        < 10_000_000_000 => $"{bytes / 1_000_000} MB",
        _ => $"{bytes / 1_000_000_000} GB",
    };

    public static string Lines(long lines) => lines == 1 ? "1 line" : string.Create(CultureInfo.InvariantCulture, $"{lines:#,0} lines");

    /// <summary>In minutes from one on; what no engine ran took no time.</summary>
    public static string Time(TimeSpan time)
    {
        var seconds = (long)Math.Round(time.TotalSeconds);
        return time.TotalSeconds < 9.95 ? string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:0.0} s")
            : seconds < 60 ? $"{seconds} s" : $"{seconds / 60} min {seconds % 60} s";
    }
}
