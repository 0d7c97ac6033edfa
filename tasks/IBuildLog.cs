namespace StageX.Build;

/// <summary>Where the domain reports to while it works. Thread safe.</summary>
public interface IBuildLog
{
    /// <summary>A line for the terminal: something long began, went on or ended.</summary>
    void Milestone(string message);

    /// <summary>A line for detailed logs only.</summary>
    void Detail(string message);

    /// <summary>Something that deserves attention but does not stop the build.</summary>
    void Warning(string code, string message, string? file = null, int line = 0);
}
