namespace StageX.Build;

public static partial class ErrorCode
{
    /// <summary>A package came out with another digest than digests.txt records; the message names both and says how to look for the cause. If the change is wanted: -t:UpdateDigests.</summary>
    public const string DigestMismatch = "SX6001";

    /// <summary>A package has no line in its stage's digests.txt, so that nothing is compared; -t:UpdateDigests writes one.</summary>
    public const string DigestMissing = "SX6002";

    /// <summary>A line of digests.txt is not "&lt;64 hexadecimal digits&gt; &lt;id&gt;"; -t:UpdateDigests rewrites the file.</summary>
    public const string DigestFileSyntax = "SX6003";

    /// <summary>An image differs from the one that StageXDiffWith names; the report says in what, and why.</summary>
    public const string ImagesDiffer = "SX6004";

    /// <summary>A package came out otherwise when it was built again in other surroundings; the message names the cause that an experiment found, and what differs.</summary>
    public const string NotReproducible = "SX6010";

    /// <summary>StageXVerifyVariations names a variation that does not exist; the message lists those that do.</summary>
    public const string UnknownVariation = "SX6011";

    /// <summary>The tree is no checkout of a git commit, which attestations name; commit it, and install git.</summary>
    public const string NoCommit = "SX6020";

    /// <summary>The checkout holds what its commit does not; commit it or put it aside.</summary>
    public const string TreeChanged = "SX6021";

    /// <summary>StageXProvenance names no provenance of this package.</summary>
    public const string NoProvenance = "SX6022";

    /// <summary>The checkout is at another commit than the provenance; check that out, or set StageXCheckout.</summary>
    public const string OtherCommit = "SX6023";

    /// <summary>A provenance's definition, sources or images are not those of its commit: one of the two was tampered with.</summary>
    public const string OtherInputs = "SX6024";

    /// <summary>An image came out with another digest than its provenance says.</summary>
    public const string NotReproduced = "SX6025";

    /// <summary>StageXCheckout names a folder that cannot be made a clean clone.</summary>
    public const string CheckoutUnusable = "SX6026";

    /// <summary>What is said about an image is not about what the build made; run Attest again.</summary>
    public const string StaleAttestation = "SX6027";
}
