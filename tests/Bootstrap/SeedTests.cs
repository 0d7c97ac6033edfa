using System.Diagnostics;
using System.Text.RegularExpressions;
using CsCheck;

namespace StageX.Build.Tests.Bootstrap;

[TestClass]
public sealed partial class SeedTests
{
    private static readonly string Root = FindRoot();
    private static readonly string Stage0 = Path.Combine(Root, "packages/bootstrap/stage0");
    private static readonly string Seed = Path.Combine(Stage0, "seed");

    // Where the ELF specification has each field, for 32 and 64 bits.
    private static readonly Dictionary<string, (int Elf32, int Elf64)> Header = new()
    {
        ["EI_MAG"] = (0, 0), ["EI_CLASS"] = (4, 4), ["EI_DATA"] = (5, 5), ["EI_VERSION"] = (6, 6),
        ["EI_OSABI"] = (7, 7), ["EI_ABIVERSION"] = (8, 8), ["EI_PAD"] = (9, 9),
        ["e_type"] = (16, 16), ["e_machine"] = (18, 18), ["e_version"] = (20, 20), ["e_entry"] = (24, 24),
        ["e_phoff"] = (28, 32), ["e_shoff"] = (32, 40), ["e_flags"] = (36, 48), ["e_ehsize"] = (40, 52),
        ["e_phentsize"] = (42, 54), ["e_phnum"] = (44, 56), ["e_shentsize"] = (46, 58), ["e_shnum"] = (48, 60),
        ["e_shstrndx"] = (50, 62),
    };

    // The same for a program header, from its own start.
    private static readonly Dictionary<string, (int Elf32, int Elf64)> ProgramHeader = new()
    {
        ["p_type"] = (0, 0), ["p_offset"] = (4, 8), ["p_vaddr"] = (8, 16), ["p_paddr"] = (12, 24),
        ["p_filesz"] = (16, 32), ["p_memsz"] = (20, 40), ["p_flags"] = (24, 4), ["p_align"] = (28, 48),
    };

    public static IEnumerable<object[]> Pages =>
        Directory.EnumerateFiles(Path.Combine(Root, "packages"), "*.hex0", SearchOption.AllDirectories)
            .Select(page => Path.GetRelativePath(Root, page)).Order(StringComparer.Ordinal).Select(page => new object[] { page });

    public TestContext TestContext { get; set; } = null!;

    [TestMethod]
    public void The_seed_has_at_most_181_bytes() => Assert.IsLessThanOrEqualTo(181, new FileInfo(Seed).Length);

    [TestMethod]
    public void The_seed_makes_itself_from_its_page()
    {
        using var folder = new Scratch();
        var output = folder.File("hex0");
        Assert.AreEqual(0, Run(Seed, Path.Combine(Stage0, "seed.hex0"), output).Status);
        CollectionAssert.AreEqual(File.ReadAllBytes(Seed), File.ReadAllBytes(output));

        var again = folder.File("again");
        Assert.AreEqual(0, Run(output, Path.Combine(Stage0, "seed.hex0"), again).Status, "what it made does not run");
        CollectionAssert.AreEqual(File.ReadAllBytes(Seed), File.ReadAllBytes(again));
    }

    [TestMethod]
    [DynamicData(nameof(Pages))]
    public void The_seed_and_another_decoder_agree_on_a_page(string page)
    {
        using var folder = new Scratch();
        var path = Path.Combine(Root, page);
        Assert.AreEqual(0, Run(Seed, path, folder.File("out")).Status);
        CollectionAssert.AreEqual(new CommentedHexadecimal(File.ReadAllText(path)).Bytes, File.ReadAllBytes(folder.File("out")));
    }

    [TestMethod]
    [DynamicData(nameof(Pages))]
    public void Every_byte_of_a_page_has_a_comment_that_knows_its_offset(string page)
    {
        foreach (var line in Read(page).Lines)
            Assert.AreEqual(line.Start, line.Offset, line.ToString());
    }

    [TestMethod]
    [DynamicData(nameof(Pages))]
    public void Every_header_field_stands_where_ELF_has_it(string page)
    {
        var read = Read(page);
        var is64 = read.Bytes[4] == 2;
        var programHeader = read.Bytes[is64 ? 0x20 : 0x1C];
        var fields = read.Lines.Where(line => line.IsField).ToList();
        Assert.IsNotEmpty(fields);
        foreach (var line in fields)
        {
            var (offsets, start) = line.FirstWord[0] == 'p' ? (ProgramHeader, programHeader) : (Header, 0);
            var (elf32, elf64) = offsets[line.FirstWord];
            Assert.AreEqual(start + (is64 ? elf64 : elf32), line.Start, line.ToString());
        }
    }

    [TestMethod]
    [DynamicData(nameof(Pages))]
    public void Every_instruction_is_the_one_its_comment_names(string page)
    {
        using var folder = new Scratch();
        var read = Read(page);
        File.WriteAllBytes(folder.File("program"), read.Bytes);
        var machine = read.Bytes[4] == 2 ? "i386:x86-64" : "i386";

        foreach (var stretch in read.Code())
        {
            // Where code lies in a header field, one instruction may go on in the next stretch; none here does.
            var end = stretch[^1].Start + stretch[^1].Length;
            var listing = Run("objdump", "-D", "-b", "binary", "-m", machine, "-M", "intel", "--no-show-raw-insn",
                $"--start-address={stretch[0].Start}", $"--stop-address={end}", folder.File("program"));
            Assert.AreEqual(0, listing.Status, listing.Output);

            var instructions = Instruction().Matches(listing.Output)
                .Select(match => (Offset: Convert.ToInt32(match.Groups[1].Value, 16), Text: read.Named(match.Groups[2].Value))).ToList();
            CollectionAssert.AreEqual(stretch.Select(line => line.Start).ToList(), instructions.Select(i => i.Offset).ToList());
            foreach (var (line, instruction) in stretch.Zip(instructions))
                Assert.StartsWith(instruction.Text + " ", line.Comment + " ", line.ToString());
        }
    }

    [TestMethod]
    public void Any_text_gives_the_bytes_the_notation_says()
    {
        using var folder = new Scratch();
        var telling = "0123456789abcdefABCDEF#;\n\n /:@G`g\t\r\u0010\u0016"u8.ToArray();
        Gen.OneOf(Gen.Int[0, telling.Length - 1].Select(i => telling[i]), Gen.Byte).Array[0, 300].Sample(text =>
        {
            File.WriteAllBytes(folder.File("in"), text);
            Assert.AreEqual(0, Run(Seed, folder.File("in"), folder.File("out")).Status);
            CollectionAssert.AreEqual(Decode(text), File.ReadAllBytes(folder.File("out")));
        }, iter: 200, threads: 1);
    }

    [TestMethod]
    public void A_file_that_cannot_be_opened_or_written_gives_a_status_that_is_not_zero()
    {
        using var folder = new Scratch();
        var page = Path.Combine(Stage0, "seed.hex0");
        Assert.AreNotEqual(0, Run(Seed).Status, "no arguments");
        Assert.AreNotEqual(0, Run(Seed, page).Status, "no output");
        Assert.AreNotEqual(0, Run(Seed, folder.File("none"), folder.File("out")).Status, "no input");
        Assert.IsFalse(File.Exists(folder.File("out")), "it is the input that is opened first");
        Assert.AreNotEqual(0, Run(Seed, Stage0, folder.File("out")).Status, "a folder as input");
        Assert.AreNotEqual(0, Run(Seed, page, folder.File("none/out")).Status, "output in no folder");
        Assert.AreNotEqual(0, Run(Seed, page, "/dev/full").Status, "disk full");
    }

    [TestMethod]
    public void True_false_catm_and_pause_do_what_they_are_for()
    {
        using var folder = new Scratch();
        string Assemble(string page)
        {
            var output = folder.File(Path.GetFileNameWithoutExtension(page));
            Assert.AreEqual(0, Run(Seed, Path.Combine(Root, "packages", page), output).Status);
            return output;
        }

        Assert.AreEqual(0, Run(Assemble("core/true-false/true.hex0")).Status);
        Assert.AreEqual(1, Run(Assemble("core/true-false/false.hex0")).Status);

        var catm = Assemble("bootstrap/catm/catm.hex0");
        var big = new byte[100_001];
        new Random(1).NextBytes(big);
        File.WriteAllBytes(folder.File("big"), big);
        File.WriteAllBytes(folder.File("empty"), []);
        Assert.AreEqual(0, Run(catm, folder.File("all"), folder.File("big"), folder.File("empty"), catm, folder.File("big")).Status);
        CollectionAssert.AreEqual((byte[])[.. big, .. File.ReadAllBytes(catm), .. big], File.ReadAllBytes(folder.File("all")));
        Assert.AreEqual(1, Run(catm).Status);
        Assert.AreEqual(1, Run(catm, folder.File("all"), folder.File("none")).Status);
        Assert.AreEqual(1, Run(catm, "/dev/full", folder.File("big")).Status);

        // Two children come with the process that becomes pause: one has perhaps ended before, one ends afterwards.
        // That the first is taken in shows that pause is at work: signals do not kill it any more.
        var pause = Assemble("user/pause/pause.hex0");
        var script = """
            mkfifo gate
            sh -c 'true & echo $! > early; cat gate > /dev/null & echo $! > late; exec "$1"' sh "$1" & pause=$!
            until test -s late; do :; done
            while test -e /proc/$(cat early); do :; done
            : > gate
            while test -e /proc/$(cat late); do :; done
            kill -$2 $pause
            wait $pause
            """;
        foreach (var signal in (string[])["TERM", "INT"])
        {
            using var here = new Scratch();
            Assert.AreEqual(0, Run("timeout", "60", "sh", "-c", $"cd '{here.File("")}'; {script}", "sh", pause, signal).Status, signal);
        }
    }

    private static CommentedHexadecimal Read(string page) => new(File.ReadAllText(Path.Combine(Root, page)));

    /// <summary>The notation once more, in other words than the seed's.</summary>
    private static byte[] Decode(byte[] text)
    {
        var withoutComments = CommentOrOther().Replace(System.Text.Encoding.Latin1.GetString(text), "");
        return Convert.FromHexString(withoutComments[..(withoutComments.Length / 2 * 2)]);
    }

    private static (int Status, string Output) Run(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true })!;
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output);
    }

    private static string FindRoot()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "global.json")))
            folder = Path.GetDirectoryName(folder) ?? throw new InvalidOperationException("the tests run outside their repository");
        return folder;
    }

    [GeneratedRegex(@"^\s*([0-9a-f]+):\s+(.+?)\s*$", RegexOptions.Multiline)]
    private static partial Regex Instruction();

    [GeneratedRegex("[#;][^\n]*|[^0-9A-Fa-f]")]
    private static partial Regex CommentOrOther();

    private sealed class Scratch : IDisposable
    {
        private readonly string _folder = Directory.CreateTempSubdirectory("stagex-test-").FullName;

        public string File(string name) => Path.Combine(_folder, name);

        public void Dispose() => Directory.Delete(_folder, recursive: true);
    }
}
