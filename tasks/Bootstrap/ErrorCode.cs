namespace StageX.Build;

public static partial class ErrorCode
{
    /// <summary>A source or a file of the package holds code that was not built in the chain; name it in Remove, or do without it.</summary>
    public const string ForeignCode = "SX7001";

    /// <summary>A file is packed so that the gate cannot look into it; name it in Remove, or deliver it in another form.</summary>
    public const string OpaqueArchive = "SX7002";

    /// <summary>A text carries the mark of a tool that generated it; declare it in Generated, or remove it and make it anew.</summary>
    public const string UndeclaredGenerated = "SX7003";

    /// <summary>A Generated pattern matches nothing; correct it.</summary>
    public const string UselessGenerated = "SX7004";

    /// <summary>A Seed is declared elsewhere than in bootstrap-stage0, or there are two; the chain has one root.</summary>
    public const string MisplacedSeed = "SX7005";

    /// <summary>The seed is larger than 181 bytes; make it smaller.</summary>
    public const string SeedTooLarge = "SX7006";

    /// <summary>A page of hexadecimal has bytes that nothing beside them explains; write a comment on that line.</summary>
    public const string UnexplainedBytes = "SX7007";

    /// <summary>Steps run in a package that does not lead to the seed; reference what its steps need.</summary>
    public const string NoSeed = "SX7008";

    /// <summary>A file of the package is mostly bytes in hexadecimal; declare it in Hexadecimal and explain each line.</summary>
    public const string UndeclaredPage = "SX7009";

    /// <summary>An image is not what this build made of the package; build it here.</summary>
    public const string ForeignImage = "SX7010";
}
