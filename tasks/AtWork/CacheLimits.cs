using StageX.Build.Packages;

namespace StageX.Build.AtWork;

/// <summary>How much the cache may hold, and how long it keeps what no build asks for.</summary>
/// <param name="Size">In bytes.</param>
/// <param name="Age">Since the last use.</param>
public sealed record CacheLimits(long Size, TimeSpan Age)
{
    /// <param name="size">As <see cref="ByteSize"/> reads it.</param>
    /// <param name="age">Such as <c>90d</c>, <c>12h</c>, <c>2w</c>.</param>
    /// <exception cref="StageXException">One of them is malformed.</exception>
    public static CacheLimits Parse(string size, string age) => new(
        ByteSize.Parse(size) ?? throw Malformed("StageXCacheSize", ByteSize.Form, size),
        TimeSpan.FromHours(Amount.Parse(age, unit => unit switch { "h" => 1, "d" => 24, "w" => 7 * 24, _ => null }) ?? throw Malformed("StageXCacheAge", "90d, 12h or 2w", age)));

    private static StageXException Malformed(string property, string form, string text) =>
        new(ErrorCode.InvalidMetadata, $"{property} must be like {form}, not '{text}'");
}
