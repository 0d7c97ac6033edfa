namespace StageX.Build;

public static partial class ErrorCode
{
    /// <summary>The Containerfile cannot be read: unknown instruction, wrong number of arguments, unclosed quote; the message says what was expected.</summary>
    public const string ContainerfileSyntax = "SX3001";

    /// <summary>The Containerfile asks for what a reproducible build cannot honour (network, secrets, cache mounts, devices, a URL in ADD that is no Source); do what the message says: declare a Source, or remove it.</summary>
    public const string ContainerfileUnsupported = "SX3002";

    /// <summary>FROM or COPY --from names an image that is neither an earlier stage, nor scratch, nor stagex/&lt;id&gt;, or one with another digest than it has here; name one of those.</summary>
    public const string UnknownImage = "SX3003";

    /// <summary>The Containerfile uses a package that the project does not reference; add the line that the message prints, or run -t:UpdateReferences.</summary>
    public const string MissingProjectReference = "SX3004";

    /// <summary>The project references a package that the Containerfile does not use; remove the line, or run -t:UpdateReferences.</summary>
    public const string UnusedProjectReference = "SX3005";

    /// <summary>The Containerfile has no stage of the name that an image is made from ("package", or "package-&lt;subpackage&gt;"); name its last stage so.</summary>
    public const string MissingPackageStage = "SX3006";

    /// <summary>COPY or ADD names a file that is not in the package's folder, nor below fetch/; correct the path.</summary>
    public const string MissingContextFile = "SX3007";

    /// <summary>A file of the package changed while it was built, so that nobody can say which of its contents went into the result; build again.</summary>
    public const string ChangedInput = "SX3008";
}
