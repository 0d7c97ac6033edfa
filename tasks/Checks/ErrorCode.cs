namespace StageX.Build;

public static partial class ErrorCode
{
    /// <summary>A test of the package fails that is not listed as a KnownFailure; see the log, and mend what is wrong or list it with the reason.</summary>
    public const string TestFailed = "SX8501";

    /// <summary>The Test of a package leaves no results; let its step write them to /rootfs/results.</summary>
    public const string NoTestResults = "SX8502";

    /// <summary>A KnownFailure does not fail; remove it.</summary>
    public const string StaleKnownFailure = "SX8503";
}
