using Microsoft.Build.Framework;

namespace StageX.Build.Reproducibility;

/// <summary>Makes a clean clone of this tree at the commit that a provenance names.</summary>
public sealed class CloneCheckout : PackageTask
{
    /// <summary>A file, or a folder of attestations (StageXProvenance).</summary>
    public string ProvenancePath { get; set; } = "";

    /// <summary>An empty folder, or such a clone (StageXCheckout).</summary>
    [Required]
    public required string Checkout { get; set; }

    /// <summary>The project in the clone.</summary>
    [Output]
    public string ClonedProject { get; private set; } = "";

    private protected override IDisposable? Hold() => null;

    protected override void Run()
    {
        var package = ReadDefinition();
        var provenance = Reproduction.Read(ProvenancePath, [.. package.Images.Select(image => image.Id)]).Provenance;
        var checkout = new GitCheckout(package.Folder, Cancellation);
        var project = string.Join('/', new[] { checkout.Prefix(), Path.GetFileName(Project) }.Where(part => part.Length > 0));
        if (project != provenance.Project)
            throw new StageXException(ErrorCode.NoProvenance, $"the provenance is of {provenance.Project}, not of {project}");
        // All packages of a tree are reproduced in one clone.
        using var taken = FileLock.Take(Path.Combine(Path.GetFullPath(Artifacts), "locks", "checkout"), cancellation: Cancellation);
        checkout.CloneTo(Path.GetFullPath(Checkout), provenance.Commit);
        ClonedProject = Path.Combine(Path.GetFullPath(Checkout), Path.Combine(project.Split('/')));
        if (!File.Exists(ClonedProject))
            throw new StageXException(ErrorCode.NoProvenance, $"the commit {provenance.Commit} has no {project}");
    }
}
