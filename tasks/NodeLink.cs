namespace StageX.Build;

/// <summary>
/// Ends a node of MSBuild, as a signal would, when its main process is gone while a task runs. MSBuild does that itself except
/// where the main process was killed with something of the node unread: then the node would build on with nobody who waits for it,
/// and hold the locks that the next build wants.
/// </summary>
internal sealed class NodeLink : IDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(2);
    private static int s_ended;

    private readonly int _exitCode;
    private readonly Timer _timer;

    /// <param name="exitCode">Of the process, if it has to end.</param>
    private NodeLink(int exitCode)
    {
        _exitCode = exitCode;
        _timer = new Timer(_ => Look(), null, Interval, Interval);
    }

    /// <summary>Returns what watches while a task runs; null where there is no other process.</summary>
    public static NodeLink? Watch(int exitCode) =>
        OperatingSystem.IsLinux() && System.Environment.GetCommandLineArgs().Any(argument => argument.StartsWith("/nodemode:", StringComparison.OrdinalIgnoreCase)) ? new NodeLink(exitCode) : null;

    public void Dispose() => _timer.Dispose();

    private void Look()
    {
        if (IsBroken() && Interlocked.Exchange(ref s_ended, 1) == 0)
            System.Environment.Exit(_exitCode);
    }

    // A node listens at a socket with its number, where its main process is connected for as long as it lives.
    private static bool IsBroken()
    {
        try
        {
            var own = Directory.EnumerateFiles("/proc/self/fd").Select(file => new FileInfo(file).LinkTarget).ToHashSet(StringComparer.Ordinal);
            var states = File.ReadLines("/proc/net/unix").Where(line => line.EndsWith($"/MSBuild{System.Environment.ProcessId}", StringComparison.Ordinal))
                .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries)).Where(fields => own.Contains($"socket:[{fields[6]}]"))
                .Select(fields => fields[5]).ToList();
            return states.Contains("01") && !states.Contains("03");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
