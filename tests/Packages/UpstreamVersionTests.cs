using StageX.Build.Packages;

namespace StageX.Build.Tests.Packages;

[TestClass]
public sealed class UpstreamVersionTests
{
    [TestMethod]
    [DataRow("1.3.1", "{version}|{major}|{minor}|{major.minor}|{underscore}|{dash}|{no-suffix}", "1.3.1|1|3|1.3|1_3_1|1-3-1|1.3.1")]
    [DataRow("2024a", "{version}|{major}|{no-suffix}", "2024a|2024|2024")]
    [DataRow("9.9p2", "{major.minor}|{no-suffix}", "9.9|9.9")]
    [DataRow("1.1.1w", "{major.minor}|{underscore}|{no-suffix}", "1.1|1_1_1w|1.1.1")]
    [DataRow("5.2-rc4", "{no-suffix}", "5.2")]
    [DataRow("1.2.3-beta.1", "{no-suffix}|{major.minor}", "1.2.3|1.2")]
    [DataRow("0.394", "v{version}", "v0.394")]
    public void Placeholders_give_the_forms_that_upstreams_put_into_urls(string version, string text, string expected) =>
        Assert.AreEqual(expected, UpstreamVersion.Parse(version).Expand(text));

    [TestMethod]
    [DataRow(null)]
    [DataRow("")]
    [DataRow("-1")]
    [DataRow("1 2")]
    [DataRow("../1")]
    [DataRow("1/2")]
    public void A_version_that_no_tag_could_hold_is_refused(string? version) =>
        Assert.AreEqual(ErrorCode.InvalidVersion, Assert.ThrowsExactly<StageXException>(() => UpstreamVersion.Parse(version)).Code);

    [TestMethod]
    [DataRow("2024a", "{minor}")]
    [DataRow("1.0", "{patch}")]
    public void A_placeholder_without_a_value_is_refused(string version, string text) =>
        Assert.AreEqual(ErrorCode.InvalidPlaceholder, Assert.ThrowsExactly<StageXException>(() => UpstreamVersion.Parse(version).Expand(text)).Code);
}
