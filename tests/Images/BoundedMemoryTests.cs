using StageX.Build.Images;

namespace StageX.Build.Tests.Images;

[TestClass]
[DoNotParallelize]
public sealed class BoundedMemoryTests
{
    // Far more than the buffers of a machine with many processors, far less than the file.
    private const long Most = 160 << 20;
    private const long Size = 384L << 20;

    [TestMethod]
    public void A_big_file_passes_through_without_being_held_in_memory()
    {
        using var work = new Workplace();
        var tar = work.NewPath("tar");
        using (var file = File.Create(tar))
        {
            // The file's content is a hole: fast to make, and as long as any other.
            file.Write(RawTar.Entry("big", change: h => RawTar.Put(h, 124, Convert.ToString(Size, 8).PadLeft(11, '0'))));
            file.SetLength(file.Length + Size + 1024);
        }
        var before = Live();
        var most = 0L;
        Layer layer;
        using (var root = RootFilesystem.Read(tar))
        {
            most = Math.Max(most, Live() - before);
            using var sampling = new Timer(_ => most = Math.Max(most, GC.GetTotalMemory(false) - before), null, 0, 20);
            layer = LayerWriter.Write(root, [], work.Store)!;
        }
        using var merged = RootFilesystem.FromLayers([layer], work.Store);
        using var copy = merged.Copy("", "copied");
        LayerWriter.Write(copy, [], work.Store);
        most = Math.Max(most, Live() - before);
        Assert.IsLessThan(Most, most);
    }

    private static long Live() => GC.GetTotalMemory(forceFullCollection: true);
}
