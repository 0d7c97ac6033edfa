using System.Reflection;
using Microsoft.Build.Framework;

namespace StageX.Build;

/// <summary>
/// What MSBuild's terminal logger shows beside a project and its seconds while it is built: the name of the target that began
/// last, and nothing that a task has a say in. So it is told that a target began which is named after what the task does. Tasks
/// cannot report that by themselves: it is done by way of the engine's own logging, and where that has another form, or with
/// another logger, it is left out.
/// </summary>
internal static class TerminalStatus
{
    // More does not fit beside the names of most packages, and then nothing is shown.
    private const int Longest = 60;
    private const string TerminalLoggerIsOn = "_MSBUILDTLENABLED";
    private const BindingFlags Members = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic;

    /// <param name="engine">What the task was given.</param>
    /// <param name="project">The project's file.</param>
    /// <param name="status">What it does now: the package's id, its stage, and more.</param>
    public static void Show(IBuildEngine engine, string project, string status)
    {
        if (Environment.GetEnvironmentVariable(TerminalLoggerIsOn) != "1"
            || ValueOf(engine, "_taskLoggingContext") is not { } logging || ValueOf(logging, "LoggingService") is not { } service
            || ValueOf(logging, "BuildEventContext") is not BuildEventContext context
            || service.GetType().GetMethod("LogBuildEvent", Members, [typeof(BuildEventArgs)]) is not { } log)
            return;
        var name = status.Split('\n')[0];
        // The project's name is shown before it.
        if (name.IndexOf('-' + Path.GetFileNameWithoutExtension(project) + ' ', StringComparison.Ordinal) is >= 0 and var id && id < name.IndexOf(' ', StringComparison.Ordinal))
            name = name[(name.IndexOf(' ', StringComparison.Ordinal) + 1)..];
        if (name.Length > Longest)
            name = name[..(Longest - 1)] + "…";
        try
        {
            log.Invoke(service, [new TargetStartedEventArgs("", null, name, project, project) { BuildEventContext = context }]);
            log.Invoke(service, [new TargetFinishedEventArgs("", null, name, project, project, true) { BuildEventContext = context }]);
        }
        catch (TargetInvocationException)
        {
            // No build fails for want of a line on the terminal.
        }
    }

    private static object? ValueOf(object from, string member)
    {
        for (var type = from.GetType(); type is not null; type = type.BaseType)
            if ((type.GetField(member, Members) is { } field ? field.GetValue(from) : type.GetProperty(member, Members)?.GetValue(from)) is { } value)
                return value;
        return null;
    }
}
