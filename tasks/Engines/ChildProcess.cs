using System.Diagnostics;
using System.Globalization;
using System.Runtime.ExceptionServices;

namespace StageX.Build.Engines;

/// <summary>A program to start: no shell parses anything, and the environment is what is given and nothing else.</summary>
internal sealed record ChildProcess
{
    public required string Program { get; init; }
    public required IReadOnlyList<string> Arguments { get; init; }
    public required IReadOnlyDictionary<string, string> Environment { get; init; }
    public required string WorkingDirectory { get; init; }

    /// <summary>
    /// Runs it to its end with an empty standard input and returns its exit status. Cancelling kills the child's children,
    /// for which it is expected to wait and then end, or the child itself if it has none.
    /// </summary>
    /// <param name="output">Gets what it prints, as it comes; never called twice at a time.</param>
    /// <param name="cancellation">Kills it.</param>
    public int Run(Action<ReadOnlySpan<byte>> output, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        // A death signal is sent when the *thread* that started the child ends: this one lives as long as the child.
        var run = new TaskCompletionSource<int>();
        var thread = new Thread(() =>
        {
            try
            {
                run.SetResult(RunHere(output, cancellation));
            }
#pragma warning disable CA1031 // Whatever it is, it belongs to the caller.
            catch (Exception e)
#pragma warning restore CA1031
            {
                run.SetException(e);
            }
        })
        { IsBackground = true, Name = Path.GetFileName(Program) };
        thread.Start();
        var status = run.Task.GetAwaiter().GetResult();
        thread.Join();
        return status;
    }

    private int RunHere(Action<ReadOnlySpan<byte>> output, CancellationToken cancellation)
    {
        var start = new ProcessStartInfo(Program, Arguments)
        {
            WorkingDirectory = WorkingDirectory,
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment.Clear();
        foreach (var (name, value) in Environment)
            start.Environment[name] = value;

        using var process = Process.Start(start)!;
        using var killing = cancellation.Register(() => Kill(process));
        process.StandardInput.Close();
        var gate = new Lock();
        Exception? failure = null;
        void Pump(Stream from)
        {
            var buffer = new byte[16384];
            for (int count; (count = from.Read(buffer)) > 0;)
                lock (gate)
                {
                    try
                    {
                        // After a failure the rest is only drained, so that the child can end.
                        if (failure is null)
                            output(buffer.AsSpan(0, count));
                    }
#pragma warning disable CA1031 // Thrown below, once the child is gone.
                    catch (Exception e)
#pragma warning restore CA1031
                    {
                        failure = e;
                        Kill(process);
                    }
                }
        }

        var errors = Task.Factory.StartNew(() => Pump(process.StandardError.BaseStream),
            CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        Pump(process.StandardOutput.BaseStream);
        errors.GetAwaiter().GetResult();
        process.WaitForExit();
        if (failure is not null)
            ExceptionDispatchInfo.Throw(failure);
        return process.ExitCode;
    }

    private static void Kill(Process process)
    {
        try
        {
            var children = ChildrenOf(process.Id);
            if (children.Count == 0)
                process.Kill();
            foreach (var child in children)
                using (var found = Process.GetProcessById(child))
                    found.Kill();
        }
        catch (Exception e) when (e is InvalidOperationException or ArgumentException or IOException or System.ComponentModel.Win32Exception)
        {
            // It has ended by itself in the meantime.
        }
    }

    private static List<int> ChildrenOf(int process)
    {
        var list = $"/proc/{process}/task/{process}/children";
        return File.Exists(list)
            ? [.. File.ReadAllText(list).Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(id => int.Parse(id, CultureInfo.InvariantCulture))]
            : [];
    }
}
