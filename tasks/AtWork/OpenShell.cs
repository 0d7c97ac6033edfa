using StageX.Build.Stages;

namespace StageX.Build.AtWork;

/// <summary>Opens a shell in a stage, where its first command would run.</summary>
public sealed class OpenShell : PackageTask
{
    /// <summary>The stage (StageXShellStage); by default the first that is not built, which is the one that failed.</summary>
    public string Stage { get; set; } = "";

    protected override void Run()
    {
        // What the standard input is, where that is a terminal of this machine.
        if (!OperatingSystem.IsLinux() || new FileInfo("/proc/self/fd/0").LinkTarget is not { } terminal || !terminal.StartsWith("/dev/pts/", StringComparison.Ordinal))
            throw new StageXException(ErrorCode.NoShell, "-t:Shell needs a terminal, and the standard input is none", Project);
        var package = ReadDefinition();
        new PackageBuilder(package, ReadDependencies(package), Environment, Cancellation).OpenShell(Stage, terminal);
    }
}
