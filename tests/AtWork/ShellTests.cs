using System.Diagnostics;
using System.Runtime.Versioning;
using StageX.Build.Tests.Engines;
using StageX.Build.Tests.Sdk;

namespace StageX.Build.Tests.AtWork;

/// <summary>A shell where a stage failed.</summary>
[TestClass]
[TestCategory("System")]
[SupportedOSPlatform("linux")]
public sealed class ShellTests
{
    [TestMethod]
    [DataRow("buildah")]
    [DataRow("podman")]
    public void The_stage_that_failed_opens_with_its_root_its_inputs_and_its_environment(string engine)
    {
        using var tree = new TestTree();
        tree.AddBusybox();
        var project = tree.Add("user", "app", TestTree.Busybox + "\n" + """    <Stage Include="build" Script="build.sh" />""", ("build.sh", "false"));
        Assert.HasCount(1, tree.Build(project).Coded(ErrorCode.StepFailed));

        var session = AtTerminal(tree, project, "cat /stagex/build.sh; echo in=$PWD tz=$TZ uid=$(id -u)\nexit\n", $"-p:StageXEngine={engine}");
        Assert.Contains("in=/stagex tz=UTC uid=0", session.Output);
        Assert.AreEqual(0, session.ExitCode, session.Output);
    }

    [TestMethod]
    public void Docker_says_that_it_cannot()
    {
        using var docker = new Workshop("docker");
        using var tree = new TestTree { Environment = docker.Surroundings.ToDictionary(variable => variable.Key, variable => (string?)variable.Value) };
        tree.AddBusybox();
        var project = tree.Add("user", "app", TestTree.Busybox + "\n" + """    <Stage Include="build" Script="build.sh" />""", ("build.sh", "true"));
        var session = AtTerminal(tree, project, "", "-p:StageXEngine=docker");
        Assert.Contains(ErrorCode.NoShell, session.Output);
        Assert.Contains("StageXEngine=buildah", session.Output);
    }

    [TestMethod]
    public void Without_a_shell_a_terminal_or_the_stage_it_says_so()
    {
        using var tree = new TestTree();
        var project = tree.Add("core", "base", """    <File Include="text" Path="/etc/text" />""", ("text", "text"));
        Assert.HasCount(1, tree.Build(project, "-t:Shell").Coded(ErrorCode.NoShell));
        Assert.Contains("has no stage other; it has package", AtTerminal(tree, project, "", "-p:StageXShellStage=other").Output);
        Assert.Contains("has no /bin/sh", AtTerminal(tree, project, "", "-p:StageXShellStage=package").Output);
    }

    private static CommandResult AtTerminal(TestTree tree, string project, string input, params string[] arguments)
    {
        var start = new ProcessStartInfo("script", ["-qec",
            $"dotnet build {project} -t:Shell -nologo -tl:off -nodeReuse:false -v:minimal -p:StageXRoot={tree.Root} -p:StageXCache={tree.Cache} {string.Join(' ', arguments)}", "/dev/null"])
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
