namespace StageX.Build.Sources;

/// <summary>What no honest source archive exceeds: beyond it, it is a bomb.</summary>
public sealed record ExtractionLimits
{
    public static ExtractionLimits Default { get; } = new();

    /// <summary>Bytes that come out, everything together.</summary>
    public long Bytes { get; init; } = 32L << 30;

    /// <summary>Bytes that come out for each that goes in.</summary>
    public int Ratio { get; init; } = 200;

    /// <summary>Up to here the ratio does not matter: small archives of zeros are ordinary test data.</summary>
    public long RatioMattersFrom { get; init; } = 512L << 20;

    /// <summary>Files, folders and links, those included that an entry's path only implies.</summary>
    public int Entries { get; init; } = 1_000_000;

    internal long BytesFor(long archiveBytes) => Math.Min(Bytes, Math.Max(RatioMattersFrom, archiveBytes * Ratio));
}
