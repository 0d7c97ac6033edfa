namespace StageX.Build;

public static partial class ErrorCode
{
    /// <summary>A tar stream cannot be read, or ends early; run the engine again, its export was cut short or is in a format that is not known.</summary>
    public const string UnreadableTar = "SX5001";

    /// <summary>A root filesystem holds an entry that no image may hold (a device node, a sparse file); remove it in the step that makes it.</summary>
    public const string ForbiddenEntry = "SX5002";

    /// <summary>A path in a root filesystem cannot stand in a layer (not UTF-8, leads outside, looks like a whiteout); rename it in the step that makes it.</summary>
    public const string ForbiddenPath = "SX5003";

    /// <summary>Two entries contradict each other (one path twice, a file with children, a hard link to nothing); export the root filesystem again, or copy to another place.</summary>
    public const string ContradictoryEntries = "SX5004";

    /// <summary>A path to copy from does not exist in the root filesystem; correct the path, or let the stage make it.</summary>
    public const string NothingToCopy = "SX5005";

    /// <summary>A blob in the store is not what its digest says, or not a canonical layer; remove the file that is named and build again.</summary>
    public const string DamagedBlob = "SX5006";

    /// <summary>A blob is not in the store; build the package it belongs to again.</summary>
    public const string MissingBlob = "SX5007";

    /// <summary>Two members of a composition bring the same path with different content, type, mode or owner; drop one of them, or declare which one wins.</summary>
    public const string ConflictingPaths = "SX5008";

    /// <summary>The dependencies and overrides of a composition form a cycle, or name a member that is not there; remove the one that is wrong.</summary>
    public const string UnorderableComposition = "SX5009";

    /// <summary>Two members of a composition share layers in a way that no order of layers can express; let the one that wins be built without the other.</summary>
    public const string InexpressibleComposition = "SX5010";

    /// <summary>A folder is not an OCI layout with exactly one image; build the package again.</summary>
    public const string UnreadableLayout = "SX5011";

    /// <summary>An image breaks a rule of the canonical form; build it with this SDK, images of other tools are not accepted.</summary>
    public const string NotCanonical = "SX5012";
}
