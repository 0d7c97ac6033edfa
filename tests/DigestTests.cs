namespace StageX.Build.Tests;

[TestClass]
public sealed class DigestTests
{
    [TestMethod]
    public void A_digest_reads_what_it_writes()
    {
        var digest = Digest.Of("abc"u8);
        Assert.AreEqual("sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad", digest.ToString());
        Assert.AreEqual(digest, Digest.Parse(digest.ToString()));
        Assert.IsFalse(Digest.TryParse("sha256:zz", out _));
    }
}
