namespace StageX.Build.Tests.Bootstrap;

[TestClass]
public sealed class C0Tests
{
    private static readonly Chain Steps = new();

    public static IEnumerable<object[]> Programs =>
        Directory.EnumerateFiles(Path.Combine(Chain.Corpus, "c0"), "*.c").Select(path => Path.GetFileName(path))
            .Where(name => name != "print.c").Order(StringComparer.Ordinal).Select(name => new object[] { name });

    private static string Print => File.ReadAllText(Path.Combine(Chain.Corpus, "c0/print.c"));

    [ClassCleanup]
    public static void Clean() => Steps.Dispose();

    [TestMethod]
    public void It_compiles_itself_to_itself() =>
        CollectionAssert.AreEqual(File.ReadAllBytes(Steps.Folder["c0-2"]), File.ReadAllBytes(Steps.C0));

    [TestMethod]
    public void Compiled_by_gcc_it_compiles_itself_to_the_same_bytes()
    {
        Steps.CompileWithGcc(File.ReadAllText(Chain.C0Source), Steps.Folder["c0-gcc"]);
        Command.Run(Steps.Folder["c0-gcc"], [Chain.C0Source, Steps.Folder["c0-diverse"]]).MustSucceed();
        CollectionAssert.AreEqual(File.ReadAllBytes(Steps.C0), File.ReadAllBytes(Steps.Folder["c0-diverse"]));
    }

    [TestMethod]
    [DynamicData(nameof(Programs))]
    public void A_program_does_what_it_does_with_gcc(string name) =>
        MustBehaveAsWithGcc(Print + File.ReadAllText(Path.Combine(Chain.Corpus, "c0", name)));

    [TestMethod]
    public void Random_programs_do_what_they_do_with_gcc()
    {
        for (var seed = 1; seed <= 10; seed++)
            MustBehaveAsWithGcc(Print + RandomC0Program.Write(seed, functions: 10));
    }

    [TestMethod]
    [TestCategory("Nightly")]
    public void Many_random_programs_do_what_they_do_with_gcc()
    {
        for (var seed = 1000; seed < 2000; seed++)
            MustBehaveAsWithGcc(Print + RandomC0Program.Write(seed, functions: 10));
    }

    [TestMethod]
    [DataRow("line 1: declaration expected", "int main() { return 0; }")]
    [DataRow("line 1: declaration expected", "5;")]
    [DataRow("line 1: declaration expected", "unsigned long x;")]
    [DataRow("line 1: declaration expected", "static long x;")]
    [DataRow("line 1: declaration expected", "typedef long x;")]
    [DataRow("line 2: declaration expected", "\n#define X 1\n")]
    [DataRow("line 1: name expected", "long long x;")]
    [DataRow("line 1: name expected", "long")]
    [DataRow("line 1: name expected", "long main() { long (*f)(); }")]
    [DataRow("line 1: ';' expected", "long x")]
    [DataRow("line 1: '{' expected", "long main()")]
    [DataRow("line 1: type expected", "long main(")]
    [DataRow("line 1: name is not declared", "long x = y;")]
    [DataRow("line 3: name is not declared", "long main() {\n  long y;\n  return x; }")]
    [DataRow("line 1: name is not declared", "long main() { return f(1); }")]
    [DataRow("line 1: name is not declared", "long main() { { long x; } return x; }")]
    [DataRow("line 1: variable without size", "long a[];")]
    [DataRow("line 1: variable without size", "void x;")]
    [DataRow("line 1: variable without size", "struct s x;")]
    [DataRow("line 1: variable without size", "long main() { long a[]; }")]
    [DataRow("line 1: array without elements", "long a[0];")]
    [DataRow("line 1: array is too large", "long a[-1];")]
    [DataRow("line 1: constant expected", "long n; long a[n];")]
    [DataRow("line 1: elements without size", "void a[3];")]
    [DataRow("line 1: wrong number of arguments", "long f(long a) { return f(); } long main() { return 0; }")]
    [DataRow("line 1: wrong number of arguments", "long f(long a) { return f(1, 2); } long main() { return 0; }")]
    [DataRow("line 2: function is not defined", "long f(long a); long main() {\n return f(1); }")]
    [DataRow("line 2: function is defined twice", "long f(long a) { return 1; }\nlong f(long a) { return 2; } long main() { return 0; }")]
    [DataRow("line 2: declared with another number of parameters", "long f(long a);\nlong f(long a, long b) { return 1; }")]
    [DataRow("line 1: declared with another number of parameters", "long syscall6(long a) { return 1; }")]
    [DataRow("line 2: name is declared twice", "long f(long a);\nvoid f(long a);")]
    [DataRow("line 2: name is declared twice", "long f;\nlong f(long a);")]
    [DataRow("line 1: name is declared twice", "long main() { long x; long x; }")]
    [DataRow("line 1: name is declared twice", "long f(long x) { long x; }")]
    [DataRow("line 2: name is declared twice", "long x;\nlong x;")]
    [DataRow("line 1: name is declared twice", "enum { A, A };")]
    [DataRow("line 1: functions return long, a pointer, or nothing", "char f() { return 1; }")]
    [DataRow("line 1: functions return long, a pointer, or nothing", "struct s { long x; }; struct s f() { }")]
    [DataRow("line 1: parameters are long or pointers", "long f(char a) { return 1; }")]
    [DataRow("line 1: parameters are long or pointers", "long f(void a) { return 1; }")]
    [DataRow("line 1: parameter without name", "long f(long) { return 1; }")]
    [DataRow("line 1: main has two parameters, or none", "long main(long a) { return 0; }")]
    [DataRow("line 1: function is not defined", "long f() { return 0; }")]
    [DataRow("line 1: function has no result", "void f() { return 1; } long main() { return 0; }")]
    [DataRow("line 1: result expected", "long f() { return; } long main() { return 0; }")]
    [DataRow("line 1: has no value", "void f() { } long main() { return f(); }")]
    [DataRow("line 1: has no value", "void f() { } long main() { return 1 + f(); }")]
    [DataRow("line 1: has no value", "void f() { } long main() { if (f()) return 1; }")]
    [DataRow("line 1: has no value", "struct s { long x; } g; long main() { return g; }")]
    [DataRow("line 1: struct has no such member", "struct s { long x; } g; long main() { return g.y; }")]
    [DataRow("line 1: struct has no such member", "struct s *p; long main() { return p->x; }")]
    [DataRow("line 1: is no struct", "long main() { long x; x.y = 1; }")]
    [DataRow("line 1: member is declared twice", "struct s { long x; long x; };")]
    [DataRow("line 1: member without size", "struct s { struct s x; };")]
    [DataRow("line 2: struct is defined twice", "struct s { long x; };\nstruct s { long x; };")]
    [DataRow("line 1: struct without members", "struct s { };")]
    [DataRow("line 1: pointer to something without size", "struct s *p; long main() { p++; return 0; }")]
    [DataRow("line 1: not in a loop", "long main() { break; }")]
    [DataRow("line 1: not in a loop", "long main() { switch (1) { continue; } return 0; }")]
    [DataRow("line 1: not in a switch", "long main() { case 1: return 0; }")]
    [DataRow("line 1: not in a switch", "long main() { switch (1) ; default: return 0; }")]
    [DataRow("line 1: case is there twice", "long main() { switch (1) { case 1: case 1: return 0; } }")]
    [DataRow("line 1: default is there twice", "long main() { switch (1) { default: ; default: return 0; } }")]
    [DataRow("line 1: cannot be assigned to", "long main() { 5 = 6; }")]
    [DataRow("line 1: cannot be assigned to", "long main() { long x; x + 1 = 2; }")]
    [DataRow("line 1: cannot be assigned to", "long main() { long x; (x++)++; }")]
    [DataRow("line 1: cannot be assigned to", "long main() { long x; (char)x = 1; }")]
    [DataRow("line 1: cannot be assigned to", "long main() { long a[3]; a = 0; }")]
    [DataRow("line 1: cannot be assigned to", "enum { A }; long main() { A++; }")]
    [DataRow("line 1: cannot be assigned to", "struct s { long x; } g; long main() { struct s h; h = g; }")]
    [DataRow("line 1: is no pointer to something", "long main() { long x; return *x; }")]
    [DataRow("line 1: is no pointer to something", "long main() { void *p; return *p; }")]
    [DataRow("line 1: is no pointer to something", "long main() { return 1[2]; }")]
    [DataRow("line 1: has no address", "long main() { return &5; }")]
    [DataRow("line 1: function is not called", "long main() { return &main; }")]
    [DataRow("line 1: function is not called", "long main() { return main; }")]
    [DataRow("line 1: not for pointers", "long main() { char *p; return p * 2; }")]
    [DataRow("line 1: not for pointers", "long main() { char *p; return p + p; }")]
    [DataRow("line 1: not for pointers", "long main() { char *p; return 1 - p; }")]
    [DataRow("line 1: not for pointers", "long main() { char *p; return -p; }")]
    [DataRow("line 1: cast to this type is not possible", "struct s { long x; }; long main() { return (struct s)1; }")]
    [DataRow("line 1: has no size", "long main() { return sizeof(void); }")]
    [DataRow("line 1: has no size", "long main() { return sizeof(struct s); }")]
    [DataRow("line 1: put all of it in parentheses", "long a[3]; long main() { return sizeof(a)[1]; }")]
    [DataRow("line 1: is no struct", "long main() { return 1.5; }")]
    [DataRow("line 1: malformed number", "long main() { return 10L; }")]
    [DataRow("line 1: malformed number", "long main() { return 08; }")]
    [DataRow("line 1: digit expected", "long main() { return 0x; }")]
    [DataRow("line 1: number is too large", "long main() { return 9223372036854775808; }")]
    [DataRow("line 1: number is too large", "long main() { return 0xffffffffffffffff; }")]
    [DataRow("line 1: quote is not closed", "long main() { return 'ab'; }")]
    [DataRow("line 1: empty character", "long main() { return ''; }")]
    [DataRow("line 1: quote is not closed", "char *s = \"abc\n\";")]
    [DataRow("line 1: quote is not closed", "char *s = \"abc")]
    [DataRow("line 1: unknown escape", "char *s = \"\\q\";")]
    [DataRow("line 1: unknown escape", "char *s = \"\\123\";")]
    [DataRow("line 1: unknown escape", "char *s = \"\\01\";")]
    [DataRow("line 1: unknown escape", "char *s = \"\\x1\";")]
    [DataRow("line 1: unknown escape", "char *s = \"\\x123\";")]
    [DataRow("line 2: comment is not closed", "\n/* abc\n\n")]
    [DataRow("line 1: comment goes on in the next line", "// abc \\\nlong main() { return 0; }")]
    [DataRow("line 1: unknown character", "long x; \0 long y;")]
    [DataRow("line 1: unknown character", "long \u00e9;")]
    [DataRow("line 1: syntax error", "long main() { return 1 ? 2; }")]
    [DataRow("line 1: ')' expected", "long main() { return (1, 2); }")]
    [DataRow("line 1: ';' expected", "long main() { return 1 @ 2; }")]
    [DataRow("line 1: ';' expected", "long main() { long f(long a); return 0; }")]
    [DataRow("line 2: ';' expected", "long main() { do ; while (1)\n}")]
    [DataRow("line 1: while expected", "long main() { do ; return 1; }")]
    [DataRow("line 1: '(' expected", "long main() { if 1 return 2; }")]
    [DataRow("line 1: expression expected", "long main() { int x; }")]
    [DataRow("line 1: expression expected", "long main() { goto x; }")]
    [DataRow("line 1: expression expected", "long main() { return 1 +; }")]
    [DataRow("line 1: expression expected", "long main() { return main(1,); }")]
    [DataRow("line 1: expression expected", "long main() { for (long i = 0; i < 1; i++) ; }")]
    [DataRow("line 1: expression expected", "long main() { else return 1; }")]
    [DataRow("line 3: expression expected", "long main() { \n\n { return 0; }")]
    [DataRow("line 1: division by zero", "long x = 5 / 0;")]
    [DataRow("line 1: shift by less than 0 or more than 63", "long x = 1 << 64;")]
    [DataRow("line 1: expression expected", "long x = { 1 };")]
    [DataRow("line 1: too many values", "long a[2] = { 1, 2, 3 };")]
    [DataRow("line 1: syntax error", "long a[3] = { 1 2 };")]
    [DataRow("line 1: string is too long", "char a[2] = \"abc\";")]
    [DataRow("line 1: structs have no initialiser", "struct s { long x; } v = { 1 };")]
    [DataRow("line 1: only single variables have an initial value here", "long main() { long a[2] = { 1, 2 }; }")]
    [DataRow("line 1: function is not called", "long x = main;")]
    [DataRow("line 1: constant expected", "enum { A = \"x\" };")]
    [DataRow("line 1: constant expected", "long f() { return 1; } long x = f();")]
    public void What_it_does_not_know_is_rejected_with_its_line(string message, string source) => Steps.MustReject(Steps.C0, source, message);

    private static void MustBehaveAsWithGcc(string source)
    {
        Steps.Compile(Steps.C0, source, Steps.Folder["ours"]).MustSucceed();
        Steps.CompileWithGcc(source, Steps.Folder["theirs"]);
        var ours = Command.Run(Steps.Folder["ours"], ["argument"]);
        var theirs = Command.Run(Steps.Folder["theirs"], ["argument"]);
        Assert.AreEqual(Chain.Lines(theirs), Chain.Lines(ours), source);
        Assert.AreEqual(theirs.ExitCode, ours.ExitCode, source);
        Assert.IsLessThan(128, theirs.ExitCode, "the program itself is wrong\n" + source);
    }
}
