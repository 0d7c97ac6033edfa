namespace StageX.Build;

public static partial class ErrorCode
{
    /// <summary>A registry, repository or tag is named in a form that none can have; write host[:port]/path, in lower case.</summary>
    public const string RegistryNameInvalid = "SX9501";

    /// <summary>The registry cannot be reached, or fails again and again; the message has its last answer.</summary>
    public const string RegistryUnreachable = "SX9502";

    /// <summary>The registry does not let this user in; log in with <c>podman login</c> or <c>skopeo login</c>, or ask for the right.</summary>
    public const string RegistryRefused = "SX9503";

    /// <summary>The repository has no such image or blob; check name, tag and digest.</summary>
    public const string NotInRegistry = "SX9504";

    /// <summary>What the registry delivered is not what was asked for by digest, size or type; do not use it, and tell who runs it.</summary>
    public const string RegistryLied = "SX9505";

    /// <summary>The file with the registries' passwords cannot be read; the message says where it is wrong.</summary>
    public const string RegistryLoginUnreadable = "SX9506";

    /// <summary>An image is only in a registry, and the build is offline; build once with network.</summary>
    public const string RegistryOffline = "SX9507";

    /// <summary>The attestations at hand are about another image than the one that is pushed; write them anew with -t:Attest, or remove them.</summary>
    public const string AboutOtherImage = "SX9508";
}
