namespace StageX.Build.Reproducibility;

/// <summary>Before anything is fetched: whether this checkout is what a provenance was made from.</summary>
public sealed class CheckProvenance : PackageTask
{
    /// <summary>A file, or a folder of attestations (StageXProvenance).</summary>
    public string ProvenancePath { get; set; } = "";

    private protected override IDisposable? Hold() => null;

    protected override void Run()
    {
        var package = ReadDefinition();
        Reproduction.Read(ProvenancePath, [.. package.Images.Select(image => image.Id)]).CheckInputs(package, Cancellation);
    }
}
