namespace StageX.Build.Tests.Distribution;

/// <summary>The base image: a shell and tools, and nothing to build with.</summary>
[TestClass]
[TestCategory("System")]
public sealed class ShellImageTests
{
    [TestMethod]
    public void It_runs_scripts_and_has_no_compiler()
    {
        using var podman = new Podman();
        var layout = DefaultSet.ChainImages.Single(image => image.Id == "pallet-shell").Layout;
        var run = podman.Run(layout, "sh", "-euc", """
            for i in 3 1 2; do echo $i; done | sort | tr '\n' ' ' | sed 's/1 2 3 /right/'
            echo "$(id -u) $(awk 'BEGIN { print 6 * 7 }') $(find /etc -name passwd | xargs wc -l | cut -d ' ' -f 1)"
            ! command -v cc && ! command -v ld && ! command -v make && test ! -e /usr/lib/libc.a
            """).MustSucceed();
        Assert.Contains("right0 42 3", run.Output);
        Assert.AreEqual("", podman.Run(layout).MustSucceed().Output.Trim(), "the shell that it starts has nothing to read");
    }

    [TestMethod]
    public void It_is_no_larger_than_its_definition_says()
    {
        var folder = Path.Combine(Repository.Root, "packages", "pallet", "shell");
        Command.Run("dotnet", ["build", folder, "-nologo", "-tl:off", "-t:Audit"], Repository.Root).MustSucceed();
        Command.Run("dotnet", ["build", folder, "-nologo", "-tl:off", "-t:Audit", "-p:MaximumSize=1MB"], Repository.Root)
            .MustFailWith(ErrorCode.ImageTooLarge, Path.Combine(folder, "shell.msbuildproj"), 0, "pallet-shell");
        Assert.Contains("<MaximumSize>2MB</MaximumSize>", File.ReadAllText(Path.Combine(folder, "shell.msbuildproj")));
    }
}
