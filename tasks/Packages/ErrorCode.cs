namespace StageX.Build;

public static partial class ErrorCode
{
    /// <summary>A name is not allowed; package folders and stages are lower-case letters and digits, joined by single dots, dashes or underscores.</summary>
    public const string InvalidName = "SX1001";

    /// <summary>PackageVersion is missing or holds characters that a tag or a URL cannot; write upstream's version as it is.</summary>
    public const string InvalidVersion = "SX1002";

    /// <summary>An item has metadata that nothing reads, most likely a typo; the message lists what the item knows.</summary>
    public const string UnknownMetadata = "SX1003";

    /// <summary>A metadata or property is missing or malformed (a Sha256 that is not 64 hexadecimal digits, a mode that is not octal); write it as the message says.</summary>
    public const string InvalidMetadata = "SX1004";

    /// <summary>A ProjectReference names a project that does not exist; correct the path or add the package.</summary>
    public const string MissingReference = "SX1005";

    /// <summary>Packages depend on each other in a circle, which the message names in full; break it.</summary>
    public const string ReferenceCycle = "SX1006";

    /// <summary>Two projects have the same package id; rename the folder of one.</summary>
    public const string DuplicateId = "SX1007";

    /// <summary>A file that the definition names (script, input, patch, content) is not there; add it or correct the name.</summary>
    public const string MissingFile = "SX1008";

    /// <summary>A placeholder such as {minor} has no value for this version, or is unknown; write the text out.</summary>
    public const string InvalidPlaceholder = "SX1009";

    /// <summary>A reference asks for a stage or subpackage that does not exist; the message lists those that do.</summary>
    public const string UnknownTarget = "SX1010";

    /// <summary>Two items say the same thing twice (two stages, sources or subpackages of one name); rename or remove one.</summary>
    public const string DuplicateItem = "SX1011";

    /// <summary>The definition has neither stages nor content nor references, so there is nothing to build; add some.</summary>
    public const string EmptyPackage = "SX1012";

    /// <summary>An item, metadata or property has no effect where it stands (an unknown item type, a source that no stage takes, Stage items beside a Containerfile); remove it, or correct what should have read it. Item types of your own: declare them as AvailableItemName.</summary>
    public const string Meaningless = "SX1013";

    /// <summary>A file or folder cannot be read or written; the message names it and says why.</summary>
    public const string FileAccess = "SX1014";

    /// <summary>An image of another tree is not named by its digest alone, or one that it needs is not named; write the line that the message prints.</summary>
    public const string ReferenceNotPinned = "SX1015";
}
