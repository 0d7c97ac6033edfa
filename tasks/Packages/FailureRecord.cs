namespace StageX.Build.Packages;

/// <summary>
/// What went wrong with a package, kept in its folder of logs until the next build of it: packages build in several
/// processes, and the end of the build sums up.
/// </summary>
/// <param name="Code">The error's code.</param>
/// <param name="Message">Its first line.</param>
/// <param name="Log">The log that tells more, or empty.</param>
internal sealed record FailureRecord(string Code, string Message, string Log)
{
    private const string LogLine = "The whole log: ";

    public static FailureRecord Of(StageXException e)
    {
        var lines = e.Message.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        return new FailureRecord(e.Code, lines.FirstOrDefault(""), lines.FirstOrDefault(line => line.StartsWith(LogLine, StringComparison.Ordinal))?[LogLine.Length..] ?? "");
    }

    public static string FileFor(string artifacts, string projectFile)
    {
        var folder = Path.GetDirectoryName(projectFile)!;
        return Path.Combine(artifacts, "logs", $"{Path.GetFileName(Path.GetDirectoryName(folder))}-{Path.GetFileName(folder)}", "failure");
    }

    public static FailureRecord? Read(string file) =>
        File.Exists(file) && File.ReadAllLines(file) is [var code, var message, var log] ? new FailureRecord(code, message, log) : null;

    public void Write(string file) => AtomicFile.Write(file, $"{Code}\n{Message}\n{Log}\n");
}
