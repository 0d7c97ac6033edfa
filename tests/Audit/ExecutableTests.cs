using System.Buffers.Binary;
using StageX.Build.Audit;

namespace StageX.Build.Tests.Audit;

/// <summary>What an audit says of programs that gcc made in every way, held against what readelf says; and files that nobody would make.</summary>
[TestClass]
public sealed class ExecutableTests
{
    private const string Program = """
        #include <stdio.h>
        #include <stdlib.h>
        #include <string.h>
        int main(int argc, char **argv) { char text[64]; char *more = malloc(100); strcpy(text, argv[0]); printf("%s %d %p\n", text, argc, (void *)more); return 0; }
        """;

    private static readonly string[] Relro = ["-Wl,-z,norelro", "-Wl,-z,relro,-z,lazy", "-Wl,-z,relro,-z,now"];

    [TestMethod]
    [DataRow("-no-pie")]
    [DataRow("-pie -fPIE")]
    [DataRow("-static")]
    [DataRow("-static-pie -fPIE")]
    [DataRow("-shared -fPIC")]
    public void Every_trait_is_what_readelf_says(string how)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["program.c"], Program);
        foreach (var (relro, number) in Relro.Select((option, number) => (option, number)))
            foreach (var (stack, guard) in new[] { ("-Wl,-z,execstack", "-fstack-protector-all"), ("-Wl,-z,noexecstack", "-fno-stack-protector") })
            {
                var (built, stripped) = (folder["built"], folder["stripped"]);
                Command.Run("gcc", ["-g", "-o", built, .. how.Split(' '), relro, stack, guard, folder["program.c"]]).MustSucceed();
                Command.Run("strip", ["-o", stripped, built]).MustSucceed();
                var symbols = Readelf("-s", built);
                foreach (var file in new[] { built, stripped })
                {
                    var found = Read(File.ReadAllBytes(file))!;
                    var (header, segments, sections, dynamic) = (Readelf("-h", file), Readelf("-l", file), Readelf("-S", file), Readelf("-d", file));
                    var note = $"{how} {relro} {stack} {guard} {Path.GetFileName(file)}";
                    Assert.AreEqual(header.Contains("Type:                              DYN", StringComparison.Ordinal) ? "yes" : "no", found[Trait.Pie], note);
                    Assert.AreEqual(sections.Contains(".symtab", StringComparison.Ordinal) ? "no" : "yes", found[Trait.Stripped], note);
                    Assert.AreEqual(segments.Split('\n').Single(line => line.Contains("GNU_STACK", StringComparison.Ordinal)).Contains("RWE", StringComparison.Ordinal) ? "yes" : "no", found[Trait.ExecutableStack], note);
                    Assert.AreEqual(segments.Contains("GNU_RELRO", StringComparison.Ordinal), number > 0, note);
                    // Without a dynamic section: what would be bound late has a table of its own.
                    var bindsNow = dynamic.Contains("NOW", StringComparison.Ordinal) || (how.StartsWith("-static", StringComparison.Ordinal) && !sections.Contains(".got.plt", StringComparison.Ordinal));
                    Assert.AreEqual(number == 0 ? "no" : bindsNow ? "full" : "partial", found[Trait.Relro], note);
                    Assert.AreEqual(symbols.Contains("__stack_chk_fail", StringComparison.Ordinal) ? "yes" : "no", found[Trait.StackProtector], note);
                    CollectionAssert.AreEqual(dynamic.Split('\n').Where(line => line.Contains("(NEEDED)", StringComparison.Ordinal)).Select(line => line.Split('[', ']')[1]).ToArray(), found.Needed.ToArray(), note);
                    Assert.AreEqual(how.StartsWith("-static", StringComparison.Ordinal) ? "static" : "dynamic", found[Trait.Linkage], note);
                    Assert.AreEqual(("gcc", "glibc", "glibc"), (found[Trait.Toolchain], found[Trait.CLibrary], found[Trait.Allocator]), note);
                    Assert.Contains(found.Compilers.Single(), Readelf("-p", file, ".comment"), note);
                }
            }
    }

    [TestMethod]
    public void What_allocates_nothing_and_knows_no_C_library_is_said_to()
    {
        using var folder = new TemporaryFolder();
        var alone = Read(Gcc(folder, "void _start(void) { for (;;) ; }", "-nostdlib", "-static", "-no-pie"))!;
        Assert.AreEqual(("static", "unknown", "none", "no"), (alone[Trait.Linkage], alone[Trait.CLibrary], alone[Trait.Allocator], alone[Trait.StackProtector]));
        var quiet = Read(Gcc(folder, "int main(void) { return 0; }"))!;
        Assert.AreEqual(("glibc", "none"), (quiet[Trait.CLibrary], quiet[Trait.Allocator]));
    }

    [TestMethod]
    public void A_library_takes_part_in_dynamic_linking_also_where_it_needs_none()
    {
        using var folder = new TemporaryFolder();
        string Linkage(params string[] options) => Read(Gcc(folder, "int x(void) { return 1; } void _start(void) { for (;;) x(); }", ["-nostdlib", .. options]))![Trait.Linkage];
        Assert.AreEqual("dynamic", Linkage("-shared", "-fPIC"));
        // As the C library is, which is its own loader.
        Assert.AreEqual("dynamic", Linkage("-shared", "-fPIC", "-Wl,-e,_start"));
        Assert.AreEqual("static", Linkage("-static-pie", "-fPIE"));
        Assert.AreEqual("static", Linkage("-static", "-no-pie"));
    }

    [TestMethod]
    public void Marks_of_allocators_and_compilers_are_known()
    {
        using var folder = new TemporaryFolder();
        Assert.AreEqual("mimalloc", Read(Gcc(folder, "const char *mark = \"mimalloc: \"; int main(void) { return *mark; }"))![Trait.Allocator]);
        Assert.AreEqual("musl", Read(Gcc(folder, "const char mark[] = \"No error information\"; void _start(void) { for (;;) ; }", "-nostdlib", "-static", "-no-pie"))![Trait.CLibrary]);
        Assert.AreEqual("clang gcc", Read(Gcc(folder, "__asm__(\".section .comment,\\\"MS\\\",@progbits,1\\n.string \\\"Debian clang version 14.0.6\\\"\\n.text\\n\"); int main(void) { return 0; }"))![Trait.Toolchain]);
    }

    [TestMethod]
    public void Texts_objects_and_archives_are_no_executables()
    {
        using var folder = new TemporaryFolder();
        Assert.IsNull(Read("#!/bin/sh\n"u8.ToArray()));
        Assert.IsNull(Read([]));
        Assert.IsNull(Read(Gcc(folder, Program, "-c")));
    }

    [TestMethod]
    public void Damaged_files_are_refused_or_read_and_never_more()
    {
        using var folder = new TemporaryFolder();
        var whole = Gcc(folder, Program);
        int refused = 0, read = 0;
        void Try(byte[] file)
        {
            try
            {
                _ = Read(file);
                read++;
            }
            catch (InvalidDataException)
            {
                refused++;
            }
        }

        foreach (var length in Enumerable.Range(0, 130).Concat(Enumerable.Range(1, 60).Select(part => part * whole.Length / 61)))
            Try(whole[..length]);
        // Every field of the header, and of each table's rows, takes the values at which arithmetic goes wrong.
        var (segments, sections) = ((int)BinaryPrimitives.ReadInt64LittleEndian(whole.AsSpan(32)), (int)BinaryPrimitives.ReadInt64LittleEndian(whole.AsSpan(40)));
        var dynamic = whole.AsSpan().IndexOf(new byte[] { 1, 0, 0, 0, 0, 0, 0, 0 });
        foreach (var (from, to) in new[] { (16, 64), (segments, segments + 13 * 56), (sections, whole.Length), (Math.Max(dynamic, 0), dynamic + 512) })
            for (var at = from; at + 8 <= to; at += 2)
                foreach (var value in new[] { 0, 1, 0xFFFF, 0x10000, int.MaxValue, uint.MaxValue, long.MaxValue, long.MinValue, -1, whole.Length, whole.Length - 1 })
                    foreach (var size in new[] { 2, 4, 8 })
                    {
                        var file = whole.ToArray();
                        var bytes = new byte[8];
                        BinaryPrimitives.WriteInt64LittleEndian(bytes, value);
                        bytes.AsSpan(0, size).CopyTo(file.AsSpan(at));
                        if (value is not (0 or 1) || size == 8)
                            Try(file);
                    }
        Assert.IsTrue(refused > 100 && read > 100, $"{refused} refused, {read} read");
    }

    private static Executable? Read(byte[] file) => Executable.TryRead("program", new MemoryStream(file));

    private static byte[] Gcc(TemporaryFolder folder, string text, params string[] options)
    {
        File.WriteAllText(folder["text.c"], text);
        Command.Run("gcc", ["-w", "-o", folder["out"], .. options, folder["text.c"]]).MustSucceed();
        return File.ReadAllBytes(folder["out"]);
    }

    private static string Readelf(string what, string file, params string[] more) => Command.Run("readelf", ["-W", what, .. more, file]).MustSucceed().Output;
}
