using StageX.Build.Stages;

namespace StageX.Build.Containerfiles;

/// <summary>Writes the ProjectReferences that a hand-written Containerfile needs into the project.</summary>
public sealed class UpdateReferences : PackageTask
{
    protected override void Run()
    {
        var package = ReadDefinition();
        if (package.Containerfile is null)
            return;
        var containerfile = PackagePlan.Parse(package, File.ReadAllText(package.Containerfile), _ => []);
        var text = File.ReadAllText(Project);
        var updated = ReferenceUpdater.Update(text, package, [.. PackagePlan.PackagesIn(containerfile).Select(use => use.Id)]);
        if (updated == text)
            return;
        AtomicFile.Write(Project, updated);
        BuildLog.Milestone($"{package.Id}: updated the references in {Path.GetFileName(Project)}");
    }
}
