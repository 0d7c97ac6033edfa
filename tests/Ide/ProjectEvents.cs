using System.Text;
using System.Text.RegularExpressions;
using Microsoft.Build.Execution;
using Microsoft.Build.Framework;
using Microsoft.Build.Logging;

namespace StageX.Build.Tests.Ide;

/// <summary>Runs targets in process, as an IDE does, and notes which tasks ran and what was reported.</summary>
public sealed partial class ProjectEvents
{
    // Test discovery looks at every type before MSBuild is found: none may be one of MSBuild's, so the log is read as text.
    private readonly StringBuilder _log = new();

    public string Log => _log.ToString();

    public IEnumerable<string> Tasks => TaskLine().Matches(Log).Select(match => match.Groups[1].Value);

    /// <summary>Builds the targets; each must exist and succeed without a warning.</summary>
    public static ProjectEvents Run(ProjectInstance project, string[] targets)
    {
        var events = new ProjectEvents();
        foreach (var target in targets)
            Assert.IsTrue(project.Targets.ContainsKey(target), $"{target} does not exist");
        Assert.IsTrue(project.Build(targets, [new ConsoleLogger(LoggerVerbosity.Diagnostic, text => events._log.Append(text), null, null)]), events.Log);
        Assert.Contains("0 Warning(s)", events.Log);
        return events;
    }

    [GeneratedRegex("^ *Task \"([^\"]+)\"", RegexOptions.Multiline)]
    private static partial Regex TaskLine();
}
