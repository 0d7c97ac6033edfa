using Microsoft.Build.Framework;
using Microsoft.Build.Utilities;

namespace StageX.Build;

/// <summary>Reports to MSBuild.</summary>
internal sealed class TaskLog(TaskLoggingHelper log, IBuildEngine engine, string project) : IBuildLog
{
    public void Milestone(string message)
    {
        log.LogMessage(MessageImportance.High, "{0}", message);
        TerminalStatus.Show(engine, project, message);
    }

    public void Detail(string message) => log.LogMessage(MessageImportance.Low, "{0}", message);

    public void Warning(string code, string message, string? file = null, int line = 0) =>
        log.LogWarning(null, code, null, null, file, line, 0, 0, 0, "{0}", message);
}
