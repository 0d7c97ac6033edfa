using StageX.Build.Images;
using StageX.Build.Reproducibility;

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

    [TestMethod]
    public void Big_files_are_compared_without_being_held_in_memory()
    {
        using var work = new Workplace();
        string Layout(byte last)
        {
            var tar = work.NewPath("tar");
            using (var file = File.Create(tar))
            {
                file.Write(RawTar.Entry("big", change: h => RawTar.Put(h, 124, Convert.ToString(Size, 8).PadLeft(11, '0'))));
                var line = Enumerable.Repeat((byte)'a', 127).Append((byte)'\n').ToArray();
                var block = Enumerable.Repeat(line, 1 << 10).SelectMany(bytes => bytes).ToArray();
                for (long written = 0; written < Size - 1; written += block.Length)
                    file.Write(block);
                file.Position = 512 + Size - 1;
                file.WriteByte(last);
                file.SetLength(file.Length + 1024);
            }
            using var root = RootFilesystem.Read(tar);
            var folder = work.NewPath("layout");
            ImageLayout.Write(folder, new Image { Layers = [LayerWriter.Write(root, [], work.Store)!] }, work.Store);
            return folder;
        }
        var (first, second) = (Layout((byte)'x'), Layout((byte)'y'));
        var before = Live();
        var most = 0L;
        using (new Timer(_ => most = Math.Max(most, GC.GetTotalMemory(false) - before), null, 0, 20))
        {
            var differences = ImageComparison.Compare(first, second);
            Assert.Contains("- " + new string('a', 127) + "x", differences.Differences.Single().Detail);
        }
        Assert.IsLessThan(Most, most);
    }

    private static long Live() => GC.GetTotalMemory(forceFullCollection: true);
}
