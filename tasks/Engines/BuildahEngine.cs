namespace StageX.Build.Engines;

/// <summary>buildah, which does nothing but build.</summary>
internal sealed class BuildahEngine(EngineSettings settings) : ContainersEngine(settings)
{
    public const string EngineName = "buildah";

    public override string Name => EngineName;

    protected override Version Oldest { get; } = new(1, 28);

    protected override IEnumerable<string> Info => ["info"];

    protected override (string[] Before, string[] After) RuntimeOptions(string runtime) => ([], ["--runtime", runtime]);

    protected override IEnumerable<string> OwnOptions(BuildFolder folder) =>
        ["--registries-conf-dir", folder["none"], "--default-mounts-file", folder["mounts.conf"]];
}
