using System.ComponentModel;
using System.Diagnostics;
using System.Text;

namespace StageX.Build.Sources;

/// <summary>A program run without a shell, its output taken, ended with everything it started when cancelled.</summary>
internal sealed class ChildProcess : IDisposable
{
    private readonly Process _process;
    private readonly Task<string> _errors;
    private readonly CancellationTokenRegistration _kill;

    private ChildProcess(Process process, CancellationToken cancellation)
    {
        _process = process;
        _errors = process.StandardError.ReadToEndAsync(CancellationToken.None);
        _kill = cancellation.Register(Kill);
    }

    public Stream Input => _process.StandardInput.BaseStream;

    public Stream Output => _process.StandardOutput.BaseStream;

    /// <summary>Null when there is no such program.</summary>
    public static ChildProcess? Start(
        string program, IEnumerable<string> arguments, Action<IDictionary<string, string?>>? environment, CancellationToken cancellation)
    {
        var start = new ProcessStartInfo(program)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardErrorEncoding = Encoding.UTF8,
            CreateNoWindow = true,
        };
        foreach (var argument in arguments)
            start.ArgumentList.Add(argument);
        // Messages are looked at by people and, rarely, by us: the same everywhere.
        start.Environment["LC_ALL"] = "C";
        environment?.Invoke(start.Environment);
        cancellation.ThrowIfCancellationRequested();
        try
        {
            return new ChildProcess(Process.Start(start)!, cancellation);
        }
        catch (Win32Exception)
        {
            return null;
        }
    }

    /// <summary>Runs a program to its end, with input that it reads before it writes; null when there is no such program.</summary>
    public static (int ExitCode, byte[] Output, string Errors)? Run(
        string program, IEnumerable<string> arguments, Action<IDictionary<string, string?>>? environment, CancellationToken cancellation, byte[]? input = null)
    {
        using var child = Start(program, arguments, environment, cancellation);
        if (child is null)
            return null;
        if (input is not null)
            child.Input.Write(input);
        child.Input.Close();
        using var output = new MemoryStream();
        child.Output.CopyTo(output);
        var (exitCode, errors) = child.Wait(cancellation);
        return (exitCode, output.ToArray(), errors);
    }

    /// <summary>Waits for the end; its output must have been read.</summary>
    public (int ExitCode, string Errors) Wait(CancellationToken cancellation)
    {
        var errors = _errors.GetAwaiter().GetResult();
        _process.WaitForExit();
        cancellation.ThrowIfCancellationRequested();
        return (_process.ExitCode, errors);
    }

    public void Dispose()
    {
        _kill.Dispose();
        Kill();
        _process.Dispose();
    }

    private void Kill()
    {
        try
        {
            if (!_process.HasExited)
                _process.Kill(entireProcessTree: true);
        }
        catch (Exception e) when (e is InvalidOperationException or Win32Exception)
        {
            // It ended by itself meanwhile.
        }
    }
}
