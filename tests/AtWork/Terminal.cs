using System.Diagnostics;
using StageX.Build.Tests.Sdk;

namespace StageX.Build.Tests.AtWork;

/// <summary>A pseudo terminal for a build.</summary>
internal static class Terminal
{
    /// <param name="tree">Where.</param>
    /// <param name="project">What is built.</param>
    /// <param name="input">What is typed.</param>
    /// <param name="arguments">Of dotnet build.</param>
    public static CommandResult Build(TestTree tree, string project, string input, params string[] arguments)
    {
        var start = new ProcessStartInfo("script", ["-qec", $"dotnet build {project} -nologo -nodeReuse:false -v:minimal {string.Join(' ', [.. tree.Properties, .. arguments])}", "/dev/null"])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        foreach (var (name, value) in tree.Environment)
            start.Environment[name] = value;
        using var process = Process.Start(start)!;
        process.StandardInput.Write(input);
        process.StandardInput.Flush();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return new CommandResult(process.ExitCode, output);
    }
}
