using StageX.Build.Registries;

namespace StageX.Build.Tests.Registries;

[TestClass]
public sealed class RepositoryNameTests
{
    [TestMethod]
    [DataRow("localhost/a", "localhost", "a")]
    [DataRow("localhost:5000/a/b-c/d__e.f", "localhost:5000", "a/b-c/d__e.f")]
    [DataRow("example.org/stagex/core-zlib", "example.org", "stagex/core-zlib")]
    [DataRow("127.0.0.1:5000/a", "127.0.0.1:5000", "a")]
    [DataRow("[::1]:5000/a", "[::1]:5000", "a")]
    public void A_repository_is_a_host_and_a_path(string text, string host, string path)
    {
        var name = RepositoryName.Parse(text);
        Assert.AreEqual(host, name.Host);
        Assert.AreEqual(path, name.Path);
        Assert.AreEqual(text, name.ToString());
    }

    [TestMethod]
    [DataRow("")]
    [DataRow("example.org")]
    [DataRow("example.org/")]
    [DataRow("example/a")]
    [DataRow("example.org/A")]
    [DataRow("example.org/a/../b")]
    [DataRow("example.org//a")]
    [DataRow("example.org/a:tag")]
    [DataRow("example.org/a@sha256:0")]
    [DataRow("user@example.org/a")]
    [DataRow("https://example.org/a")]
    [DataRow("example.org:99999999/a")]
    [DataRow("example.org/a?b=c")]
    [DataRow("example.org/a\n")]
    public void Anything_else_is_refused(string text) =>
        Assert.AreEqual(ErrorCode.RegistryNameInvalid, Assert.ThrowsExactly<StageXException>(() => RepositoryName.Parse(text)).Code);

    [TestMethod]
    [DataRow("")]
    [DataRow(".hidden")]
    [DataRow("a/b")]
    [DataRow("a b")]
    [DataRow("1.0\n")]
    public void So_is_what_is_no_tag(string text) =>
        Assert.AreEqual(ErrorCode.RegistryNameInvalid, Assert.ThrowsExactly<StageXException>(() => RepositoryName.CheckTag(text)).Code);
}
