using System.Globalization;

namespace StageX.Build.Trust;

/// <summary>How many must agree: <c>eng/maintainers/policy.txt</c>.</summary>
/// <param name="SourceSigners">Different maintainers who sign each change of the source.</param>
/// <param name="ArtifactSigners">Different maintainers who sign each image.</param>
/// <param name="ProcessorVendors">Different vendors of the processors on which the signers built an image.</param>
/// <param name="SmartCard">Whether <c>-t:Sign</c> refuses keys that are not on a smart card. No signature can prove that: it binds honest signers.</param>
public sealed record TrustPolicy(int SourceSigners, int ArtifactSigners, int ProcessorVendors, bool SmartCard)
{
    public const string FileName = "policy.txt";

    internal static TrustPolicy Read(NamedValues file)
    {
        int Count(string name, int atLeast) => file.Required(name) is var text && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count >= atLeast && count <= 99
            ? count : throw file.Fault(name, $"{name} must be a number of at least {atLeast}");
        var policy = new TrustPolicy(Count("source-signers", 2), Count("artifact-signers", 2), Count("processor-vendors", 1),
            file.Required("smart-card") switch { "required" => true, "optional" => false, _ => throw file.Fault("smart-card", "smart-card must be 'required' or 'optional'") });
        file.RefuseOthers();
        return policy;
    }

    /// <summary>What the other demands less than this one; null if nothing.</summary>
    public string? LoweredIn(TrustPolicy other) =>
        other.SourceSigners < SourceSigners ? $"source-signers from {SourceSigners} to {other.SourceSigners}"
        : other.ArtifactSigners < ArtifactSigners ? $"artifact-signers from {ArtifactSigners} to {other.ArtifactSigners}"
        : other.ProcessorVendors < ProcessorVendors ? $"processor-vendors from {ProcessorVendors} to {other.ProcessorVendors}"
        : SmartCard && !other.SmartCard ? "smart-card from required to optional" : null;
}
