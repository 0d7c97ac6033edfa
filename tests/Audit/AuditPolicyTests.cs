using StageX.Build.Audit;

namespace StageX.Build.Tests.Audit;

[TestClass]
public sealed class AuditPolicyTests
{
    [TestMethod]
    [DataRow("c-library: musl\nlinkage: dynamic static\n", 0, null)]
    [DataRow("# why\n\nmaximum-size: 2MB\n", 0, null)]
    [DataRow("c-library: uclibc\n", 1, "glibc, musl, unknown")]
    [DataRow("# why\nlinkage: static dynamic\n", 2, "dynamic static")]
    [DataRow("linkage: static static\n", 1, "each once")]
    [DataRow("linkage:  static\n", 1, "name: value")]
    [DataRow("linkage: static\nlinkage: dynamic\n", 2, "twice")]
    [DataRow("licence: MIT\n", 1, "is unknown")]
    [DataRow("maximum-size: small\n", 1, "500MB")]
    [DataRow("linkage: static\r\n", 1, "name: value")]
    public void A_policy_is_read_or_refused_at_its_line(string text, int line, string? message)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["audit.txt"], text);
        if (message is null)
        {
            Assert.IsNotNull(AuditPolicy.Read(folder["audit.txt"]));
            return;
        }
        var error = Assert.ThrowsExactly<StageXException>(() => AuditPolicy.Read(folder["audit.txt"]));
        Assert.AreEqual((ErrorCode.PolicyUnreadable, folder["audit.txt"], line), (error.Code, error.File, error.Line), error.Message);
        Assert.Contains(message, error.Message);
    }
}
