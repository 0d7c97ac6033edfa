using System.Reflection;

namespace StageX.Build.Tests;

[TestClass]
public sealed class ErrorCodeTests
{
    private static IEnumerable<string> Codes => typeof(ErrorCode).GetFields(BindingFlags.Public | BindingFlags.Static).Select(constant => (string)constant.GetRawConstantValue()!);

    [TestMethod]
    public void Each_code_is_used_once() => Assert.AreEqual(Codes.Distinct().Count(), Codes.Count());

    [TestMethod]
    public void The_readme_lists_exactly_these_codes_each_with_cause_and_cure()
    {
        var rows = File.ReadLines(Path.Combine(Repository.Sdk, "README.md"))
            .Where(line => line.StartsWith("| SX", StringComparison.Ordinal)).Select(line => line.Split('|', StringSplitOptions.TrimEntries)).ToList();
        CollectionAssert.AreEqual(Codes.Order(StringComparer.Ordinal).ToArray(), rows.Select(row => row[1]).ToArray());
        foreach (var row in rows)
            Assert.IsTrue(row is [_, _, { Length: > 10 }, { Length: > 5 }, _], string.Join(" | ", row));
    }
}
