using System.Runtime.Versioning;
using System.Text.RegularExpressions;
using StageX.Build.Tests.Sdk;

namespace StageX.Build.Tests.AtWork;

/// <summary>What somebody sees who waits for a build.</summary>
[TestClass]
[TestCategory("System")]
[SupportedOSPlatform("linux")]
public sealed partial class TerminalTests
{
    [TestMethod]
    [DataRow("-m:1")]
    [DataRow("-m:2")]
    public void The_terminal_logger_shows_the_step_of_each_package_that_runs_and_for_how_long(string nodes)
    {
        using var tree = Tree();
        var session = Terminal.Build(tree, tree.Tree(), "", "-tl:on", nodes);
        Assert.AreEqual(0, session.ExitCode, session.Output);
        // What the terminal is told about colors and the cursor.
        var shown = Control().Replace(session.Output, "");
        foreach (var package in (string[])["one", "two"])
            Assert.MatchesRegex(new Regex($"""{package} +build: (\[1/2\] )?step \d+/\d+: RUN \["/bin/sh","-e","/stagex/{package}.sh"\] +\(\d+\.\ds\)"""), shown, shown);
    }

    [TestMethod]
    public void Without_it_each_step_has_a_line()
    {
        using var tree = Tree();
        var printed = tree.Build(tree.Tree(), "-v:detailed").MustSucceed().Output;
        Assert.MatchesRegex(new Regex("""\n +user-one build: (\[1/2\] )?step \d+/\d+: RUN \["""), printed);
        Assert.DoesNotContain("Target \"build", printed);
    }

    private static TestTree Tree()
    {
        var tree = new TestTree();
        tree.AddBusybox();
        foreach (var package in (string[])["one", "two"])
            tree.Add("user", package, TestTree.Busybox + "\n" + $"""    <Stage Include="build" Script="{package}.sh" />""", (package + ".sh", $"sleep 1; mkdir -p /rootfs; echo {package} > /rootfs/{package}"));
        return tree;
    }

    [GeneratedRegex(@"\x1B(\[[0-9;?]*[A-Za-z]|\][^\x1B\x07]*(\x1B\\|\x07)|[=>])", RegexOptions.CultureInvariant)]
    private static partial Regex Control();
}
