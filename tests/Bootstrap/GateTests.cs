using System.Text;
using StageX.Build.Tests.Sdk;
using StageX.Build.Tests.Sources;
using static StageX.Build.Tests.Bootstrap.GatePayloads;

namespace StageX.Build.Tests.Bootstrap;

/// <summary>Packages that bring code which nobody built, by every way we could think of: one tree, judged at once.</summary>
[TestClass]
[TestCategory("System")]
public sealed class GateTests
{
    private static TestTree s_tree = null!;
    private static CommandResult s_result = null!;

    /// <summary>A file named in the definition, and what the error says about it.</summary>
    private static readonly (string Name, string File, byte[] Bytes, string Code, string[] Words)[] Files =
    [
        ("elf", "program", Elf, ErrorCode.ForeignCode, ["program is an ELF file"]),
        ("wrong-extension", "readme.txt", Elf, ErrorCode.ForeignCode, ["readme.txt is an ELF file"]),
        ("appended", "run.sh", [.. "#!/bin/sh\ntail -c +30 $0 > /x\n"u8, .. Elf], ErrorCode.ForeignCode, ["from byte 30 on", "an ELF file"]),
        ("gzip", "program.gz", Gzip(Elf), ErrorCode.ForeignCode, ["unpacked from gzip", "an ELF file"]),
        ("bzip2", "program.bz2", Archives.Bzip2(Elf), ErrorCode.ForeignCode, ["unpacked from bzip2", "an ELF file"]),
        ("lzip", "program.lz", Archives.Lzip(Elf), ErrorCode.ForeignCode, ["unpacked from lzip", "an ELF file"]),
        ("twice", "program.gz.gz", Gzip(Gzip(Elf)), ErrorCode.ForeignCode, ["unpacked from gzip, unpacked from gzip"]),
        ("tar-in-zip", "data.zip", Zip("inner.tar", Tar("a/evil", Elf)), ErrorCode.ForeignCode, ["inner.tar, a/evil", "an ELF file"]),
        ("behind-a-script", "install.sh", [.. "#!/bin/sh\nexit\n"u8, .. Gzip(Tar("evil", Elf))], ErrorCode.ForeignCode, ["from byte 15 on", "evil", "an ELF file"]),
        ("zip-behind-a-script", "install.sh", [.. "#!/bin/sh\nexit\n"u8, .. Zip("evil", Elf)], ErrorCode.ForeignCode, ["evil", "an ELF file"]),
        ("jar", "a.jar", Zip("A.class", Class), ErrorCode.ForeignCode, ["A.class", "a Java class"]),
        ("class", "A.class", Class, ErrorCode.ForeignCode, ["a Java class"]),
        ("pyc", "a.pyc", Pyc, ErrorCode.ForeignCode, ["Python bytecode"]),
        ("wasm", "a.wasm", Wasm, ErrorCode.ForeignCode, ["WebAssembly"]),
        ("bitcode", "a.bc", Bitcode, ErrorCode.ForeignCode, ["LLVM bitcode"]),
        ("dex", "a.dex", Dex, ErrorCode.ForeignCode, ["a DEX file"]),
        ("ar", "a.a", Ar, ErrorCode.ForeignCode, ["an ar archive"]),
        ("pe", "a.exe", Pe, ErrorCode.ForeignCode, ["Windows"]),
        ("pe-in-data", "a.dat", [1, 2, 3, 4, .. Pe], ErrorCode.ForeignCode, ["a PE file"]),
        ("mach-o", "a.dylib", MachO, ErrorCode.ForeignCode, ["a Mach-O file"]),
        ("fat-mach-o", "a.fat", FatMachO, ErrorCode.ForeignCode, ["a Mach-O file"]),
        ("base64", "run.sh", Text($"#!/bin/sh\nbase64 -d > /x <<E\n{Base64Lines(Elf)}\nE\n"), ErrorCode.ForeignCode, ["base64 from line 3 on", "an ELF file"]),
        ("base64-on-one-line", "run.sh", Text($"echo {Convert.ToBase64String(Elf)} | base64 -d\n"), ErrorCode.ForeignCode, ["base64 from line 1 on", "an ELF file"]),
        ("base64-of-gzip", "run.py", Text($"code = \"\"\"{Convert.ToBase64String(Gzip(Elf))}\"\"\"\n"), ErrorCode.ForeignCode, ["base64", "unpacked from gzip", "an ELF file"]),
        ("base64-of-wasm", "a.js", Text($"x('data:application/wasm;base64,{Convert.ToBase64String([.. Wasm, .. new byte[30]])}')\n"), ErrorCode.ForeignCode, ["base64", "WebAssembly"]),
        ("hexadecimal", "program.hex", Text(Convert.ToHexStringLower(Elf) + "\n"), ErrorCode.ForeignCode, ["hexadecimal from line 1 on", "an ELF file"]),
        ("dump", "program.txt", Text(Dump(Elf)), ErrorCode.ForeignCode, ["hexadecimal", "an ELF file"]),
        ("c-array", "program.h", Text(CArray(Elf)), ErrorCode.ForeignCode, ["hexadecimal from line 2 on", "an ELF file"]),
        ("decimal", "program.js", Text(Decimals(Elf)), ErrorCode.ForeignCode, ["decimal numbers", "an ELF file"]),
        ("printf", "program.sh", Text(Printf(Elf)), ErrorCode.ForeignCode, ["escapes", "an ELF file"]),
        ("uuencoded", "program.uu", Text(Uuencode(Elf)), ErrorCode.ForeignCode, ["uuencoded", "an ELF file"]),
        ("utf-16", "run.ps1", [0xFF, 0xFE, .. Encoding.Unicode.GetBytes(Convert.ToBase64String(Elf))], ErrorCode.ForeignCode, ["read as UTF-16", "an ELF file"]),
        ("commented-page", "program.hex0", Text(Page(Elf[..2000])), ErrorCode.ForeignCode, ["hexadecimal", "an ELF file"]),
        ("page-without-header", "rest.hex0", Text(Page(Elf[400..800])), ErrorCode.UndeclaredPage, ["""<Hexadecimal Include="rest.hex0" />"""]),
        ("damaged", "test.gz", Damaged(Gzip(Text(CArray(new byte[999]) + "\n"))), ErrorCode.OpaqueArchive, ["gzip that cannot be unpacked"]),
        ("damaged-zip-in-an-array", "test.h", Text(CArray(Zip("evil", Elf)[..2000]) + "\n"), ErrorCode.OpaqueArchive, ["hexadecimal", "a zip that cannot be read"]),
        ("zip-without-a-header-in-an-array", "test.h", Text(CArray(WithoutHeader(Zip("evil", Elf))) + "\n"), ErrorCode.ForeignCode, ["hexadecimal", "an ELF file"]),
        ("seven-zip", "data.7z", [(byte)'7', (byte)'z', 0xBC, 0xAF, 0x27, 0x1C, .. new byte[40]], ErrorCode.OpaqueArchive, ["a 7z archive"]),
        ("configure", "configure", "#! /bin/sh\n# Guess values for system-dependent variables.\n# Generated by GNU Autoconf 2.71 for hello 1.0.\n"u8.ToArray(), ErrorCode.UndeclaredGenerated, ["Autoconf", """<Generated Include="configure" />"""]),
        ("bison", "parse.c", "/* A Bison parser, made by GNU Bison 3.8.2.  */\n"u8.ToArray(), ErrorCode.UndeclaredGenerated, ["Bison"]),
        ("old-bison", "parse.c", "/* A Bison parser, made from parse.y\n   by GNU bison 1.35.  */\n"u8.ToArray(), ErrorCode.UndeclaredGenerated, ["Bison"]),
        ("autotest", "testsuite", "#! /bin/sh\n# Generated from testsuite.at by GNU Autoconf 2.71.\n"u8.ToArray(), ErrorCode.UndeclaredGenerated, ["Autoconf"]),
    ];

    // Numbers by which a program knows archives are none.
    private const string Unzip = """
        enum {
        #if BIG_ENDIAN
        	FILE_HEADER = 0x504b0304,
        	DIRECTORY   = 0x504b0102, /* an entry */
        	END         = 0x504b0506,
        	ZIP64_END   = 0x504b0606,
        	DESCRIPTOR  = 0x504b0708,
        #else
        	FILE_HEADER = 0x04034b50,
        	DIRECTORY   = 0x02014b50,
        	END         = 0x06054b50,
        	ZIP64_END   = 0x06064b50,
        	DESCRIPTOR  = 0x08074b50,
        #endif
        };

        """;

    // So does this one, and goes on with other numbers.
    private const string Unxz = """
        /*
         * An xz file begins with FD 37 7A 58 5A 00, one of the older kind as it likes: often with 5D.
         */
        static int is_old(const unsigned char *file) {
            if (file[0] != 0x5D && file[0] != 0x5E) return 0;
            switch (size(file + 1)) {
            case 0x00001000: return 12;
            case 0x00002000: return 13;
            case 0x00004000: return 14;
            case 0x00008000: return 15;
            case 0x00010000: return 16;
            case 0x00020000: return 17;
            }
            return 0;
        }

        """;

    // The mark is there, and what a reader of the directory needs; the rest of the first header is nonsense.
    private static byte[] WithoutHeader(byte[] zip) => [.. zip[..4], 0xFF, 0xFF, .. zip[6..]];

    /// <summary>A file inside a source.</summary>
    private static readonly (string Name, string Path, byte[] Bytes, string Metadata, string? Code, string[] Words)[] Sources =
    [
        ("source", "top/lib/evil.so", Elf, "", ErrorCode.ForeignCode, ["lib/evil.so is an ELF file", "<Remove>lib/evil.so</Remove>"]),
        ("source-nested", "top/tests/data.zip", Zip("x.tar.gz", Gzip(Tar("evil", Elf))), "", ErrorCode.ForeignCode, ["tests/data.zip", "x.tar.gz", "evil", "an ELF file"]),
        ("source-file", "evil", Elf, "Extract=\"false\"", ErrorCode.ForeignCode, ["an ELF file"]),
        ("source-removed", "top/lib/evil.so", Elf, "<Remove>lib/*.so</Remove>", null, []),
        ("source-marked", "top/configure", "# Generated by GNU Autoconf 2.71\n"u8.ToArray(), "", ErrorCode.UndeclaredGenerated, ["configure was generated by Autoconf", "Generated=\"configure\""]),
        ("source-declared", "top/configure", "# Generated by GNU Autoconf 2.71\n"u8.ToArray(), "Generated=\"configure\"", null, []),
        ("source-of-unzip", "top/unzip.c", Text(Unzip), "", null, []),
        ("source-of-unxz", "top/unxz.c", Text(Unxz), "", null, []),
        ("source-useless", "top/a.c", "int a;\n"u8.ToArray(), "Generated=\"configure\"", ErrorCode.UselessGenerated, ["configure"]),
    ];

    public static IEnumerable<object[]> FileNames => Files.Select(file => new object[] { file.Name });

    public static IEnumerable<object[]> SourceNames => Sources.Select(source => new object[] { source.Name });

    [ClassInitialize]
    public static void BuildTree(TestContext context)
    {
        s_tree = new TestTree();
        foreach (var (name, file, bytes, _, _) in Files)
        {
            s_tree.Add("user", name, $"""    <File Include="{file}" Path="/x" />""");
            File.WriteAllBytes(s_tree.File("user", name, file), bytes);
        }
        foreach (var (name, path, bytes, metadata, _, _) in Sources)
        {
            var archive = Path.Combine(s_tree.Root, name + ".tar");
            File.WriteAllBytes(archive, metadata.Contains("Extract", StringComparison.Ordinal) ? bytes : Archives.Tar([.. new[] { (path, bytes), ("top/a.txt", "a\n"u8.ToArray()) }
                .Select(file => new System.Formats.Tar.PaxTarEntry(System.Formats.Tar.TarEntryType.RegularFile, file.Item1) { DataStream = new MemoryStream(file.Item2) })]));
            s_tree.Add("user", name, $"""
                    <Source Include="file://{archive}" Sha256="{Digest.OfFile(archive).Hex}" {(metadata.StartsWith('<') ? $">{metadata}</Source>" : metadata + "/>")}
                    <File Include="fetch/{name}{(metadata.Contains("Extract", StringComparison.Ordinal) ? "" : "/a.txt")}" Path="/x" />
                """);
        }
        AddOthers(s_tree);
        s_tree.Add("user", "compiler", """    <File Include="cc.c" Path="/x" />""", ("cc.c", """
            void save() {
                emit("7F 45 4C 46 02 01 01 00 00 00 00 00 00 00 00 00");  // ELF, 64 bits
                emit("02 00 3E 00 01 00 00 00");                    // an executable, for x86_64
                number(BASE + HEADERS, 8);                          // where it starts
                emit("40 00 00 00 00 00 00 00");                    // program headers follow this one
            }

            """));
        s_result = s_tree.Build(s_tree.Tree(), "-t:VerifyBootstrap");
    }

    [ClassCleanup]
    public static void RemoveTree() => s_tree.Dispose();

    [TestMethod]
    [DynamicData(nameof(FileNames))]
    public void A_file_that_is_no_source_is_refused_at_the_line_that_names_it(string name)
    {
        var (_, _, _, code, words) = Files.Single(file => file.Name == name);
        MustBeRefused(name, code, 7, words);
    }

    [TestMethod]
    [DynamicData(nameof(SourceNames))]
    public void What_a_source_holds_is_refused_until_it_is_removed_or_declared(string name)
    {
        var (_, _, _, _, code, words) = Sources.Single(source => source.Name == name);
        if (code is null)
            Assert.DoesNotContain(s_tree.Project("user", name), s_result.Output);
        else
            MustBeRefused(name, code, 7, words);
    }

    [TestMethod]
    public void A_compiler_may_hold_the_headers_of_what_it_writes() => Assert.Contains("user-compiler: nothing in it was compiled", s_result.Output);

    [TestMethod]
    public void What_a_patch_adds_is_refused() => MustBeRefused("patch", ErrorCode.ForeignCode, 7, ["fix.patch, as what it leaves", "base64", "an ELF file"]);

    [TestMethod]
    public void A_binary_patch_is_refused() => MustBeRefused("binary-patch", ErrorCode.OpaqueArchive, 8, ["a binary patch"]);

    [TestMethod]
    public void What_lies_in_the_folder_of_a_hand_written_Containerfile_is_refused_at_the_line_that_copies_it() =>
        Assert.Contains(error => error.Contains(s_tree.File("user", "by-hand", "Containerfile") + "(2)", StringComparison.Ordinal) && error.Contains("sub/tool is an ELF file", StringComparison.Ordinal), s_result.Coded(ErrorCode.ForeignCode), s_result.Output);

    [TestMethod]
    public void What_a_Containerfile_says_in_base64_is_refused() =>
        Assert.Contains(error => error.Contains(s_tree.File("user", "by-word", "Containerfile"), StringComparison.Ordinal) && error.Contains("Containerfile, base64 from line", StringComparison.Ordinal), s_result.Coded(ErrorCode.ForeignCode), s_result.Output);

    [TestMethod]
    public void What_a_property_of_the_definition_carries_is_refused() => MustBeRefused("variable", ErrorCode.ForeignCode, 8, ["ContainerEnvironmentVariable", "base64", "an ELF file"]);

    [TestMethod]
    public void A_package_is_not_judged_where_one_that_it_needs_at_run_time_is_refused()
    {
        Assert.DoesNotContain("user-needs-evil:", s_result.Output);
        Assert.IsFalse(File.Exists(Path.Combine(s_tree.Artifacts, "bootstrap", "user-needs-evil.json")), s_result.Output);
    }

    [TestMethod]
    public void A_seed_in_another_package_is_refused() => MustBeRefused("seed", ErrorCode.MisplacedSeed, 8, ["bootstrap-stage0"]);

    [TestMethod]
    public void A_declared_page_that_is_none_is_refused() => MustBeRefused("no-page", ErrorCode.ForeignCode, 7, ["a.hex0", "unpacked from gzip", "an ELF file"]);

    [TestMethod]
    public void A_declared_page_that_explains_nothing_is_refused_at_its_line() =>
        Assert.Contains(error => error.Contains(s_tree.File("user", "bare-page", "a.hex0") + "(2)", StringComparison.Ordinal), s_result.Coded(ErrorCode.UnexplainedBytes), s_result.Output);

    [TestMethod]
    public void A_seed_of_182_bytes_and_a_second_one_are_refused()
    {
        using var tree = new TestTree();
        var project = tree.Add("bootstrap", "stage0", """
                <Seed Include="seed" />
                <Seed Include="second" />
                <File Include="seed;second" Path="/" />
            """);
        File.WriteAllBytes(tree.File("bootstrap", "stage0", "seed"), Elf[..182]);
        File.WriteAllBytes(tree.File("bootstrap", "stage0", "second"), Elf[..100]);
        var result = tree.Build(project, "-t:VerifyBootstrap");
        result.MustFailWith(ErrorCode.SeedTooLarge, project, 7, "182");
        result.MustFailWith(ErrorCode.MisplacedSeed, project, 8, "second");
    }

    private static void AddOthers(TestTree tree)
    {
        var archive = Path.Combine(tree.Root, "plain.tar");
        File.WriteAllBytes(archive, Archives.Tar(Archives.File("top/a.txt", "one\n")));
        string Patched(string patch) => $"""
                <Source Include="file://{archive}" Sha256="{Digest.OfFile(archive).Hex}" Patches="{patch}" />
                <File Include="fetch/patch/a.txt" Path="/x" />
            """;
        var lines = Base64Lines(Elf).Split('\n');
        tree.Add("user", "patch", Patched("fix.patch"), ("fix.patch", $"--- a/a.txt\n+++ b/a.txt\n@@ -1 +1,{lines.Length + 1} @@\n one\n+{string.Join("\n+", lines)}\n"));
        tree.Add("user", "binary-patch", """
                <Directory Include="/y" />
                <File Include="fix.patch" Path="/x" />
            """, ("fix.patch", "diff --git a/x b/x\nGIT binary patch\nliteral 10\nRcmZQzU|?imU|?imU|;|M00000\n\n"));
        tree.Add("user", "by-hand", "", ("Containerfile", "FROM scratch AS package\nCOPY sub /sub\n"), ("sub/readme", "a\n"));
        File.WriteAllBytes(tree.File("user", "by-hand", "sub/tool"), Elf);
        tree.Add("user", "by-word", "", ("Containerfile", $"FROM scratch AS package\nCOPY a /a\nLABEL code={Convert.ToBase64String(Elf[..2000])}\n"), ("a", "a\n"));
        tree.Add("user", "variable", $"""
                <Directory Include="/y" />
                <ContainerEnvironmentVariable Include="CODE" Value="{Convert.ToBase64String(Elf[..2000])}" />
            """);
        tree.Add("user", "evil", """    <File Include="evil" Path="/evil" />""");
        File.WriteAllBytes(tree.File("user", "evil", "evil"), Elf);
        tree.Add("user", "needs-evil", """
                <ProjectReference Include="../evil/evil.msbuildproj" Stages="package" Runtime="true" />
                <Directory Include="/y" />
            """);
        tree.Add("user", "seed", """
                <File Include="program" Path="/x" />
                <Seed Include="program" />
            """);
        File.WriteAllBytes(tree.File("user", "seed", "program"), Elf[..150]);
        tree.Add("user", "no-page", """
                <File Include="a.hex0" Path="/x" />
                <Hexadecimal Include="a.hex0" />
            """);
        File.WriteAllBytes(tree.File("user", "no-page", "a.hex0"), Gzip(Elf));
        tree.Add("user", "bare-page", """
                <File Include="a.hex0" Path="/x" />
                <Hexadecimal Include="a.hex0" />
            """, ("a.hex0", "7F 45 4C 46   # the mark of an ELF file\n02 01 01\n"));
    }

    private static void MustBeRefused(string name, string code, int line, string[] words) =>
        Assert.Contains(error => error.Contains($"{s_tree.Project("user", name)}({line}", StringComparison.Ordinal) && words.All(word => error.Contains(word, StringComparison.Ordinal)),
            s_result.Coded(code), s_result.Output);

    private static byte[] Damaged(byte[] bytes)
    {
        bytes[bytes.Length / 2] ^= 0xFF;
        return bytes;
    }

    private static string Page(byte[] bytes) => string.Concat(bytes.Chunk(4).Select(row => $"{string.Join(' ', row.Select(value => $"{value:X2}"))}  # bytes of a program\n"));
}
