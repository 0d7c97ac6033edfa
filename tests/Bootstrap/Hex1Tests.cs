using System.Text.RegularExpressions;

namespace StageX.Build.Tests.Bootstrap;

[TestClass]
public sealed partial class Hex1Tests
{
    private static readonly Chain Steps = new();

    [ClassCleanup]
    public static void Clean() => Steps.Dispose();

    [TestMethod]
    public void Another_implementation_gives_the_same_minic() =>
        CollectionAssert.AreEqual(Hex1Language.Assemble(Chain.MinicSource, File.ReadAllBytes(Steps.Hex1)), File.ReadAllBytes(Steps.Minic));

    [TestMethod]
    public void Another_implementation_gives_the_same_for_random_text()
    {
        var random = new Random(7);
        for (var round = 0; round < 100; round++)
        {
            var text = RandomText(random);
            Steps.Compile(Steps.Hex1, text, Steps.Folder["out"]).MustSucceed();
            CollectionAssert.AreEqual(Hex1Language.Assemble(text, File.ReadAllBytes(Steps.Hex1)), File.ReadAllBytes(Steps.Folder["out"]), text);
        }
    }

    [TestMethod]
    public void A_program_made_with_it_runs()
    {
        const string text = """
            =mov_eax, B8
            =mov_edi, BF
            =syscall 0F05
            mov_eax, %1 mov_edi, %1 BE &greeting BA %6 syscall      # write
            E9 @end
            :greeting "hello" 0A
            :end mov_eax, %60 mov_edi, %42 syscall                  # exit
            """;
        Steps.Compile(Steps.Hex1, text, Steps.Folder["hello"]).MustSucceed();
        var result = Command.Run(Steps.Folder["hello"], []);
        Assert.AreEqual(42, result.ExitCode);
        Assert.AreEqual("hello", result.Output.Trim());
    }

    [TestMethod]
    [DataRow(1, "48 8")]
    [DataRow(1, "4 8")]
    [DataRow(2, "\n48 89G8")]
    [DataRow(1, "4a")]
    [DataRow(1, "A")]
    [DataRow(2, "90 # comment\nunknown")]
    [DataRow(1, "late\n=late 90")]
    [DataRow(2, ":a\n:a")]
    [DataRow(2, ":a\n=a 90")]
    [DataRow(3, "=a 90\n\n=a 91")]
    [DataRow(4, "\n=a b\n=b 90\na")]
    [DataRow(2, ":a\na")]
    [DataRow(2, "=a 90\n@a")]
    [DataRow(2, "=a 90\n&a")]
    [DataRow(1, "@b")]
    [DataRow(3, "90\n90\n&b\n90")]
    [DataRow(1, "@ b")]
    [DataRow(1, ":")]
    [DataRow(1, "=")]
    [DataRow(2, "\n\"abc")]
    [DataRow(1, "\"abc\n\"")]
    [DataRow(1, "%")]
    [DataRow(1, "%4294967296")]
    [DataRow(1, "%99999999999999999999999999")]
    [DataRow(1, "%12x")]
    [DataRow(1, "%-1")]
    [DataRow(1, "\t90")]
    [DataRow(1, "90\r\n")]
    [DataRow(1, "90\0")]
    [DataRow(1, "(")]
    public void Malformed_text_is_rejected_with_its_line(int line, string text) => Steps.MustReject(Steps.Hex1, text, $"line {line}");

    [TestMethod]
    public void More_text_than_there_is_room_for_is_rejected() => Steps.MustReject(Steps.Hex1, new string(' ', 4 << 20), "");

    [TestMethod]
    [TestCategory("Nightly")]
    public void More_names_than_there_is_room_for_are_rejected() =>
        Steps.MustReject(Steps.Hex1, string.Concat(Enumerable.Range(0, 131_073).Select(n => $":n{n}\n")), "line 131073");

    [TestMethod]
    public void Files_that_cannot_be_read_or_written_give_status_1()
    {
        File.WriteAllText(Steps.Folder["empty"], "");
        foreach (var step in (string[])[Steps.Hex1, Steps.Minic, Steps.C0])
        {
            Assert.AreEqual(1, Command.Run(step, []).ExitCode, step);
            Assert.AreEqual(1, Command.Run(step, [Steps.Folder["none"], Steps.Folder["out"]]).ExitCode, step);
            Assert.AreEqual(1, Command.Run(step, [Steps.Folder.Path, Steps.Folder["out"]]).ExitCode, step);
        }
        Assert.AreEqual(1, Command.Run(Steps.Hex1, [Steps.Folder["empty"], "/dev/full"]).ExitCode);
        Assert.AreEqual(1, Command.Run(Steps.Hex1, [Steps.Folder["empty"], Steps.Folder["none/out"]]).ExitCode);
        Assert.AreEqual(1, Command.Run(Steps.Minic, [Chain.C0Source, "/dev/full"]).ExitCode);
        Assert.AreEqual(1, Command.Run(Steps.C0, [Chain.C0Source, "/dev/full"]).ExitCode);
    }

    [TestMethod]
    public void The_assembler_of_GNU_gives_the_same_bytes_for_every_definition()
    {
        var definitions = Hex1Language.Definitions(Chain.X86);
        Assert.IsGreaterThan(200, definitions.Count);

        // What follows the definition where it is used is put in: a distance or an address, a number of its size.
        var source = new System.Text.StringBuilder(".intel_syntax noprefix\n");
        var expected = new List<(string Name, string Bytes)>();
        foreach (var (name, definition) in definitions)
        {
            var bytes = definition.Replace(" ", "", StringComparison.Ordinal);
            var instruction = Instruction(name);
            if (Jump().IsMatch(instruction))
            {
                instruction += " .+0x11223344";
                var length = (bytes.Length / 2) + 4;
                bytes += Little(0x11223344 - length, 4);
            }
            else
            {
                if (instruction.Contains("0x11223344", StringComparison.Ordinal))
                    bytes += Little(0x11223344, 4);
                if (instruction.EndsWith(','))
                {
                    var size = NumberOfFour().IsMatch(name) ? 4 : name == "cmp_ax," ? 2 : 1;
                    var value = size == 4 ? 0x55667788 : size == 2 ? 0x5566 : 0x55;
                    instruction += value;
                    bytes += Little(value, size);
                }
            }
            source.Append(instruction).Append('\n');
            expected.Add((name, bytes));
        }

        File.WriteAllText(Steps.Folder["x86.s"], source.ToString());
        var listing = Command.Run("as", ["--listing-rhs-width=200", "--listing-lhs-width=8", "-al", "-o", Steps.Folder["x86.o"], Steps.Folder["x86.s"]]).MustSucceed().Output;
        var lines = ListingLine().Matches(listing).Select(match => match.Groups[1].Value).ToList();
        Assert.HasCount(expected.Count, lines);
        foreach (var ((name, bytes), line) in expected.Zip(lines))
            Assert.AreEqual(line.Replace(" ", "", StringComparison.Ordinal), bytes, name);
    }

    [TestMethod]
    public void Every_definition_is_used()
    {
        var words = Chain.MinicSource.Split('\n').Where(line => !line.StartsWith('=')).SelectMany(line => line.Split('#')[0].Split(' ')).ToHashSet();
        foreach (var name in Hex1Language.Definitions(Chain.X86).Keys)
            Assert.Contains(name, words);
    }

    /// <summary>A name as the assembler wants it: "cmp_byte[rsi]," is "cmp byte ptr [rsi],".</summary>
    private static string Instruction(string name)
    {
        var underscore = name.IndexOf('_', StringComparison.Ordinal);
        var text = underscore < 0 ? name : name[..underscore] + " " + name[(underscore + 1)..];
        return Width().Replace(text, "$1 ptr [").Replace("+]", "+0x11223344]", StringComparison.Ordinal).Replace("[]", "[0x11223344]", StringComparison.Ordinal);
    }

    private static string Little(int value, int size) =>
        string.Concat(Enumerable.Range(0, size).Select(i => (value >> (8 * i) & 255).ToString("X2")));

    private static string RandomText(Random random)
    {
        var lines = new List<string>();
        var places = random.Next(1, 20);
        var defined = random.Next(0, 5);
        for (var i = 0; i < defined; i++)
            lines.Add($"=d{i} {random.Next(256):X2}{random.Next(256):X2} @p{random.Next(places)} \"=d :x\" # {i}");
        var shuffled = Enumerable.Range(0, places).Select(i => $":p{i}").ToArray();
        random.Shuffle(shuffled);
        var left = shuffled.ToList();
        while (left.Count > 0 || random.Next(10) > 0)
            switch (random.Next(9))
            {
                case 0 when left.Count > 0: lines.Add(left[0]); left.RemoveAt(0); break;
                case 1: lines.Add($"&p{random.Next(places)}"); break;
                case 2: lines.Add($"@p{random.Next(places)} # @none"); break;
                case 3: lines.Add($"%{random.NextInt64(1L << 32)}"); break;
                case 4 when defined > 0: lines.Add($"  d{random.Next(defined)} d{random.Next(defined)}  90"); break;
                case 5: lines.Add("\"a string # % 90\" # and a comment \""); break;
                case 6: lines.Add(""); break;
                default: lines.Add($"{random.Next(256):X2} {random.Next(65536):X4}"); break;
            }
        return string.Join('\n', lines);
    }

    [GeneratedRegex("(byte|word|dword|qword)\\[")]
    private static partial Regex Width();

    [GeneratedRegex("^(j[a-z]+|call)$")]
    private static partial Regex Jump();

    // As the head of the page says it.
    [GeneratedRegex("^(mov_([re][a-z]{2}|r[0-9]+d),|mov_dword.*|(sub|add)_rsp,|sub_ebp,|sub_r11d,|cmp_(ebp|r9d|r15d),)$")]
    private static partial Regex NumberOfFour();

    [GeneratedRegex("^ *[0-9]+ [0-9a-f?]{4} ([0-9A-F ]+?) *\t", RegexOptions.Multiline)]
    private static partial Regex ListingLine();
}
