namespace StageX.Build;

public static partial class ErrorCode
{
    /// <summary>The set of maintainers is empty, so that nobody's signature counts; add entries, and pin a commit that has them.</summary>
    public const string NoMaintainers = "SX9001";

    /// <summary>A maintainer's entry, key or the policy cannot be read; the message says what is wrong.</summary>
    public const string MaintainersUnreadable = "SX9002";
}
