namespace StageX.Build.Tests.Bootstrap;

[TestClass]
public sealed class LineCountTests
{
    private static readonly string[] Source = [".hex0", ".hex1", ".c", ".h", ".s", ".S"];

    public TestContext TestContext { get; set; } = null!;

    [TestMethod]
    public void The_chain_has_at_most_10000_lines_with_its_comments()
    {
        var total = 0;
        foreach (var package in Directory.EnumerateDirectories(Chain.Packages).Order(StringComparer.Ordinal))
        {
            var lines = Directory.EnumerateFiles(package, "*", SearchOption.AllDirectories)
                .Where(file => Source.Contains(Path.GetExtension(file))).Sum(file => File.ReadLines(file).Count());
            TestContext.WriteLine($"{lines,6} {Path.GetFileName(package)}");
            total += lines;
        }
        TestContext.WriteLine($"{total,6} in all");
        Assert.IsLessThanOrEqualTo(10_000, total);
    }
}
