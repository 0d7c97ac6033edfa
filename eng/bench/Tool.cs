using System.Diagnostics;

namespace StageX.Build.Benchmarks;

/// <summary>Runs programs and takes their time.</summary>
internal static class Tool
{
    /// <summary>Seconds that it took, and what it printed.</summary>
    public static (double Seconds, string Output) Run(string program, params IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        var watch = Stopwatch.StartNew();
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        output += errors.GetAwaiter().GetResult();
        process.WaitForExit();
        var seconds = watch.Elapsed.TotalSeconds;
        return process.ExitCode == 0 ? (seconds, output) : throw new InvalidOperationException($"{program} {string.Join(' ', start.ArgumentList)}\n{output}");
    }
}
