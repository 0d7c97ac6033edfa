using System.Globalization;

namespace StageX.Build.Packages;

/// <summary>An amount of bytes as people write it.</summary>
internal static class ByteSize
{
    /// <summary>What it must look like.</summary>
    public const string Form = "50GB, 500MB, 50GiB or a number of bytes";

    /// <summary>Such as <c>50GB</c>, <c>500MB</c> (powers of 1000), <c>50GiB</c> (of 1024) or a number of bytes; null for anything else.</summary>
    public static long? Parse(string text) => (long?)Amount.Parse(text, unit => unit switch
    {
        "" or "B" => 1, "kB" => 1e3, "MB" => 1e6, "GB" => 1e9, "TB" => 1e12,
        "KiB" => 1L << 10, "MiB" => 1L << 20, "GiB" => 1L << 30, "TiB" => 1L << 40,
        _ => null,
    });
}

/// <summary>A number with a unit.</summary>
internal static class Amount
{
    /// <param name="text">Such as <c>1.5GB</c>.</param>
    /// <param name="factor">What a unit stands for; null where it is none.</param>
    public static double? Parse(string text, Func<string, double?> factor)
    {
        var digits = text.Trim().TakeWhile(c => char.IsAsciiDigit(c) || c == '.').Count();
        return double.TryParse(text.Trim()[..digits], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number)
            && factor(text.Trim()[digits..].Trim()) is { } unit && number * unit < long.MaxValue ? number * unit : null;
    }
}
