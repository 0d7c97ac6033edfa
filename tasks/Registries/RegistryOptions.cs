namespace StageX.Build.Registries;

/// <summary>How registries are talked to. The defaults suit a person at a terminal; tests shorten the waits.</summary>
public sealed record RegistryOptions
{
    public LoginFile Logins { get; init; } = LoginFile.OfUser();

    /// <summary>
    /// Folders that hold, below <c>host[:port]/</c>, the <c>*.crt</c> files of authorities to trust for that registry beside
    /// the system's: containers-certs.d(5).
    /// </summary>
    public IReadOnlyList<string> Certificates { get; init; } =
    [
        Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.ApplicationData), "containers/certs.d"),
        "/etc/containers/certs.d",
        "/etc/docker/certs.d",
    ];

    /// <summary>How often one exchange is tried while its failures look temporary.</summary>
    public int Attempts { get; init; } = 4;

    /// <summary>The first wait before another attempt; it doubles each time.</summary>
    public TimeSpan RetryDelay { get; init; } = TimeSpan.FromSeconds(1);

    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>A connection over which nothing moves for this long is given up.</summary>
    public TimeSpan StallTimeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Blobs of one image on their way at the same time.</summary>
    public int Parallelism { get; init; } = 4;

    /// <summary>A transfer that takes longer reports its progress.</summary>
    public TimeSpan ProgressAfter { get; init; } = TimeSpan.FromSeconds(3);
}
