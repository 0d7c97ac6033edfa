namespace StageX.Build;

public static partial class ErrorCode
{
    /// <summary>A package came out with another digest than digests.txt records; the message names both and says how to look for the cause. If the change is wanted: -t:UpdateDigests.</summary>
    public const string DigestMismatch = "SX6001";

    /// <summary>A package has no line in its stage's digests.txt, so that nothing is compared; -t:UpdateDigests writes one.</summary>
    public const string DigestMissing = "SX6002";

    /// <summary>A line of digests.txt is not "&lt;64 hexadecimal digits&gt; &lt;id&gt;"; -t:UpdateDigests rewrites the file.</summary>
    public const string DigestFileSyntax = "SX6003";
}
