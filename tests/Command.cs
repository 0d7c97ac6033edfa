using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace StageX.Build.Tests;

/// <summary>What a command printed (both streams, in order of arrival) and how it ended.</summary>
public sealed record CommandResult(int ExitCode, string Output)
{
    /// <summary>The lines of MSBuild that report an error or a warning of ours, without their repetition at the end of a log.</summary>
    public IReadOnlyList<string> Coded(string code)
    {
        var found = new List<string>();
        foreach (var line in Output.Split('\n').Select(line => line.Trim()).Where(line => line.Contains($"error {code}: ", StringComparison.Ordinal) || line.Contains($"warning {code}: ", StringComparison.Ordinal)))
            // MSBuild repeats place and code before each line of a message; ours indent all but the first.
            if (found.Count > 0 && line.Contains($" {code}:  ", StringComparison.Ordinal))
                found[^1] += "\n" + line;
            else
                found.Add(line);
        return [.. found.Distinct()];
    }

    public CommandResult MustSucceed()
    {
        Assert.AreEqual(0, ExitCode, Output);
        return this;
    }

    /// <summary>Failed with one of some errors, wherever that is.</summary>
    public CommandResult MustFail(params string[] codes)
    {
        Assert.AreNotEqual(0, ExitCode, Output);
        Assert.IsTrue(codes.Any(code => Coded(code).Count > 0), Output);
        return this;
    }

    public CommandResult MustFailWith(string code, string file, int line, params string[] words)
    {
        Assert.HasCount(1, Coded(code), Output);
        return MustFailAmongOthersWith(code, file, line, words);
    }

    /// <summary>The same of a build in which other packages fail too.</summary>
    public CommandResult MustFailAmongOthersWith(string code, string file, int line, params string[] words)
    {
        Assert.AreNotEqual(0, ExitCode, Output);
        var place = line > 0 ? $"{file}({line})" : file;
        var errors = Coded(code).Where(error => error.Contains(file, StringComparison.Ordinal)).ToList();
        Assert.HasCount(1, errors, $"{code} at {place}\n{Output}");
        Assert.Contains(place, errors[0], Output);
        foreach (var word in words)
            Assert.Contains(word, errors[0], Output);
        return this;
    }
}

/// <summary>Runs real programs.</summary>
public static class Command
{
    public static Process Start(string program, IEnumerable<string> arguments, string? folder = null, IReadOnlyDictionary<string, string?>? environment = null)
    {
        var start = new ProcessStartInfo(program)
        {
            WorkingDirectory = folder ?? Path.GetTempPath(),
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
        };
        foreach (var argument in arguments)
            start.ArgumentList.Add(argument);
        foreach (var (name, value) in environment ?? new Dictionary<string, string?>())
            start.Environment[name] = value;
        var process = Process.Start(start)!;
        process.StandardInput.Close();
        return process;
    }

    public static CommandResult Finish(Process process)
    {
        var output = new StringBuilder();
        void Add(object? _, DataReceivedEventArgs line)
        {
            // The end of a stream is no line.
            if (line.Data is not null)
                lock (output)
                    output.AppendLine(line.Data);
        }
        process.OutputDataReceived += Add;
        process.ErrorDataReceived += Add;
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        process.WaitForExit();
        using (process)
            return new CommandResult(process.ExitCode, output.ToString());
    }

    public static CommandResult Run(string program, IEnumerable<string> arguments, string? folder = null, IReadOnlyDictionary<string, string?>? environment = null) =>
        Finish(Start(program, arguments, folder, environment));

    /// <summary>Sends a signal to a process; by the shell's kill, as a bare machine has no program of that name.</summary>
    public static void Signal(string signal, int process) =>
        Run("/bin/sh", ["-c", "kill -s \"$1\" -- \"$2\"", "sh", signal, process.ToString(CultureInfo.InvariantCulture)]).MustSucceed();

    /// <summary>Sends a signal to a group of processes.</summary>
    public static void SignalGroup(string signal, int group) => Signal(signal, -group);
}
