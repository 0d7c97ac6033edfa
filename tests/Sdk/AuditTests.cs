using System.Text.Json.Nodes;

namespace StageX.Build.Tests.Sdk;

/// <summary>-t:Audit shows what is in images, and refuses what should not be.</summary>
[TestClass]
[TestCategory("System")]
public sealed class AuditTests
{
    private const string Untidy = """
        mkdir -p /rootfs/usr/share/man/man1 /rootfs/usr/lib
        echo manual > /rootfs/usr/share/man/man1/x.1
        echo 'prefix=/rootfs/usr' > /rootfs/usr/lib/x.pc
        echo 'built in ../rootfs of usr/rootfs' > /rootfs/usr/lib/innocent
        """;

    private const string Endless = "void _start(void) { for (;;) ; }";

    [TestMethod]
    public void What_an_image_holds_comes_back_and_what_it_should_not_is_refused_once_for_each_rule()
    {
        using var tree = new TestTree();
        tree.AddBusybox();
        var untidy = Add(tree, "untidy", "");
        var result = tree.Build(untidy, "-t:Audit");
        result.MustFailWith(ErrorCode.BuildPathInImage, untidy, 0, "1 file naming /rootfs", "/usr/lib/x.pc").MustFailWith(ErrorCode.DocumentationInImage, untidy, 0, "/usr/share/man/man1/x.1");
        Assert.DoesNotContain("/innocent", string.Join('\n', result.Coded(ErrorCode.BuildPathInImage)));

        var excused = Add(tree, "excused", """
            <AuditExemption Include="/usr/share/man" Rules="documentation" Reason="it is what the package is for" />
            <AuditExemption Include="/usr/lib/x.pc" Rules="build-path" Reason="nobody reads it" />
        """);
        var report = tree.Items(excused, "Audit").Single();
        Assert.AreEqual(("3", "0"), ((string)report["Files"]!, (string)report["Executables"]!));

        // Who is composed of it does not answer for it, and shows all the same what it has.
        var pallet = tree.Add("pallet", "both", """<ProjectReference Include="../../user/excused/excused.msbuildproj" /><ProjectReference Include="../../core/busybox/busybox.msbuildproj" />""");
        var composed = tree.Items(pallet, "Audit").Single();
        Assert.AreEqual("1", (string)composed["Executables"]!);
        var inventory = JsonNode.Parse(File.ReadAllText((string)composed["Inventory"]!))!;
        Assert.AreEqual("bin/busybox", (string)inventory["executables"]!.AsArray().Single()!["path"]!);
    }

    [TestMethod]
    public void An_exemption_that_is_not_needed_or_not_understood_is_refused_at_its_line()
    {
        using var tree = new TestTree();
        tree.AddBusybox();
        var stale = Add(tree, "stale", """
            <AuditExemption Include="/usr/share" Rules="documentation" Reason="it is what the package is for" />
            <AuditExemption Include="/usr/lib/x.pc" Rules="build-path;documentation" Reason="nobody reads it" />
        """);
        tree.Build(stale, "-t:Audit").MustFailWith(ErrorCode.StaleExemption, stale, 10, "/usr/lib/x.pc", "documentation");
        var wrong = Add(tree, "wrong", """<AuditExemption Include="/usr/share" Rules="docs" Reason="none" />""");
        tree.Build(wrong, "-t:Audit").MustFailWith(ErrorCode.InvalidMetadata, wrong, 9, "documentation", "build-path");
        var tidy = tree.Add("user", "tidy", """<AuditExemption Include="/usr/lib" Rules="libtool-archive" Reason="none" /><Directory Include="/usr/lib" />""");
        tree.Build(tidy, "-t:Audit").MustFailWith(ErrorCode.StaleExemption, tidy, 7, "libtool-archive");
        var silent = Add(tree, "silent", """<AuditExemption Include="/usr/share" Rules="documentation" />""");
        tree.Build(silent, "-t:Audit").MustFailWith(ErrorCode.InvalidMetadata, silent, 9, "Reason");
    }

    [TestMethod]
    public void What_libtool_notes_of_a_library_is_refused()
    {
        using var tree = new TestTree();
        var noted = tree.Add("user", "noted", """<File Include="libx.la" Path="/usr/lib/" />""", ("libx.la", "libdir='/usr/lib'"));
        tree.Build(noted, "-t:Audit").MustFailWith(ErrorCode.LibtoolArchive, noted, 0, "/usr/lib/libx.la");
    }

    [TestMethod]
    public void An_image_may_not_grow_beyond_what_its_definition_or_the_policy_says()
    {
        using var tree = new TestTree();
        var small = tree.Add("user", "small", """<File Include="text" Path="/text" />""", ("text", new string('x', 1000)));
        tree.Build(small, "-t:Audit", "-p:MaximumSize=999").MustFailWith(ErrorCode.ImageTooLarge, small, 0, "1,000 bytes", "1 more", "MaximumSize");
        tree.Build(small, "-t:Audit", "-p:MaximumSize=1kB").MustSucceed();
        tree.Build(small, "-t:Audit", "-p:MaximumSize=much").MustFailWith(ErrorCode.InvalidMetadata, small, 0, "500MB");

        tree.AddBusybox();
        var split = tree.Add("user", "split", TestTree.Busybox + """

                <Stage Include="build" Script="build.sh" />
                <Subpackage Include="more" MaximumSize="2" />
            """, ("build.sh", "mkdir -p /rootfs-more\n: > /rootfs/a\necho 12 > /rootfs-more/b\n"));
        tree.Build(split, "-t:Audit").MustFailWith(ErrorCode.ImageTooLarge, split, 0, "user-split-more has 3 bytes");

        Directory.CreateDirectory(Path.Combine(tree.Root, "eng"));
        File.WriteAllText(Path.Combine(tree.Root, "eng", "audit.txt"), "maximum-size: 500\n");
        tree.Build(small, "-t:Audit").MustFailWith(ErrorCode.ImageTooLarge, small, 0, "the policy", "500 more");
        tree.Build(small, "-t:Audit", "-p:MaximumSize=1kB").MustSucceed();
    }

    [TestMethod]
    public void A_policy_is_demanded_of_each_executable_where_it_is_made()
    {
        using var tree = new TestTree();
        var busybox = tree.AddBusybox();
        var pallet = tree.Add("pallet", "all", TestTree.Busybox);
        var policy = Path.Combine(tree.Root, "policy.txt");
        File.WriteAllText(policy, "c-library: musl\nlinkage: static\n");
        tree.Build(busybox, "-t:Audit", "-p:StageXAuditPolicy=policy.txt").MustFailWith(ErrorCode.PolicyViolated, busybox, 0, "c-library is glibc", "/bin/busybox");
        tree.Build(pallet, "-t:Audit", "-p:StageXAuditPolicy=policy.txt").MustSucceed();

        File.WriteAllText(policy, "linkage: static\nc-library: bionic\n");
        tree.Build(pallet, "-t:Audit", "-p:StageXAuditPolicy=policy.txt").MustFailWith(ErrorCode.PolicyUnreadable, policy, 2, "musl");
        tree.Build(pallet, "-t:Audit", "-p:StageXAuditPolicy=none.txt").MustFailWith(ErrorCode.PolicyUnreadable, Path.Combine(tree.Root, "none.txt"), 0, "does not exist");
    }

    [TestMethod]
    public void A_section_of_a_policy_is_demanded_of_what_its_toolchain_compiled_in_place_of_what_is_demanded_of_all()
    {
        using var tree = new TestTree();
        Directory.CreateDirectory(Path.Combine(tree.Root, "eng"));
        var policy = Path.Combine(tree.Root, "eng", "audit.txt");
        string[] alone = ["-nostdlib", "-static", "-no-pie"];
        var programs = tree.Add("user", "programs", string.Concat(new[] { "gcc", "silent", "mixed", "both" }.Select(name => $"""    <File Include="{name}" Path="/usr/bin/" Mode="755" />""" + "\n")));
        var (gcc, silent) = (Compile(tree, "user", "programs", "gcc", Endless, alone), Compile(tree, "user", "programs", "silent", Endless, alone));
        var (part, whole) = (Compile(tree, "user", "programs", "part.o", "int part(void) { return 1; }", "-c"), "int part(void); " + Endless);
        // As TinyCC does, which says nothing of itself.
        foreach (var file in new[] { silent, part })
            Command.Run("objcopy", ["-R", ".comment", file]).MustSucceed();
        Compile(tree, "user", "programs", "mixed", whole, [.. alone, part]);
        Compile(tree, "user", "programs", "both", "__asm__(\".section .comment,\\\"MS\\\",@progbits,1\\n.string \\\"clang version 14.0.6\\\"\\n.text\\n\"); " + Endless, alone);
        string Refusal(string text, params string[] words)
        {
            File.WriteAllText(policy, text);
            var result = tree.Build(programs, "-t:Audit").MustFailWith(ErrorCode.PolicyViolated, programs, 0, words);
            return result.Coded(ErrorCode.PolicyViolated).Single();
        }

        var refusal = Refusal("stripped: no\n[toolchain gcc]\npie: yes\n", "programs has 3 files", "pie is no, and the policy accepts yes of what gcc compiled", "/usr/bin/both", "/usr/bin/gcc", "/usr/bin/mixed");
        Assert.DoesNotContain("/usr/bin/silent", refusal);
        // In place of what is demanded of all; what no section speaks of is demanded of all the same.
        refusal = Refusal("linkage: dynamic\n[toolchain gcc]\nlinkage: static\n", "programs has 1 file", "linkage is static, and the policy accepts dynamic;", "/usr/bin/silent");
        Assert.DoesNotContain("/usr/bin/gcc", refusal);
        Refusal("linkage: dynamic\n[toolchain gcc]\npie: no\n", "programs has 4 files", "and the policy accepts dynamic;");
        // Several that took part answer each for the whole.
        Refusal("pie: no\n[toolchain clang]\npie: yes\n[toolchain gcc]\npie: no\n", "programs has 1 file", "accepts yes of what clang compiled", "/usr/bin/both");

        // What only a section demands is demanded: an exemption from it that excuses nothing is refused.
        var excused = tree.Add("user", "excused", """<AuditExemption Include="/usr/bin" Rules="relro" Reason="none" /><Directory Include="/usr/bin" />""");
        File.WriteAllText(policy, "[toolchain gcc]\nrelro: full\n");
        tree.Build(excused, "-t:Audit").MustFailWith(ErrorCode.StaleExemption, excused, 7, "relro");
        File.WriteAllText(policy, "pie: no\n\n[toolchain icc]\npie: yes\n");
        tree.Build(excused, "-t:Audit").MustFailWith(ErrorCode.PolicyUnreadable, policy, 3, "toolchain is never 'icc'", "gcc");
    }

    [TestMethod]
    public void What_a_program_needs_must_be_there_or_in_what_the_package_needs_when_it_runs()
    {
        using var tree = new TestTree();
        tree.AddBusybox();
        // What is in the root of a step is in no image: each of these has one file.
        string Package(string stage, string name, string folder, string file, params string[] references) => tree.Add(stage, name, TestTree.Busybox + $"""

                {string.Concat(references)}
                <Input Include="{file}" />
                <Stage Include="build" Script="build.sh" />
            """, ("build.sh", $"mkdir -p /rootfs{folder}\ncp {file} /rootfs{folder}\n"));
        string Program(string name, params string[] references)
        {
            var project = Package("user", name, "/usr/bin", "program", references);
            Compile(tree, "user", name, "program", Endless, "-nostdlib", "-Wl,--no-as-needed,--dynamic-linker=/lib/ld-x.so.1", tree.File("core", "x", "libx.so.1"));
            return project;
        }
        static string Reference(string name, string use) => $"""<ProjectReference Include="../../core/{name}/{name}.msbuildproj" {use} />""";
        const string runtime = "Runtime=\"true\"";
        Package("core", "loader", "/usr/lib", "ld-x.so.1");
        Library(tree, "core", "loader", "ld-x.so.1");
        Package("core", "x", "/usr/lib", "libx.so.1", Reference("loader", runtime));
        Library(tree, "core", "x", "libx.so.1");

        var alone = Program("alone", Reference("x", ""));
        var result = tree.Build(alone, "-t:Audit").MustFail(ErrorCode.MissingLibrary);
        var refusals = result.Coded(ErrorCode.MissingLibrary);
        Assert.HasCount(2, refusals, result.Output);
        Assert.IsTrue(refusals.All(error => error.Contains(alone, StringComparison.Ordinal) && error.Contains(runtime, StringComparison.Ordinal)), result.Output);
        Assert.Contains("/usr/bin/program", refusals[0], result.Output);
        Assert.Contains(error => error.Contains("needing libx.so.1", StringComparison.Ordinal), refusals, result.Output);
        Assert.Contains(error => error.Contains("loaded by /lib/ld-x.so.1", StringComparison.Ordinal), refusals, result.Output);
        // A program answers for itself, and not who composes it.
        tree.Build(tree.Add("pallet", "composed", """<ProjectReference Include="../../user/alone/alone.msbuildproj" />"""), "-t:Audit").MustSucceed();

        var half = Program("half", Reference("loader", runtime), Reference("x", ""));
        tree.Build(half, "-t:Audit").MustFailWith(ErrorCode.MissingLibrary, half, 0, "needing libx.so.1");
        // The loader comes along with the library, beside the program or below it.
        foreach (var (name, use) in new[] { ("whole", runtime), ("based", "Base=\"true\"") })
            tree.Build(Program(name, Reference("x", use)), "-t:Audit").MustSucceed();
    }

    [TestMethod]
    public void A_library_is_looked_for_where_a_program_says_and_a_definition_can_excuse_that_it_is_nowhere()
    {
        using var tree = new TestTree();
        const string exemption = """<AuditExemption Include="/usr/bin" Rules="missing-library" Reason="whoever composes it brings his own" />""";
        string Program(string name, string runPath, string items)
        {
            var project = tree.Add("user", name, $"""
                {items}
                    <File Include="libx.so.1" Path="/usr/libexec/x/" Mode="755" />
                    <File Include="{name}" Path="/usr/bin/" Mode="755" />
                """);
            Compile(tree, "user", name, name, Endless, "-nostdlib", "-Wl,--no-as-needed,--no-dynamic-linker,-rpath," + runPath, Library(tree, "user", name, "libx.so.1"));
            return project;
        }
        tree.Build(Program("beside", "$ORIGIN/../libexec/x", ""), "-t:Audit").MustSucceed();
        // In the older way to say it.
        tree.Build(Program("named", "/opt:/usr/libexec/x,--disable-new-dtags", ""), "-t:Audit").MustSucceed();
        var elsewhere = Program("elsewhere", "/usr/libexec/y", "");
        tree.Build(elsewhere, "-t:Audit").MustFailWith(ErrorCode.MissingLibrary, elsewhere, 0, "needing libx.so.1");
        tree.Build(Program("excused", "/usr/libexec/y", exemption), "-t:Audit").MustSucceed();
        var stale = Program("stale", "/usr/libexec/x", exemption);
        tree.Build(stale, "-t:Audit").MustFailWith(ErrorCode.StaleExemption, stale, 7, "missing-library");
    }

    [TestMethod]
    public void On_a_tree_every_package_is_looked_at_and_stands_in_one_table()
    {
        using var tree = new TestTree();
        tree.AddBusybox();
        Add(tree, "untidy", "");
        tree.Add("user", "tidy", """<File Include="text" Path="/text" />""", ("text", "x"));
        foreach (var graph in new[] { "-graph:false", "-graph" })
        {
            var result = tree.Build(tree.Tree(), "-t:Audit", graph);
            Assert.HasCount(1, result.Coded(ErrorCode.DocumentationInImage), result.Output);
            Assert.Contains("user-tidy: 1 files, 1 bytes", result.Output);
            Assert.Contains("| bin/busybox |", result.Output);
        }
    }

    private static string Add(TestTree tree, string name, string items) => tree.Add("user", name, TestTree.Busybox + $"""

            <Stage Include="build" Script="build.sh" />
        {items}
        """, ("build.sh", Untidy));

    // A file of a package, made by the machine's compiler.
    private static string Compile(TestTree tree, string stage, string package, string file, string source, params string[] options)
    {
        var (path, text) = (tree.File(stage, package, file), Path.Combine(tree.Root, "source.c"));
        File.WriteAllText(text, source);
        Command.Run("gcc", ["-o", path, text, .. options]).MustSucceed();
        return path;
    }

    private static string Library(TestTree tree, string stage, string package, string name) =>
        Compile(tree, stage, package, name, "int x;", "-shared", "-fPIC", "-nostdlib", "-Wl,-soname," + name);
}
