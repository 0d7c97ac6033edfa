using System.Text.Json.Nodes;
using StageX.Build.Images;
using StageX.Build.Tests.Distribution;
using StageX.Build.Tests.Sdk;

namespace StageX.Build.Tests.Reproducibility;

/// <summary>What a maintainer asks before he signs: is this what everyone gets?</summary>
[TestClass]
[TestCategory("System")]
public sealed class VerifyTests
{
    private const string Scripted = TestTree.Busybox + "\n" + """    <Stage Include="build" Script="build.sh" />""";

    [TestMethod]
    public void A_package_that_depends_on_nothing_passes_and_leaves_a_record_of_what_was_varied()
    {
        using var tree = new TestTree();
        tree.AddBusybox();
        var project = tree.Add("user", "good", Scripted, ("build.sh", "mkdir -p /rootfs/usr\necho text > /rootfs/usr/text"));
        var item = tree.Items(project, "Verify").Single();
        Assert.AreEqual("verified", (string)item["Status"]!);
        Assert.AreEqual(tree.Digest(project), (string)item["Digest"]!);

        var bytes = File.ReadAllBytes((string)item["Record"]!);
        var record = CanonicalJson.Parse(bytes)!;
        CollectionAssert.AreEqual(CanonicalJson.Serialize(record), bytes);
        Assert.IsTrue((bool)record["reproducible"]!);
        Assert.AreEqual((string)item["Digest"]!, (string)record["built"]!["user-good"]!);
        Assert.AreEqual((string)item["Digest"]!, (string)record["rebuilt"]!["user-good"]!);
        Assert.AreEqual("build package", string.Join(' ', record["stages"]!.AsObject().Select(stage => stage.Key)));
        Assert.AreNotEqual((string)record["engines"]!["built"]!["name"]!, (string)record["engines"]!["rebuilt"]!["name"]!);
        foreach (var field in new[] { "vendor", "model", "kernel" })
            Assert.IsNotEmpty((string)record["machine"]![field]!);
        // Each variation is one or the other, with the reason.
        var named = record["varied"]!.AsObject().Concat(record["notVaried"]!.AsObject()).ToList();
        Assert.HasCount(21, named);
        Assert.IsTrue(named.All(pair => ((string)pair.Value!).Length > 0));
        Assert.IsFalse(Directory.Exists(Path.Combine(tree.Artifacts, "verify", "user-good")));
        tree.AssertNothingIsLeft();
    }

    [TestMethod]
    public void The_engine_is_another_from_run_to_run()
    {
        using var tree = new TestTree();
        tree.AddBusybox();
        var project = tree.Add("user", "good", Scripted, ("build.sh", "echo text > /rootfs/text"));
        string Engine()
        {
            var record = JsonNode.Parse(File.ReadAllBytes((string)tree.Items(project, "Verify").Single()["Record"]!))!;
            return (string)record["engines"]!["rebuilt"]!["name"]!;
        }
        var engines = new[] { Engine(), Engine() };
        Assert.HasCount(2, engines.Distinct().ToList(), string.Join(' ', engines));
    }

    [TestMethod]
    public void A_package_that_differs_is_an_error_that_names_the_cause_and_keeps_both_images()
    {
        using var tree = new TestTree();
        tree.AddBusybox();
        var project = tree.Add("user", "jobs", Scripted, ("build.sh", "cp /stagex/jobs /rootfs/jobs\necho same > /rootfs/same\nprintf '\\001\\002%s' $(cat /stagex/jobs) > /rootfs/bytes"));
        tree.Build(project, "-t:Verify").MustFailWith(ErrorCode.NotReproducible, project, 0, "the cause is: jobs", "jobs: line 1", "Record: ");
        var kept = Path.Combine(tree.Artifacts, "verify", "user-jobs");
        var (built, rebuilt) = (ImageLayout.Read(Path.Combine(kept, "built", "user-jobs")).Manifest.Digest, ImageLayout.Read(Path.Combine(kept, "rebuilt", "user-jobs")).Manifest.Digest);
        Assert.AreEqual(tree.Digest(project), built.ToString());
        Assert.AreNotEqual(built, rebuilt);
        Assert.IsTrue(File.Exists(Path.Combine(kept, "logs", "user-jobs", "build.log")));
        // Where bytes are all that can be compared, diffoscope says the rest; it is installed where tests run.
        Assert.Contains("diffoscope on bytes:", File.ReadAllText(Path.Combine(kept, "report.txt")));
        var record = JsonNode.Parse(File.ReadAllBytes(kept + ".json"))!;
        Assert.IsFalse((bool)record["reproducible"]!);
        Assert.StartsWith("jobs", (string)record["verdict"]!);

        // Asked for something else it passes, and says what it was asked for; its traces are gone then.
        var item = tree.Items(project, "Verify", "-p:StageXVerifyVariations=path timezone").Single();
        Assert.AreEqual("path", (string)item["Varied"]!);
        Assert.Contains("timezone", (string)item["NotVaried"]!);
        Assert.IsFalse(Directory.Exists(kept));
        tree.Build(project, "-t:Verify", "-p:StageXVerifyVariations=pathh").MustFailWith(ErrorCode.UnknownVariation, project, 0, "'pathh'", "locale");
    }

    [TestMethod]
    public void What_a_step_reads_of_its_surroundings_is_named()
    {
        using var tree = new TestTree();
        tree.AddBusybox();
        (string Cause, string Script)[] packages =
        [
            ("home", "echo $HOME > /rootfs/text"),
            ("search-path", "echo $PATH > /rootfs/text"),
            ("machine", "busybox uname -m > /rootfs/text"),
            ("domain", "cat /proc/sys/kernel/domainname > /rootfs/text"),
            // File systems have orders of their own.
            ("scratch", "mkdir files\ncd files\nfor i in k d s a q m; do echo $i > $i; done\nbusybox find . > /rootfs/text"),
        ];
        foreach (var (cause, script) in packages)
            tree.Add("user", cause, Scripted, ("build.sh", script + "\n"));
        var result = tree.Build(tree.Tree(), "-t:Verify", $"-p:StageXVerifyVariations={string.Join(' ', packages.Select(package => package.Cause))}",
            $"-p:StageXVary={DefaultSet.Build(Path.Combine(Repository.Root, "packages/core/vary/vary.msbuildproj")).Single().Layout}");
        foreach (var (cause, _) in packages)
            Assert.Contains(cause == "scratch" && tree.IsOnTmpfs ? "user-scratch: reproducible" : $"user-{cause} is not reproducible. By experiment, the cause is: {cause},", result.Output);
        tree.AssertNothingIsLeft();
    }

    [TestMethod]
    public void The_folder_that_steps_work_in_is_another_unless_the_recipe_names_it()
    {
        using var tree = new TestTree();
        tree.AddBusybox();
        var depends = tree.Add("user", "depends", Scripted, ("build.sh", "pwd > /rootfs/folder"));
        tree.Build(depends, "-t:Verify").MustFailWith(ErrorCode.NotReproducible, depends, 0, "the cause is: path");
        var names = tree.Add("user", "names", Scripted, ("build.sh", "cd /stagex\npwd > /rootfs/folder"));
        tree.Build(names, "-t:Verify").MustSucceed();
        var inputs = tree.Add("user", "inputs", Scripted.Replace(" />\n", " />\n    <Input Include=\"input\" />\n", StringComparison.Ordinal), ("build.sh", "cp input /rootfs/input"), ("input", "text"));
        Assert.Contains("another/folder", File.ReadAllText((string)tree.Items(inputs, "Verify").Single()["Record"]!));

        tree.Add("user", "byhand", TestTree.Busybox);
        tree.Write("user", "byhand", "Containerfile", "FROM stagex/core-busybox AS build\nWORKDIR /work/here\nRUN mkdir -p /rootfs && pwd > /rootfs/folder\nFROM scratch AS package\nCOPY --from=build /rootfs/ /\n");
        tree.Build(tree.Project("user", "byhand"), "-t:Verify").MustFailWith(ErrorCode.NotReproducible, tree.Project("user", "byhand"), 0, "the cause is: path");
    }

    [TestMethod]
    public void A_tree_is_verified_in_one_run_that_goes_on_where_it_was_interrupted()
    {
        using var tree = new TestTree();
        tree.AddBusybox();
        // Told of another number of jobs, it has no end.
        tree.Add("user", "slow", Scripted, ("build.sh", $"[ \"$(cat /stagex/jobs)\" = {Environment.ProcessorCount} ] || sleep 1000000\necho text > /rootfs/text\n"));
        var all = tree.Tree();
        using (var run = tree.StartGroup(all, "-t:Verify", "-m:1"))
        {
            var passed = false;
            for (var slow = false; !(passed && slow) && run.StandardOutput.ReadLine() is { } line; slow |= line.Contains("user-slow: building it again", StringComparison.Ordinal))
                passed |= line.Contains("core-busybox: reproducible", StringComparison.Ordinal);
            Command.SignalGroup("INT", run.Id);
            run.StandardOutput.ReadToEnd();
            run.WaitForExit();
        }
        tree.AssertNothingIsLeft();

        tree.Write("user", "slow", "build.sh", "echo text > /rootfs/text\n");
        Dictionary<string, string> Verify() => tree.Items(all, "Verify").ToDictionary(item => (string)item["Identity"]!, item => (string)item["Status"]!);
        var rest = Verify();
        Assert.AreEqual("verified before", rest["core-busybox"]);
        Assert.AreEqual("verified", rest["user-slow"]);
        // That run has ended: the next begins from the beginning.
        Assert.AreEqual("verified", Verify()["core-busybox"]);
    }

    [TestMethod]
    public void A_damaged_record_is_as_good_as_none()
    {
        using var tree = new TestTree();
        tree.Add("core", "etc", """    <Directory Include="/etc" />""");
        var all = tree.Tree();
        JsonNode Verify(params string[] more) => tree.Items(all, "Verify", more).Single();
        Verify();
        var record = Path.Combine(tree.Artifacts, "verify", "core-etc.json");
        var good = JsonNode.Parse(File.ReadAllBytes(record))!.AsObject();
        var run = (int)good["run"]!;
        void Damage(string file, string member, JsonNode value)
        {
            // Of the run that goes on.
            File.WriteAllText(Path.Combine(tree.Artifacts, "verify", "run"), $"{++run} open\n");
            var damaged = good.DeepClone().AsObject();
            damaged["run"] = run;
            damaged[member] = value;
            File.WriteAllBytes(file, CanonicalJson.Serialize(damaged));
        }

        foreach (var (member, value) in new (string, JsonNode)[]
        {
            ("reproducible", "yes"), ("run", "first"), ("varied", "all"), ("notVaried", new JsonObject { ["path"] = 1 }), ("alone", new JsonObject { ["path"] = new JsonArray() }), ("engines", "buildah"),
        })
        {
            Damage(record, member, value);
            Assert.AreEqual("verified", (string)Verify()["Status"]!, member);
        }
        // The half of a matrix.
        Damage(Path.ChangeExtension(record, "matrix.json"), "same", "path");
        Assert.AreEqual("verified", (string)Verify("-p:StageXVerifyVariations=all")["Status"]!);
    }

    [TestMethod]
    public void The_full_matrix_tries_each_variation_alone_says_so_in_a_table_and_goes_on_in_the_middle()
    {
        using var tree = new TestTree();
        tree.AddBusybox();
        tree.Add("user", "good", Scripted, ("build.sh", "echo text > /rootfs/text"));
        var bad = tree.Add("user", "jobs", Scripted, ("build.sh", "cp /stagex/jobs /rootfs/jobs"));
        var all = tree.Tree();
        string[] matrix = ["-t:Verify", "-p:StageXVerifyVariations=all", $"-p:StageXVary={DefaultSet.Build(Path.Combine(Repository.Root, "packages/core/vary/vary.msbuildproj")).Single().Layout}"];
        using (var run = tree.StartGroup(all, [.. matrix, "-m:1"]))
        {
            while (run.StandardOutput.ReadLine() is { } line && !line.Contains("user-good: date alone: the same", StringComparison.Ordinal))
            {
            }
            Command.SignalGroup("INT", run.Id);
            run.StandardOutput.ReadToEnd();
            run.WaitForExit();
        }
        tree.AssertNothingIsLeft();

        var result = tree.Build(all, [.. matrix, "-m:1"]);
        result.MustFailWith(ErrorCode.NotReproducible, bad, 0, "the cause is: jobs", "Varied alone, these make a difference: jobs, one processor");
        foreach (var (line, before) in new[] { ("path alone: the same", true), ("date alone: the same", true), ("filesystem alone: the same", false) })
            Assert.Contains($"user-good: {line}{(before ? ", before this run was interrupted" : "\n")}", result.Output.ReplaceLineEndings("\n"));
        Assert.MatchesRegex(@"\| hostname +\| same +\| inside the steps, by vary: --hostname=", result.Output);
        Assert.MatchesRegex(@"\| umask +\| not varied +\| ", result.Output);
        JsonNode Record(string id) => JsonNode.Parse(File.ReadAllBytes(Path.Combine(tree.Artifacts, "verify", id + ".json")))!;
        var (good, jobs) = (Record("user-good"), Record("user-jobs"));
        CollectionAssert.AreEquivalent(good["varied"]!.AsObject().Select(pair => pair.Key).Append("one processor").ToList(), good["alone"]!.AsObject().Select(pair => pair.Key).ToList());
        Assert.IsTrue(good["alone"]!.AsObject().All(pair => (string)pair.Value! == "same"));
        Assert.AreEqual("jobs, one processor", string.Join(", ", jobs["alone"]!.AsObject().Where(pair => (string)pair.Value! == "differs").Select(pair => pair.Key)));
        Assert.IsEmpty(Directory.GetFiles(Path.Combine(tree.Artifacts, "verify"), "*.matrix.json"));
    }
}
