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
    [DataRow("stripped: yes\n\n# more\n[toolchain gcc]\nstripped: yes\nlinkage: dynamic\n[toolchain tinycc]\nlinkage: static\n", 0, null)]
    [DataRow("stripped: yes\n[toolchain icc]\npie: yes\n", 2, "clang, gcc, go, rustc, tinycc, unknown")]
    [DataRow("[c-library musl]\npie: yes\n", 1, "[toolchain gcc]")]
    [DataRow("[toolchain]\npie: yes\n", 1, "[toolchain gcc]")]
    [DataRow("[toolchain clang gcc]\npie: yes\n", 1, "[toolchain gcc]")]
    [DataRow("[ toolchain gcc ]\npie: yes\n", 1, "[toolchain gcc]")]
    [DataRow("[toolchain gcc] # why\npie: yes\n", 1, "name: value")]
    [DataRow("[toolchain gcc\npie: yes\n", 1, "name: value")]
    [DataRow("[toolchain gcc]\npie: yes\n[toolchain go]\npie: yes\n[toolchain gcc]\nrelro: full\n", 5, "twice")]
    [DataRow("[toolchain gcc]\npie: yes\n# again\npie: no\n", 4, "twice")]
    [DataRow("[toolchain gcc]\npie: yes\nrelro: partial full\n", 3, "full partial")]
    [DataRow("[toolchain gcc]\npie: maybe\n", 2, "no, yes")]
    [DataRow("[toolchain gcc]\npie: yes\nlicence: MIT\n", 3, "is unknown")]
    [DataRow("[toolchain gcc]\nmaximum-size: 2MB\n", 2, "is unknown")]
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
