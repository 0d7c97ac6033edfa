namespace StageX.Build.Sources;

/// <summary>One hint did not deliver; another may. Its message is one line of the list that the user sees.</summary>
internal sealed class HintException(string message, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>The same hint may deliver a moment later.</summary>
    public bool IsTemporary { get; init; }

    /// <summary>How long the server asks to be left alone.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>It delivered bytes, and they were others.</summary>
    public Digest? Delivered { get; init; }
}
