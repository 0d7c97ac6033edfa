using System.Globalization;

namespace StageX.Build.AtWork;

/// <summary>How much the cache may hold, and how long it keeps what no build asks for.</summary>
/// <param name="Size">In bytes.</param>
/// <param name="Age">Since the last use.</param>
public sealed record CacheLimits(long Size, TimeSpan Age)
{
    /// <param name="size">Such as <c>50GB</c>, <c>500MB</c> (powers of 1000), <c>50GiB</c> (of 1024) or a number of bytes.</param>
    /// <param name="age">Such as <c>90d</c>, <c>12h</c>, <c>2w</c>.</param>
    /// <exception cref="StageXException">One of them is malformed.</exception>
    public static CacheLimits Parse(string size, string age) => new(
        (long)Amount("StageXCacheSize", size, "50GB, 500MB, 50GiB or a number of bytes", unit => unit switch
        {
            "" or "B" => 1, "kB" => 1e3, "MB" => 1e6, "GB" => 1e9, "TB" => 1e12,
            "KiB" => 1L << 10, "MiB" => 1L << 20, "GiB" => 1L << 30, "TiB" => 1L << 40,
            _ => null,
        }),
        TimeSpan.FromHours(Amount("StageXCacheAge", age, "90d, 12h or 2w", unit => unit switch { "h" => 1, "d" => 24, "w" => 7 * 24, _ => null })));

    private static double Amount(string property, string text, string form, Func<string, double?> factor)
    {
        var digits = text.Trim().TakeWhile(c => char.IsAsciiDigit(c) || c == '.').Count();
        return double.TryParse(text.Trim()[..digits], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number)
            && factor(text.Trim()[digits..].Trim()) is { } unit && number * unit < long.MaxValue
            ? number * unit
            : throw new StageXException(ErrorCode.InvalidMetadata, $"{property} must be like {form}, not '{text}'");
    }
}
