namespace StageX.Build.Tests.Sdk;

/// <summary>What the machine lacks ends in one coded error too.</summary>
[TestClass]
[TestCategory("System")]
public sealed class BadMachineTests
{
    private const string Content = """    <Directory Include="/a" />""";
    private const string Step = """    <Stage Include="build" Run="/nothing" />""";

    [TestMethod]
    public void A_missing_engine_is_an_error_that_names_the_package_to_install()
    {
        using var programs = new TemporaryFolder();
        using var tree = new TestTree { Environment = Path(programs) };
        var project = tree.Add("core", "a", Step);
        tree.Build(project).MustFailWith(ErrorCode.EngineMissing, project, 0, "buildah");
    }

    [TestMethod]
    public void An_engine_that_is_too_old_is_an_error()
    {
        using var programs = new TemporaryFolder();
        using var tree = new TestTree { Environment = Path(programs) };
        File.WriteAllText(programs["buildah"], "#!/bin/sh\necho buildah version 1.19.6\n");
        Command.Run("chmod", ["755", programs["buildah"]]).MustSucceed();
        var project = tree.Add("core", "a", Step);
        tree.Build(project).MustFailWith(ErrorCode.EngineTooOld, project, 0, "1.19.6");
    }

    [TestMethod]
    public void An_engine_that_does_not_exist_is_an_error()
    {
        using var tree = new TestTree();
        var project = tree.Add("core", "a", Step);
        tree.Build(project, "-p:StageXEngine=none").MustFailWith(ErrorCode.EngineUnknown, project, 0, "none", "buildah");
    }

    [TestMethod]
    public void A_full_disk_is_an_error_and_the_next_build_goes_on_from_there()
    {
        using var tree = new TestTree();
        var project = tree.AddBusybox();
        Directory.CreateDirectory(tree.Cache);
        var result = Command.Run("unshare",
            ["--mount", "sh", "-c", "mount -t tmpfs -o size=300k none \"$0\" && exec \"$@\"", tree.Cache,
             "dotnet", "build", project, "-nologo", "-tl:off", "-nodeReuse:false", $"-p:StageXRoot={tree.Root}", $"-p:StageXCache={tree.Cache}"], tree.Root);
        result.MustFailWith(ErrorCode.DiskFull, project, 0);
        Assert.IsFalse(Directory.Exists(System.IO.Path.Combine(tree.Artifacts, "images", "core-busybox")));
        tree.Build(project).MustSucceed();
    }

    [TestMethod]
    public void A_foreign_image_in_a_dependencys_place_is_refused()
    {
        using var tree = new TestTree();
        tree.Add("core", "a", Content);
        var project = tree.Add("pallet", "b", """    <ProjectReference Include="../../core/a/a.msbuildproj" />""");
        tree.Build(project).MustSucceed();
        var layout = System.IO.Path.Combine(tree.Artifacts, "images", "core-a");
        Directory.Delete(layout, recursive: true);
        var foreign = System.IO.Path.Combine(tree.Root, "foreign");
        Directory.CreateDirectory(foreign);
        File.WriteAllText(System.IO.Path.Combine(foreign, "Containerfile"), "FROM scratch\nCOPY Containerfile /a\n");
        string[] storage = ["--root", System.IO.Path.Combine(foreign, "s"), "--runroot", System.IO.Path.Combine(foreign, "r")];
        Command.Run("buildah", [.. storage, "bud", "--quiet", "--tag", "stagex.invalid/foreign", foreign]).MustSucceed();
        Command.Run("buildah", [.. storage, "push", "--quiet", "stagex.invalid/foreign", "oci:" + layout]).MustSucceed();
        tree.Build(project, "-p:BuildProjectReferences=false").MustFailWith(ErrorCode.NotCanonical, layout, 0);
    }

    // The machine's programs without a container engine.
    private static Dictionary<string, string?> Path(TemporaryFolder programs)
    {
        foreach (var folder in new[] { "/usr/bin", "/bin", "/usr/sbin" })
            foreach (var program in Directory.EnumerateFiles(folder).Where(program => System.IO.Path.GetFileName(program) is not ("buildah" or "podman" or "docker")))
                if (!File.Exists(programs[System.IO.Path.GetFileName(program)]))
                    File.CreateSymbolicLink(programs[System.IO.Path.GetFileName(program)], program);
        return new Dictionary<string, string?> { ["PATH"] = programs.Path };
    }
}
