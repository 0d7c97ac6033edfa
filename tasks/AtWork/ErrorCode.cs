namespace StageX.Build;

public static partial class ErrorCode
{
    /// <summary>A shell cannot be opened in the stage: there is none of that name, an earlier one was not built, it has no /bin/sh, or there is no terminal; do what the message says.</summary>
    public const string NoShell = "SX8001";

    /// <summary>A project that the graph leads to is no XML; correct it at the line.</summary>
    public const string UnreadableProject = "SX8002";
}
