using StageX.Build.Containerfiles;

namespace StageX.Build.Stages;

/// <summary>The environment variables of every step, unless the image or the Containerfile says otherwise.</summary>
public static class StepEnvironment
{
    public static readonly IReadOnlyList<(string Name, string Value)> Variables =
    [
        ("PATH", ContainerfileParser.DefaultPath),
        ("HOME", "/"),
        ("LC_ALL", "C"),
        ("TZ", "UTC"),
        ("SOURCE_DATE_EPOCH", "1"),
    ];
}
