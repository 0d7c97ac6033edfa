namespace StageX.Build;

public static partial class ErrorCode
{
    /// <summary>The set of maintainers is empty, so that nobody's signature counts; add entries, and pin a commit that has them.</summary>
    public const string NoMaintainers = "SX9001";

    /// <summary>A maintainer's entry, key or the policy cannot be read; the message says what is wrong.</summary>
    public const string MaintainersUnreadable = "SX9002";

    /// <summary>No commit is trusted, or what is given is no id; find out which to trust, and write it to the file that the message names.</summary>
    public const string NoTrustedCommit = "SX9003";

    /// <summary>The repository's history cannot be judged: shallow, with grafts or replaced objects, damaged, or git is missing; do what the message says.</summary>
    public const string HistoryUnusable = "SX9004";

    /// <summary>The history does not hold the trusted commit, or what was verified before; find out who rewrote it.</summary>
    public const string HistoryRewritten = "SX9005";

    /// <summary>A change of the source is not signed by as many maintainers as it must be; do not use it, let them sign it.</summary>
    public const string ChangeUnsigned = "SX9006";

    /// <summary>A commit has a form in which a change could hide; make it anew as the message says.</summary>
    public const string ChangeRefused = "SX9007";

    /// <summary>A change lowers a threshold of the policy; if that is right, trust a commit that has it.</summary>
    public const string PolicyLowered = "SX9008";

    /// <summary>Warning: HEAD is older than what was verified before; find out who holds newer changes back.</summary>
    public const string HistoryOlder = "SX9009";

    /// <summary>Warning: the repository is judged by its own code; ask an installed SDK.</summary>
    public const string JudgedByItself = "SX9010";

    /// <summary>StageXRegistry is not set; signatures name images by it.</summary>
    public const string NoRegistry = "SX9011";

    /// <summary>StageXSignatureStore is not set, or is no folder of signatures; set it.</summary>
    public const string NoSignatureStore = "SX9012";

    /// <summary>An image is not signed because its last verification on this machine is about something else, or there is none; run -t:Verify.</summary>
    public const string NotVerified = "SX9013";

    /// <summary>gpg has no key of a maintainer, cannot sign, or the policy asks for a smart card; do what the message says.</summary>
    public const string CannotSign = "SX9014";

    /// <summary>Warning: a subkey signs, which podman and skopeo of Debian 12 refuse; let the primary key sign.</summary>
    public const string SubkeySigns = "SX9015";

    /// <summary>Not enough maintainers signed an image, or on too few vendors' processors; do not use it, ask them to rebuild and sign.</summary>
    public const string QuorumMissing = "SX9016";

    /// <summary>A maintainer says that a reference means another image than verified history says; compare the images before anybody uses either.</summary>
    public const string OtherDigestSigned = "SX9017";

    /// <summary>A package has no digest in verified history; record it, and let the change be merged.</summary>
    public const string DigestUnknown = "SX9018";

    /// <summary>An image was fetched, and what is asked needs one that was built here; build it with -t:Rebuild.</summary>
    public const string ImageFetched = "SX9019";
}
