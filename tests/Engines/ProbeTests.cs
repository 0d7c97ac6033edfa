using System.Runtime.Versioning;
using StageX.Build.Engines;

namespace StageX.Build.Tests.Engines;

[TestClass]
[TestCategory("System")]
[SupportedOSPlatform("linux")]
public sealed class ProbeTests
{
    [TestMethod]
    [DynamicData(nameof(Workshop.Engines), typeof(Workshop))]
    public void The_engine_says_what_it_is(string engine)
    {
        using var workshop = new Workshop(engine);
        var info = workshop.Engine.Probe(CancellationToken.None);
        Assert.AreEqual(engine, info.Name);
        Assert.IsTrue(char.IsAsciiDigit(info.Version[0]), info.Version);
        Assert.AreEqual(engine != "docker" && !Environment.IsPrivilegedProcess, info.Rootless);
        StringAssert.StartsWith(info.StorageDriver, "overlay");
        Assert.AreEqual(engine == "docker" ? DockerDaemon.Host : "/usr/bin/" + engine, info.Reached);
        workshop.AssertNothingIsLeft();
    }

    [TestMethod]
    public void An_unknown_engine_is_refused_with_those_that_exist()
    {
        var error = Assert.ThrowsExactly<StageXException>(() => EngineSelection.Create("kaniko", new EngineSettings { StateFolder = "/nowhere" }));
        Assert.AreEqual(ErrorCode.EngineUnknown, error.Code);
        StringAssert.Contains(error.Message, "auto, buildah, podman, docker");
    }

    [TestMethod]
    public void A_missing_engine_is_named_with_its_package()
    {
        using var workshop = new Workshop();
        var error = Refused(workshop, null);
        Assert.AreEqual(ErrorCode.EngineMissing, error.Code);
        StringAssert.Contains(error.Message, "apt-get install --no-install-recommends buildah");
    }

    [TestMethod]
    public void An_old_engine_is_refused_with_the_oldest_that_works()
    {
        using var workshop = new Workshop();
        var error = Refused(workshop, "echo 'buildah version 1.19.6 (image-spec 1.0.1-dev, runtime-spec 1.0.2-dev)'");
        Assert.AreEqual(ErrorCode.EngineTooOld, error.Code);
        StringAssert.Contains(error.Message, "1.19.6");
        StringAssert.Contains(error.Message, "1.28");
    }

    [TestMethod]
    public void An_engine_that_cannot_run_says_what_it_said()
    {
        using var workshop = new Workshop();
        var error = Refused(workshop, "[ \"$1\" = --version ] && { echo 'buildah version 1.28.2'; exit; }; echo 'Error: no namespaces today' >&2; exit 125");
        Assert.AreEqual(ErrorCode.EngineUnusable, error.Code);
        StringAssert.Contains(error.Message, "no namespaces today");
        workshop.AssertNothingIsLeft();
    }

    [TestMethod]
    public void A_podman_that_is_the_client_of_another_is_refused_by_name()
    {
        using var workshop = new Workshop("podman");
        foreach (var podman in (string[])["exec /usr/bin/podman --remote \"$@\"", "exec /usr/bin/podman --remote --url unix:///nowhere \"$@\""])
        {
            var error = Refused(workshop, podman);
            Assert.AreEqual(ErrorCode.RemoteClient, error.Code, error.Message);
            StringAssert.Contains(error.Message, "podman");
        }
        workshop.Surroundings["CONTAINER_HOST"] = "unix:///nowhere";
        var set = Assert.ThrowsExactly<StageXException>(() => workshop.NewEngine().Probe(CancellationToken.None));
        Assert.AreEqual(ErrorCode.RemoteClient, set.Code);
        StringAssert.Contains(set.Message, "CONTAINER_HOST");
    }

    [TestMethod]
    public void A_docker_without_a_daemon_names_the_address_and_the_cure()
    {
        using var workshop = new Workshop("docker", "unix:///nowhere/docker.sock");
        var error = Assert.ThrowsExactly<StageXException>(() => workshop.Engine.Probe(CancellationToken.None));
        Assert.AreEqual(ErrorCode.DaemonUnreachable, error.Code);
        StringAssert.Contains(error.Message, "unix:///nowhere/docker.sock");
        StringAssert.Contains(error.Message, "systemctl start docker");
    }

    [TestMethod]
    public void A_docker_without_buildx_names_its_package()
    {
        using var workshop = new Workshop("docker");
        Directory.Delete(Path.Combine(workshop.Surroundings["DOCKER_CONFIG"], "cli-plugins"), recursive: true);
        var error = Assert.ThrowsExactly<StageXException>(() => workshop.Engine.Probe(CancellationToken.None));
        Assert.AreEqual(ErrorCode.EngineMissing, error.Code);
        StringAssert.Contains(error.Message, "docker-buildx");
    }

    [TestMethod]
    [DataRow("""{"ClientInfo":{"Plugins":[{"Name":"buildx","Path":"/x","Version":"v0.8.2"}]},"ServerVersion":"26.1.5","OSType":"linux"}""", "v0.8.2", "0.12")]
    [DataRow("""{"ClientInfo":{"Plugins":[{"Name":"buildx","Path":"/x","Version":"0.13.1"}]},"ServerVersion":"20.10.24+dfsg1","OSType":"linux"}""", "20.10.24", "25.0")]
    public void An_old_docker_is_refused_with_the_oldest_that_works(string info, string version, string oldest)
    {
        using var workshop = new Workshop("docker");
        var error = Refused(workshop, $"echo '{info}'");
        Assert.AreEqual(ErrorCode.EngineTooOld, error.Code);
        StringAssert.Contains(error.Message, version);
        StringAssert.Contains(error.Message, oldest);
    }

    [TestMethod]
    public void Auto_takes_the_first_that_works_and_names_all_where_none_does()
    {
        using var workshop = new Workshop();
        var bin = Directory.CreateDirectory(Path.Combine(workshop.Folder, "bin")).FullName;
        foreach (var program in (string[])["sh", "flock", "setpriv", "setsid", "unshare", "sed", "mount", "mkdir", "newuidmap", "newgidmap"])
            Programs(program);
        IEngine Auto() => EngineSelection.Create("auto", new EngineSettings { StateFolder = workshop.State, SearchPath = bin, Environment = workshop.Surroundings });
        // The sbin folders, where runc lies, are always looked at.
        var error = Assert.ThrowsExactly<StageXException>(() => Auto().Probe(CancellationToken.None));
        Assert.AreEqual(ErrorCode.EngineMissing, error.Code);
        foreach (var name in EngineSelection.Names)
            StringAssert.Contains(error.Message, name + ": ");
        Programs("podman");
        Assert.AreEqual("podman", Auto().Probe(CancellationToken.None).Name);
        Programs("buildah");
        Assert.AreEqual("buildah", Auto().Probe(CancellationToken.None).Name);

        void Programs(string program)
        {
            foreach (var folder in (string[])["/usr/bin", "/bin"])
                if (File.Exists(Path.Combine(folder, program)) && !File.Exists(Path.Combine(bin, program)))
                    File.CreateSymbolicLink(Path.Combine(bin, program), Path.Combine(folder, program));
        }
    }

    [TestMethod]
    [DataRow("the one that is in use")]
    [DataRow("DOCKER_CONTEXT")]
    public void The_daemon_of_a_context_builds_as_that_of_an_address_does(string chosenBy)
    {
        using var workshop = new Workshop("docker");
        void Docker(params string[] arguments) => Command.Run("env", ["docker", "context", .. arguments], environment: workshop.Surroundings.ToDictionary(variable => variable.Key, variable => (string?)variable.Value)).MustSucceed();
        workshop.Surroundings.Remove("DOCKER_HOST", out var host);
        Docker("create", "elsewhere", "--docker", "host=" + host);
        if (chosenBy == "DOCKER_CONTEXT")
            workshop.Surroundings[chosenBy] = "elsewhere";
        else
            Docker("use", "elsewhere");
        Assert.AreEqual("context elsewhere", workshop.Engine.Probe(CancellationToken.None).Reached);
        var image = workshop.Image("core-base");
        workshop.Build($"FROM {image.Reference}\nRUN [\"/bin/busybox\", \"touch\", \"/made\"]\n", image);
        Assert.IsTrue(workshop.Entries().ContainsKey("made"));
    }

    [TestMethod]
    public void The_script_that_builds_has_a_checkup_that_builds_nothing()
    {
        using var workshop = new Workshop();
        var settings = new Dictionary<string, string?> { ["StageXCache"] = workshop.State, ["StageXArtifacts"] = Path.Combine(workshop.Folder, "artifacts") };
        var printed = Command.Run(Path.Combine(Repository.Root, "eng", "build.sh"), ["--doctor", "-p:StageXEngine=podman"], environment: settings).MustSucceed().Output;
        StringAssert.Contains(printed, "buildah: works. Version ");
        StringAssert.Contains(printed, "docker: ");
        StringAssert.Contains(printed, "StageXEngine=podman: builds use podman");
        StringAssert.Contains(printed, "GiB free");
        Assert.IsFalse(Directory.Exists(settings["StageXArtifacts"]));
    }

    [TestMethod]
    public void A_checkup_names_every_engine_the_room_and_the_choice()
    {
        using var workshop = new Workshop("docker");
        var settings = new EngineSettings { StateFolder = workshop.State, SearchPath = workshop.Surroundings["PATH"], Environment = workshop.Surroundings };
        var lines = string.Join('\n', new Checkup("auto", settings, [("StageXCache", Path.Combine(workshop.State, "not there yet"))]).Lines(CancellationToken.None));
        StringAssert.Contains(lines, "buildah: works. Version ");
        StringAssert.Contains(lines, "podman: works. Version ");
        StringAssert.Contains(lines, $"docker: works. Version 26.1.5+dfsg1, {DockerDaemon.Host}, as root, storage driver overlay2");
        StringAssert.Contains(lines, "GiB free");
        StringAssert.Contains(lines, "StageXEngine=auto: builds use buildah");
        workshop.Surroundings["DOCKER_HOST"] = "unix:///nowhere/docker.sock";
        lines = string.Join('\n', new Checkup("docker", settings, []).Lines(CancellationToken.None));
        StringAssert.Contains(lines, $"docker: does not work here. {ErrorCode.DaemonUnreachable}: ");
        StringAssert.Contains(lines, "StageXEngine=docker: nothing can be built.");
    }

    [TestMethod]
    public void An_ordinary_user_who_may_not_make_namespaces_is_told_what_he_needs()
    {
        using var workshop = new Workshop();
        // In a changed root nobody may.
        using var host = workshop.AsOrdinaryUser("FROM scratch\n", $"""
            mkdir root
            exec unshare --mount -- sh -c 'mount --rbind / root && exec chroot root setpriv --reuid=nobody --regid=nogroup --clear-groups -- "$@"' sh "$@"
            """);
        var line = host.ReadLine();
        StringAssert.StartsWith(line, ErrorCode.EngineUnusable);
        StringAssert.Contains(line, "unshare failed: Operation not permitted");
        StringAssert.Contains(host.ReadLine(), "user namespaces");
    }

    // A search path with everything that the engine needs but its program, for which a script may stand.
    private static StageXException Refused(Workshop workshop, string? script)
    {
        var bin = Directory.CreateDirectory(Path.Combine(workshop.Folder, "bin")).FullName;
        if (script is not null)
        {
            var program = Path.Combine(bin, workshop.EngineName);
            File.WriteAllText(program, $"#!/bin/sh\n{script}\n");
            File.SetUnixFileMode(program, (UnixFileMode)0b111_101_101);
            bin += ":/usr/bin:/bin";
        }
        var engine = EngineSelection.Create(workshop.EngineName, new EngineSettings { StateFolder = workshop.State, SearchPath = bin, Environment = workshop.Surroundings });
        return Assert.ThrowsExactly<StageXException>(() => engine.Probe(CancellationToken.None));
    }
}
