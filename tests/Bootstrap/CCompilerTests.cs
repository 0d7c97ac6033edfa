namespace StageX.Build.Tests.Bootstrap;

[TestClass]
public sealed class CCompilerTests
{
    private static readonly string Corpus = Path.Combine(Repository.Root, "tests/Bootstrap/cc");
    private static readonly CCompiler Compiler = new();

    public static IEnumerable<object[]> Programs =>
        Directory.EnumerateFiles(Corpus, "*.c").Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal).Select(name => new object[] { name });

    [ClassCleanup]
    public static void Clean() => Compiler.Dispose();

    [TestMethod]
    [DynamicData(nameof(Programs))]
    public void A_program_does_what_it_does_with_gcc(string name) => Compiler.MustBehaveAsWithGcc(Path.Combine(Corpus, name), name);

    [TestMethod]
    public void Random_programs_do_what_they_do_with_gcc() => CompareRandomPrograms(1, 100);

    [TestMethod]
    [TestCategory("Nightly")]
    public void Many_random_programs_do_what_they_do_with_gcc() => CompareRandomPrograms(1000, 10_000);

    [TestMethod]
    public void Compiled_by_c0_and_by_gcc_it_compiles_itself_to_the_same_bytes()
    {
        byte[] Itself(string compiler, string output)
        {
            Command.Run(compiler, ["-funsigned-char", "-o", Compiler.Folder[output], Compiler.Source]).MustSucceed();
            return File.ReadAllBytes(Compiler.Folder[output]);
        }
        using var chain = new Chain();
        Command.Run(chain.C0, [Compiler.Source, Compiler.Folder["cc-c0"]]).MustSucceed();
        var first = Itself(Compiler.Folder["cc-c0"], "cc1");
        CollectionAssert.AreEqual(first, Itself(Compiler.Folder["cc1"], "cc2"));
        CollectionAssert.AreEqual(first, Itself(Compiler.Executable, "cc3"));
    }

    [TestMethod]
    [DataRow(1, "file to include is not found: 'none.h'", "#include <none.h>\n")]
    [DataRow(2, "#error 'not now'", "\n#error not now\n")]
    [DataRow(1, "condition is not ended by #endif", "#if 1\nint x;\n")]
    [DataRow(3, "no #if is open here: #endif", "\n\n#endif\n")]
    [DataRow(1, "unknown directive 'line'", "#line 5\n")]
    [DataRow(1, "#pragma is not supported: 'pack'", "#pragma pack(1)\n")]
    [DataRow(2, "too many arguments for macro 'M'", "#define M(a) a\nint x = M(1, 2);")]
    [DataRow(2, "too few arguments for macro 'M'", "#define M(a, b) a b\nint x = M(1);")]
    [DataRow(2, "arguments of a macro are not closed: 'M'", "#define M(a) a\nint x = M(1;\n")]
    [DataRow(2, "macro is defined differently already: 'M'", "#define M 1\n#define M 2\n")]
    [DataRow(2, "## does not give one token '+1'", "#define M(a, b) a ## b\nint x = M(+, 1);")]
    [DataRow(1, "# is not followed by a parameter", "#define M(a) #b\nint x = M(1);")]
    [DataRow(1, "constant integer expression expected", "#if 1 / 0\n#endif\n")]
    [DataRow(1, "comment is not closed", "/* open\n")]
    [DataRow(1, "expression expected before '\"'", "char *s = \"open;\n")]
    [DataRow(1, "unknown escape sequence", "char *s = \"\\q\";")]
    [DataRow(1, "number is malformed: '0x'", "int x = 0x;")]
    [DataRow(1, "number is malformed: '12ab'", "int x = 12ab;")]
    [DataRow(1, "number is malformed: '089'", "int x = 089;")]
    [DataRow(1, "number is too large: '18446744073709551616'", "int x = 18446744073709551616;")]
    [DataRow(1, "hexadecimal floating constant is not supported: '0x1.8p3'", "double x = 0x1.8p3;")]
    [DataRow(1, "character constant of not one character: ''ab''", "int x = 'ab';")]
    [DataRow(1, "not declared: 'y'", "int f(void) { return y; }")]
    [DataRow(1, "not declared: 'f'", "int main(void) { return f(1); }")]
    [DataRow(2, "defined nowhere: 'f'", "int f(int);\nint main(void) { return f(1); }")]
    [DataRow(1, "; expected", "int f(void) { return 1 }", false)]
    [DataRow(1, "declared already: 'x'", "int f(void) { int x; int x; }")]
    [DataRow(2, "declared already with another type: 'x'", "int x;\nlong x;")]
    [DataRow(2, "function is defined already: 'f'", "int f(void) { return 1; }\nint f(void) { return 2; }")]
    [DataRow(1, "constant integer expression expected", "int f(int n) { int a[n]; return a[0]; }")]
    [DataRow(1, "not supported: '_Complex'", "double _Complex x;")]
    [DataRow(1, "not supported: 'asm'", "int f(void) { asm(\"nop\"); }", false)]
    [DataRow(1, "statement expression is not supported", "int f(void) { return ({ 1; }); }")]
    [DataRow(1, "attribute is not supported: 'section'", "int x __attribute__((section(\"s\")));")]
    [DataRow(1, "bit-field in a packed struct is not supported", "struct __attribute__((packed)) s { int a : 3; };")]
    [DataRow(1, "alignment of more than 8 on the stack is not supported: 'x'", "int f(void) { int x __attribute__((aligned(32))); return 0; }")]
    [DataRow(1, "types do not fit", "struct s { int a; } v; int f(void) { return v; }")]
    [DataRow(1, "types do not fit", "struct s { int a; } v; struct t { int a; } w; void f(void) { v = w; }")]
    [DataRow(1, "cannot be assigned to", "int a[2]; void f(void) { a = 0; }")]
    [DataRow(1, "lvalue expected", "int f(void) { return &1 != 0; }")]
    [DataRow(1, "lvalue expected", "void f(int a) { (char)a = 1; }")]
    [DataRow(1, "address of a bit-field", "struct s { int a : 3; } v; int *p = &v.a;")]
    [DataRow(1, "no such member: 'b'", "struct s { int a; } v; int f(void) { return v.b; }")]
    [DataRow(1, "too many arguments", "int f(int a) { return f(1, 2); }")]
    [DataRow(1, "too few arguments", "int f(int a) { return f(); }")]
    [DataRow(1, "function expected", "int x; int f(void) { return x(); }")]
    [DataRow(1, "pointer expected", "int f(int a) { return *a; }")]
    [DataRow(1, "operand of floating type", "int f(double a) { return a % 2; }")]
    [DataRow(1, "operator does not take pointers", "int f(int *a) { return a * 2; }", false)]
    [DataRow(1, "initialiser is not constant", "int f(void); int x = f();")]
    [DataRow(1, "too many values", "int a[2] = { 1, 2, 3 };")]
    [DataRow(1, "string is too long for the array", "char a[2] = \"abc\";")]
    [DataRow(1, "array without length is given values", "struct s { int n; int a[]; } v = { 1, { 2 } };")]
    [DataRow(1, "case is there already", "int f(int a) { switch (a) { case 1: case 1: return 0; } return 1; }")]
    [DataRow(1, "case outside of a switch", "int f(int a) { case 1: return 0; }")]
    [DataRow(1, "nothing to leave here", "int f(int a) { break; }")]
    [DataRow(1, "label is nowhere: 'l'", "int f(int a) { goto l; }")]
    [DataRow(1, "static assertion does not hold", "_Static_assert(sizeof(int) == 8, \"no\");")]
    [DataRow(1, "size of a type that is not complete", "struct s; int x = sizeof(struct s);")]
    [DataRow(1, "function within a function: 'g'", "int f(void) { int g(void) { return 1; } return 0; }")]
    public void What_it_does_not_understand_it_refuses_with_the_line(int line, string message, string text, bool whole = true)
    {
        var source = Compiler.Folder["refused.c"];
        File.WriteAllText(source, text);
        File.Delete(Compiler.Folder["refused"]);
        var result = Compiler.Compile(source, Compiler.Folder["refused"]);
        Assert.AreEqual(1, result.ExitCode, result.Output);
        var expected = $"{source}:{line}: error: {message}";
        if (whole)
            Assert.AreEqual(expected, result.Output.Trim());
        else
            Assert.StartsWith(expected, result.Output.Trim());
        Assert.IsFalse(File.Exists(Compiler.Folder["refused"]));
    }

    private static void CompareRandomPrograms(int first, int count)
    {
        var failures = new List<string>();
        for (var seed = first; seed < first + count && failures.Count < 10; seed++)
        {
            var source = Compiler.Folder["random.c"];
            File.WriteAllText(source, RandomCProgram.Write(seed));
            try
            {
                Compiler.MustBehaveAsWithGcc(source, $"seed {seed}");
            }
            catch (AssertFailedException e)
            {
                failures.Add(e.Message);
            }
        }
        Assert.IsEmpty(failures, string.Join('\n', failures));
    }
}
