namespace StageX.Build.Tests.Bootstrap;

[TestClass]
public sealed class MinicTests
{
    private static readonly Chain Steps = new();

    [ClassCleanup]
    public static void Clean() => Steps.Dispose();

    [TestMethod]
    public void A_program_with_every_construct_does_what_it_does_with_gcc()
    {
        var source = File.ReadAllText(Path.Combine(Chain.Corpus, "minic/features.c"));
        Steps.Compile(Steps.Minic, source, Steps.Folder["ours"]).MustSucceed();
        Steps.CompileWithGcc(source, Steps.Folder["theirs"]);
        var ours = Command.Run(Steps.Folder["ours"], ["argument"]);
        Assert.AreEqual(Chain.Lines(Command.Run(Steps.Folder["theirs"], ["argument"])), Chain.Lines(ours));
        Assert.AreEqual(7, ours.ExitCode);
    }

    [TestMethod]
    [DataRow(1, "long main(long a, char **b) { return x; }")]
    [DataRow(2, "long main(long a, char **b) {\n return 1 }")]
    [DataRow(1, "long main(long a) { return 1; }")]
    [DataRow(3, "long f(long a); long main(long a, char **b) {\n\n return f(1); }")]
    [DataRow(2, "long main(long a, char **b) { return 1; }\n long main(long a, char **b) { return 1; }")]
    [DataRow(1, "long syscall6(long a, long b, long c, long d, long e, long f, long g) { return 1; }")]
    [DataRow(2, "long f(long a);\nlong f(long a, long b);")]
    [DataRow(1, "long f(long a) { return f(); }")]
    [DataRow(1, "long f(long a) { return f(1, 2); }")]
    [DataRow(1, "long f(long a) { return f(1; }")]
    [DataRow(1, "long f(char a) { return 1; }")]
    [DataRow(1, "long a[0x10];")]
    [DataRow(1, "long a[010];")]
    [DataRow(1, "long a[2147483648];")]
    [DataRow(1, "long a[2147483647];")]
    [DataRow(1, "long a[268435455]; long b[268435455];")]
    [DataRow(1, "long x = 5;")]
    [DataRow(2, "long x;\nlong x;")]
    [DataRow(1, "char c;")]
    [DataRow(1, "long x, y;")]
    [DataRow(1, "int x;")]
    [DataRow(1, "long;")]
    [DataRow(1, "enum { A, B = C };")]
    [DataRow(2, "enum { A,\nA };")]
    [DataRow(1, "enum { A B };")]
    [DataRow(1, "long *p; long main(long a, char **b) { return p + 1; }")]
    [DataRow(1, "long t[3]; long main(long a, char **b) { return t; }")]
    [DataRow(1, "long t[3]; long main(long a, char **b) { t = 1; return 0; }")]
    [DataRow(1, "long x; long main(long a, char **b) { return x[0]; }")]
    [DataRow(1, "long x; long main(long a, char **b) { x[0] = 1; return 0; }")]
    [DataRow(1, "long x; long main(long x, char **b) { return 0; }")]
    [DataRow(1, "long main(long a, char **b) { return --a; }")]
    [DataRow(1, "long main(long a, char **b) { return ++a; }")]
    [DataRow(1, "long main(long a, char **b) { a++; return a; }")]
    [DataRow(1, "long main(long a, char **b) { a += 1; return a; }")]
    [DataRow(1, "long main(long a, char **b) { a <<= 1; return a; }")]
    [DataRow(1, "long main(long a, char **b) { return 1 2; }")]
    [DataRow(1, "long main(long a, char **b) { return 1 +; }")]
    [DataRow(1, "long main(long a, char **b) { return (1; }")]
    [DataRow(1, "long main(long a, char **b) { return b[1; }")]
    [DataRow(1, "long main(long a, char **b) { return b[1][1]; }")]
    [DataRow(1, "long main(long a, char **b) { return *b; }")]
    [DataRow(1, "long main(long a, char **b) { return &a; }")]
    [DataRow(1, "long main(long a, char **b) { return ~a; }")]
    [DataRow(1, "long main(long a, char **b) { return a ^ 1; }")]
    [DataRow(1, "long main(long a, char **b) { if (1) long x; return 0; }")]
    [DataRow(1, "long main(long a, char **b) { if 1 return 0; }")]
    [DataRow(1, "long main(long a, char **b) { else return 1; }")]
    [DataRow(1, "long main(long a, char **b) { for (;;) return 1; }")]
    [DataRow(1, "long main(long a, char **b) { 5; return 1; }")]
    [DataRow(1, "long main(long a, char **b) { a; return 1; }")]
    [DataRow(1, "long main(long a, char **b) { ; return 1; }")]
    [DataRow(1, "long main(long a, char **b) { return; }")]
    [DataRow(1, "long main(long a, char **b) { return 'ab'; }")]
    [DataRow(1, "long main(long a, char **b) { return '\\q'; }")]
    [DataRow(1, "long main(long a, char **b) { return \"abc\n\"; }")]
    [DataRow(1, "long main(long a, char **b) { return \"abc")]
    [DataRow(1, "long main(long a, char **b) { 5 = 6; }")]
    [DataRow(1, "long main(long a, char **b) { main = 6; }")]
    [DataRow(1, "enum { A }; long main(long a, char **b) { A = 6; }")]
    [DataRow(1, "long main(long a, char **b) { return main; }")]
    [DataRow(1, "long main(long a, char **b) { return a(1); }")]
    [DataRow(1, "long main(long a, char **b) { long a; return 1; }")]
    [DataRow(3, "long main(long a, char **b) {\n { long c; }\n return c; }")]
    [DataRow(1, "long main(long a, char **b) { return @; }")]
    [DataRow(1, "long main(long a, char **b) { return 1.5; }")]
    [DataRow(1, "long main(long a, char **b) { return a ? 1 : 2; }")]
    [DataRow(1, "long main(long a, char **b) { return a = 5; }")]
    [DataRow(1, "long main(long a, char **b) { return 99999999999999999999999; }")]
    [DataRow(2, "long main(long a, char **b) { { return 1; }\n")]
    [DataRow(1, "long main(long a, char **b) { return 1; } }")]
    [DataRow(1, "/* comment */")]
    [DataRow(1, "long x;\0 long y;")]
    [DataRow(2, "// a comment\nlong f(long a) { return 1")]
    [DataRow(1, "long f(long a) { return 1; }")]
    [DataRow(1, "")]
    public void What_it_does_not_know_is_rejected_with_its_line(int line, string source) => Steps.MustReject(Steps.Minic, source, $"line {line}");
}
