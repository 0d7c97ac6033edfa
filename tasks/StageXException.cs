namespace StageX.Build;

/// <summary>
/// An error that the user can act on: what is wrong, at which file and line, under which code of <see cref="ErrorCode"/>.
/// Tasks turn it into an MSBuild error. Anything else that is thrown is a fault of ours.
/// </summary>
/// <param name="code">A constant of <see cref="ErrorCode"/>.</param>
/// <param name="message">One or two sentences: what is wrong, and what to do.</param>
/// <param name="file">The file to look at, or null where the task knows better (the package's project file).</param>
/// <param name="line">1-based line in <paramref name="file"/>, 0 where there is none.</param>
/// <param name="inner">What caused it.</param>
public sealed class StageXException(string code, string message, string? file = null, int line = 0, Exception? inner = null)
    : Exception(message, inner)
{
    public string Code { get; } = code;
    public string? File { get; } = file;
    public int Line { get; } = line;

    /// <summary>
    /// Which definition item is at fault, e.g. ("Source", "https://…"): the task finds its line in the project file.
    /// </summary>
    public (string Type, string Include)? Item { get; init; }
}
