namespace StageX.Build.Tests.Images;

[TestClass]
public sealed class BlobStoreTests
{
    [TestMethod]
    public void A_blob_lies_under_its_digest_however_it_was_added()
    {
        using var work = new Workplace();
        var blobs = work.Store.Blobs;
        var digest = Digest.Of("text"u8);
        Assert.IsFalse(blobs.Contains(digest));
        Assert.AreEqual(digest, blobs.Add("text"u8.ToArray()));
        Assert.AreEqual(digest, blobs.Add(new MemoryStream("text"u8.ToArray())));
        Assert.AreEqual(digest, blobs.Add(stream => stream.Write("text"u8)));
        Assert.AreEqual(digest, Digest.OfFile(blobs.PathOf(digest)));
    }

    [TestMethod]
    public void What_was_not_written_to_its_end_is_not_there()
    {
        using var work = new Workplace();
        Assert.ThrowsExactly<IOException>(() => work.Store.Blobs.Add(stream =>
        {
            stream.Write("half"u8);
            throw new IOException("no space left");
        }));
        Assert.IsEmpty(Directory.GetFiles(work.Folder, "*", SearchOption.AllDirectories));
    }

    [TestMethod]
    public void A_blob_that_changed_is_not_handed_on()
    {
        using var work = new Workplace();
        var digest = work.Store.Blobs.Add("text"u8.ToArray());
        File.WriteAllText(work.Store.Blobs.PathOf(digest), "tixt");
        Assert.AreEqual(ErrorCode.DamagedBlob, Assert.ThrowsExactly<StageXException>(() => work.Store.Blobs.CopyTo(digest, work.NewPath())).Code);
    }
}
