using System.Formats.Tar;
using CsCheck;
using StageX.Build.Images;
using static StageX.Build.Tests.Images.Entries;

namespace StageX.Build.Tests.Images;

/// <summary>Fewer layers with the same content.</summary>
[TestClass]
public sealed class LayerMergerTests
{
    [TestMethod]
    public void The_two_neighbours_that_are_smallest_together_are_merged_until_few_enough_are_left()
    {
        var number = 0;
        Layer Sized(int size) => new(Digest.Of([(byte)++number]), Digest.Of([(byte)number, 1]), size);
        string Sizes(int most, params int[] sizes) =>
            string.Join(' ', LayerMerger.Groups([.. sizes.Select(Sized)], most).Select(group => string.Join('+', group.Select(layer => layer.Size))));
        Assert.AreEqual("5 1 2", Sizes(3, 5, 1, 2));
        Assert.AreEqual("5 1+2 9 2", Sizes(4, 5, 1, 2, 9, 2));
        Assert.AreEqual("1+1 1 1", Sizes(3, 1, 1, 1, 1));
        Assert.AreEqual("1+1 1+1", Sizes(2, 1, 1, 1, 1));
        Assert.AreEqual("1+2+3", Sizes(0, 1, 2, 3));
    }

    [TestMethod]
    public void Whatever_layers_do_to_each_other_the_merged_ones_show_the_same()
    {
        using var work = new Workplace();
        // States of a root filesystem, each a layer on the one before: paths come, change their kind, are linked, and go.
        string[] paths = ["a", "b", "d", "d/x", "d/y", "d/e/z"];
        var entry = Gen.Select(Gen.Int[0, paths.Length - 1].Select(number => paths[number]), Gen.Int[0, 3]);
        Gen.Select(entry.Array[0, 6].Array[2, 7], Gen.Int[1, 4]).Sample((states, most) =>
        {
            var layers = new List<Layer>();
            foreach (var state in states)
                if (work.Layer(layers, Valid(state)) is { } layer)
                    layers.Add(layer);
            var merged = new List<Layer>();
            foreach (var group in LayerMerger.Groups(layers, most))
                if ((group.Count == 1 ? group[0] : LayerMerger.Merge(merged, group, work.Store)) is { } layer)
                    merged.Add(layer);
            Assert.IsLessThanOrEqualTo(most, merged.Count);
            CollectionAssert.AreEqual(Files(work.Merged(layers)), Files(work.Merged(merged)));
        }, iter: 200, threads: 1);
    }

    // Equal files may stay links of one another: no layer says of a file that it is the same and yet another one.
    private static List<LayerEntry> Files(IReadOnlyList<LayerEntry> entries)
    {
        var files = entries.Where(entry => entry.Kind == EntryKind.File).ToDictionary(entry => entry.Path);
        return [.. entries.Select(entry => entry.Kind == EntryKind.HardLink ? files[entry.LinkTarget!] with { Path = entry.Path } : entry)];
    }

    private static IEnumerable<TarEntry> Valid((string Path, int Kind)[] state)
    {
        var files = new HashSet<string>();
        var first = "";
        foreach (var (path, kind) in state.DistinctBy(entry => entry.Path).OrderBy(entry => entry.Path.Length))
        {
            var parents = path.Split('/').SkipLast(1).Aggregate(new List<string>(), (all, name) => [.. all, all.Count == 0 ? name : $"{all[^1]}/{name}"]);
            if (parents.Any(files.Contains))
                continue;
            if (path != "d" || kind > 1)
                files.Add(path);
            if (path == "d" && kind <= 1)
                yield return Folder(path, kind == 0 ? (UnixFileMode)0b111_101_101 : (UnixFileMode)0b111_000_000);
            else if (kind == 2)
                yield return Symbolic(path, "elsewhere");
            else if (kind == 3 && first.Length > 0)
                yield return Hard(path, first);
            else
            {
                first = path;
                yield return Text(path, kind.ToString());
            }
        }
    }
}
