namespace StageX.Build.Images;

/// <summary>
/// Bounds the number of layers: docker stops at 125, and what is built on an image adds some. The two neighbours that are
/// smallest together are merged, the lowest of those where several are, until few enough are left: a function of the layers alone.
/// </summary>
public static class LayerMerger
{
    /// <summary>How many layers an image has at most.</summary>
    public const int Most = 100;

    /// <summary>Which neighbours become one layer, lowest first.</summary>
    public static IReadOnlyList<IReadOnlyList<Layer>> Groups(IReadOnlyList<Layer> layers, int most)
    {
        var groups = layers.Select(layer => (Layers: new List<Layer> { layer }, layer.Size)).ToList();
        while (groups.Count > Math.Max(1, most))
        {
            var first = Enumerable.Range(0, groups.Count - 1).MinBy(place => groups[place].Size + groups[place + 1].Size);
            groups[first] = ([.. groups[first].Layers, .. groups[first + 1].Layers], groups[first].Size + groups[first + 1].Size);
            groups.RemoveAt(first + 1);
        }
        return [.. groups.Select(group => group.Layers)];
    }

    /// <summary>One layer that does to those below what several do.</summary>
    /// <returns>Null where they change nothing.</returns>
    public static Layer? Merge(IReadOnlyList<Layer> below, IReadOnlyList<Layer> group, LayerStore store)
    {
        using var whole = RootFilesystem.FromLayers([.. below, .. group], store);
        return LayerWriter.Write(whole, below, store);
    }
}
