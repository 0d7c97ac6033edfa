namespace StageX.Build.Sources;

/// <summary>How sources are fetched. The defaults suit a person at a terminal; tests shorten the waits.</summary>
public sealed record FetchOptions
{
    /// <summary>Never touch the network: what is not in the cache (or behind a file URL) is an error.</summary>
    public bool Offline { get; init; }

    /// <summary>Asked when none of a source's own hints delivers; null leaves it out.</summary>
    public DebianMirror? Debian { get; init; }

    /// <summary>Downloads at the same time.</summary>
    public int Parallelism { get; init; } = 4;

    /// <summary>How often one hint is tried while its failures look temporary.</summary>
    public int Attempts { get; init; } = 4;

    /// <summary>The first wait before another attempt; it doubles each time, unless the server names another.</summary>
    public TimeSpan RetryDelay { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>No wait is longer, whatever the server asks for.</summary>
    public TimeSpan LongestDelay { get; init; } = TimeSpan.FromSeconds(30);

    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>A connection that delivers nothing for this long is given up.</summary>
    public TimeSpan StallTimeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>A download that takes longer reports its progress.</summary>
    public TimeSpan ProgressAfter { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>No source is larger; a server that never stops does not fill the disk.</summary>
    public long LargestFile { get; init; } = 8L << 30;
}
