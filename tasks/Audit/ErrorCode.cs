namespace StageX.Build;

public static partial class ErrorCode
{
    /// <summary>A file of the image names a folder of the build; mend what writes it there, or declare an AuditExemption.</summary>
    public const string BuildPathInImage = "SX8601";

    /// <summary>The image holds documentation; remove it in the step that makes it, or declare an AuditExemption.</summary>
    public const string DocumentationInImage = "SX8602";

    /// <summary>A file in the image begins like an executable and is damaged; remove it, or declare an AuditExemption.</summary>
    public const string DamagedExecutable = "SX8603";

    /// <summary>The image is larger than its definition or the policy allows; find out what grew.</summary>
    public const string ImageTooLarge = "SX8604";

    /// <summary>An executable is not as the policy demands; build it otherwise, or declare an AuditExemption.</summary>
    public const string PolicyViolated = "SX8605";

    /// <summary>The policy cannot be read, or says something impossible; the message says what.</summary>
    public const string PolicyUnreadable = "SX8606";

    /// <summary>An AuditExemption excuses nothing; remove it.</summary>
    public const string StaleExemption = "SX8607";

    /// <summary>The image holds what libtool notes of a library; remove it in the step that installs it, or declare an AuditExemption.</summary>
    public const string LibtoolArchive = "SX8608";

    /// <summary>A program needs a library or loader that its image and what that needs when it runs do not have; reference the package that has it with Runtime="true", or declare an AuditExemption.</summary>
    public const string MissingLibrary = "SX8609";
}
