using System.Diagnostics;

namespace StageX.Build;

/// <summary>Tells how far a long download is: a line for each tenth, or for each 64 MiB where the size is not known.</summary>
internal sealed class Progress(string name, TimeSpan after, IBuildLog log)
{
    private const long Step = 64 << 20;
    private readonly long _start = Stopwatch.GetTimestamp();
    private long _reported;

    public void Report(long bytes, long? total)
    {
        var reached = total > 0 ? bytes * 10 / total.Value : bytes / Step;
        if (reached == _reported || Stopwatch.GetElapsedTime(_start) < after)
            return;
        _reported = reached;
        log.Milestone(total > 0
            ? $"{name}: {reached * 10} % of {Mebibytes(total.Value)}"
            : $"{name}: {Mebibytes(bytes)}");
    }

    private static string Mebibytes(long bytes) => $"{bytes / 1048576.0:0.0} MiB";
}
