namespace StageX.Build.Engines;

/// <summary>podman on this machine. Its client for another machine's has no way to hand over a root filesystem.</summary>
internal sealed class PodmanEngine(EngineSettings settings) : ContainersEngine(settings)
{
    public const string EngineName = "podman";
    private static readonly string[] RemoteVariables = ["CONTAINER_HOST", "CONTAINER_CONNECTION"];

    // What a client without storage of its own says when it is told where that is, or when nobody answers it.
    private static readonly string[] RemoteAnswers = ["unknown flag: --root", "Cannot connect to Podman", "unable to connect to Podman"];

    public override string Name => EngineName;

    protected override Version Oldest { get; } = new(4, 3);

    protected override IEnumerable<string> Info => ["info", "--format", "json"];

    protected override (string[] Before, string[] After) RuntimeOptions(string runtime) => (["--runtime", runtime], []);

    protected override IEnumerable<string> OwnOptions(BuildFolder folder) => ["--tmpdir", "/run/libpod", "--events-backend", "none"];

    // It accepts no path of more than 50 characters for this, so the run's own folder gets a short name in its mount namespace.
    protected override IEnumerable<string> Starter => ["/bin/sh", "-c", "mkdir -p r && mount --bind r /run && exec \"$@\"", "sh"];

    protected override string RunRoot(BuildFolder folder) => "/run/containers";

    protected override void CheckSurroundings()
    {
        if (RemoteVariables.FirstOrDefault(name => Surroundings.GetValueOrDefault(name) is { Length: > 0 }) is { } name)
            throw Remote($"{name} is set");
    }

    protected override void CheckAnswer(string printed)
    {
        if (printed.Contains("\"serviceIsRemote\": true", StringComparison.Ordinal))
            throw Remote("this one says that it is");
        if (RemoteAnswers.FirstOrDefault(answer => printed.Contains(answer, StringComparison.OrdinalIgnoreCase)) is { } answer)
            throw Remote($"this one says: {answer}");
    }

    private static StageXException Remote(string why) => new(ErrorCode.RemoteClient,
        $"podman is a client of a podman elsewhere ({why}), which cannot hand over a root filesystem. Use podman on the machine that builds (unset {string.Join(" and ", RemoteVariables)}), or reach another machine with StageXEngine=docker and DOCKER_HOST.");
}
