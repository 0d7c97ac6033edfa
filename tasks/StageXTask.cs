using Microsoft.Build.Framework;
using StageX.Build.Packages;

namespace StageX.Build;

/// <summary>
/// A task of the SDK: does its work through the domain, turns <see cref="StageXException"/> into an error with code, file
/// and line, and can be cancelled.
/// </summary>
public abstract class StageXTask : Microsoft.Build.Utilities.Task, ICancelableTask, IDisposable
{
    private static readonly TimeSpan TimeToEnd = TimeSpan.FromSeconds(30);
    // SIGTERM, as shells count it.
    private const int Terminated = 128 + 15;
    private readonly CancellationTokenSource _cancellation = new();

    /// <summary>The project file that errors point to where they know no better.</summary>
    protected virtual string ProjectFile => BuildEngine.ProjectFileOfTaskNode;

    /// <summary>Where to keep what went wrong, for the summary at the end of the build; null for nowhere.</summary>
    protected virtual string? FailureFile => null;

    protected CancellationToken Cancellation => _cancellation.Token;

    protected IBuildLog BuildLog => new TaskLog(Log, BuildEngine, ProjectFile);

    public sealed override bool Execute()
    {
        // MSBuild knows Ctrl-C only: told to end otherwise it leaves in the middle of everything, as if all were well.
        var ended = new TaskCompletionSource();
        void End(object? sender, EventArgs e)
        {
            Cancel();
            ended.Task.Wait(TimeToEnd);
            System.Environment.ExitCode = Terminated;
        }
        AppDomain.CurrentDomain.ProcessExit += End;
        try
        {
            using var link = NodeLink.Watch(Terminated);
            using var held = Hold();
            Run();
        }
        catch (StageXException e)
        {
            Report(e);
        }
        catch (AggregateException e) when (e.InnerExceptions.All(inner => inner is StageXException))
        {
            foreach (var inner in e.InnerExceptions.Cast<StageXException>())
                Report(inner);
        }
        catch (OperationCanceledException) when (_cancellation.IsCancellationRequested)
        {
            return false;
        }
        catch (IOException e) when (DiskFull.Is(e))
        {
            Report(new StageXException(ErrorCode.DiskFull, $"the disk is full: {e.Message}. Free some space and build again; what was finished is kept."));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Log.LogMessage(MessageImportance.Low, "{0}", e.ToString());
            Report(new StageXException(ErrorCode.FileAccess, e.Message));
        }
        finally
        {
            AppDomain.CurrentDomain.ProcessExit -= End;
            ended.SetResult();
        }
        return !Log.HasLoggedErrors;
    }

    public void Cancel() => _cancellation.Cancel();

    public void Dispose()
    {
        _cancellation.Dispose();
        GC.SuppressFinalize(this);
    }

    protected abstract void Run();

    /// <summary>What is held while it runs.</summary>
    private protected virtual IDisposable? Hold() => null;

    // The console repeats the place before each line of a message: indented, those after the first read as its continuation.
    private static string Indented(string message)
    {
        var lines = message.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.TrimEnd()).Where(line => line.Length > 0).ToList();
        return string.Join('\n', lines.Take(1).Concat(lines.Skip(1).Select(line => "  " + (line.Length > 500 ? line[..500] + "…" : line))));
    }

    private void Report(StageXException e)
    {
        var file = e.File ?? ProjectFile;
        var line = e.Line == 0 && e.Item is var (type, include) ? DefinitionText.LineOf(file, type, include) : e.Line;
        Log.LogError(null, e.Code, null, null, file, line, 0, 0, 0, "{0}", Indented(e.Message));
        if (FailureFile is { } record)
            FailureRecord.Of(e).Write(record);
    }
}
