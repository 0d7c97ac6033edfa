namespace StageX.Build;

public static partial class ErrorCode
{
    /// <summary>StageXEngine names an engine that does not exist; use one that the message lists.</summary>
    public const string EngineUnknown = "SX4001";

    /// <summary>The engine or a program it needs is not on the PATH; install the package that the message names.</summary>
    public const string EngineMissing = "SX4002";

    /// <summary>The engine is older than the oldest version that works; install a newer one.</summary>
    public const string EngineTooOld = "SX4003";

    /// <summary>The engine is there but cannot run containers for this user (namespaces, subordinate ids, limits); do what the message says.</summary>
    public const string EngineUnusable = "SX4004";

    /// <summary>A step of the Containerfile failed; the message ends with its last lines, the log has them all.</summary>
    public const string StepFailed = "SX4005";

    /// <summary>A Containerfile names an image that was not built before; reference its package. Nothing is ever pulled.</summary>
    public const string ImageNotKnown = "SX4006";

    /// <summary>No space left on device; make room where the message says, or move StageXCache.</summary>
    public const string DiskFull = "SX4007";

    /// <summary>Warning: overlay mounts do not work here, the engine copies every layer (vfs); move StageXCache to a local ext4, xfs or btrfs.</summary>
    public const string SlowStorage = "SX4008";

    /// <summary>The engine refused an image of the store; rebuild that image (remove its folder and build again).</summary>
    public const string ImageRefused = "SX4009";

    /// <summary>The folder for the engine's storage has a character in its path that mounts cannot express; move StageXCache.</summary>
    public const string StatePathUnusable = "SX4010";

    /// <summary>podman is a client of a podman elsewhere, which cannot hand over a root filesystem; use it where it builds, or docker.</summary>
    public const string RemoteClient = "SX4011";

    /// <summary>The docker client is there, but no daemon answers it; start one, or correct DOCKER_HOST or the context.</summary>
    public const string DaemonUnreachable = "SX4012";

    /// <summary>None of the engines works here; the message says of each why, install or repair one.</summary>
    public const string NoEngine = "SX4013";

    /// <summary>A step would have to run programs for StageXPlatform, which the engine's machine cannot; build it on such a machine.</summary>
    public const string PlatformNotRunnable = "SX4014";
}
