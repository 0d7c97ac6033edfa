using Microsoft.Build.Framework;
using StageX.Build.Stages;

namespace StageX.Build.Containerfiles;

/// <summary>Writes a package's Containerfile and its context, for reading and for building by hand.</summary>
public sealed class GenerateContainerfile : PackageTask
{
    /// <summary>The file that was written.</summary>
    [Output]
    public string Containerfile { get; private set; } = "";

    protected override void Run()
    {
        var package = ReadDefinition();
        Containerfile = new PackageBuilder(package, ReadDependencies(package), Environment, Cancellation).WriteContainerfile();
        BuildLog.Milestone($"{package.Id}: {Containerfile}");
    }
}
