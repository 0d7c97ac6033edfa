using System.Text.Json.Nodes;
using StageX.Build.Images;

namespace StageX.Build.Stages;

/// <summary>A layer, and those that were merged into it: only itself in most cases.</summary>
public sealed record BoundedLayer(Layer Layer, IReadOnlyList<Layer> From);

/// <summary>Layers no more than an engine takes; what was merged once is found again like the result of a stage.</summary>
public sealed class BoundedLayers(StageStore store)
{
    /// <param name="layers">Lowest first.</param>
    /// <param name="most">How many there may be.</param>
    public IReadOnlyList<BoundedLayer> Of(IReadOnlyList<Layer> layers, int most = LayerMerger.Most)
    {
        var bounded = new List<BoundedLayer>();
        foreach (var group in LayerMerger.Groups(layers, most))
            if ((group.Count == 1 ? group[0] : Merged([.. bounded.Select(layer => layer.Layer)], group)) is { } layer)
                bounded.Add(new BoundedLayer(layer, group));
        return bounded;
    }

    private Layer? Merged(IReadOnlyList<Layer> below, IReadOnlyList<Layer> group)
    {
        var inputs = new JsonObject { ["version"] = StageKey.Version, ["below"] = StageKey.DiffIds(below), ["merge"] = StageKey.DiffIds(group) };
        var key = StageKey.Of(inputs);
        if (store.Find(key) is { } known)
            return known.Layers.Count > 0 ? known.Layers[0] : null;
        var merged = LayerMerger.Merge(below, group, store.Layers);
        store.Add(key, inputs, new StageResult(merged is null ? [] : [merged]));
        return merged;
    }
}
