using System.Text.Json.Nodes;
using StageX.Build.Images;

namespace StageX.Build.Reproducibility;

/// <summary>Says in what two images differ, from the outside in, and what is likely to be the cause.</summary>
public static class ImageComparison
{
    // What more of them say is the same again.
    private const int MostFiles = 100;
    private const int MostEntries = 200;

    /// <summary>Compares two folders that are OCI layouts with one canonical image each.</summary>
    /// <param name="first">A folder.</param>
    /// <param name="second">A folder.</param>
    /// <param name="firstRun">What is known of the run that made the first.</param>
    /// <param name="secondRun">What is known of the other.</param>
    /// <param name="cancellation">Ends it early.</param>
    /// <exception cref="StageXException">A folder holds no such image.</exception>
    public static ImageDifferences Compare(
        string first, string second, RunFacts? firstRun = null, RunFacts? secondRun = null, CancellationToken cancellation = default)
    {
        var (imageA, manifestA) = ImageLayout.Read(first);
        var (imageB, manifestB) = ImageLayout.Read(second);
        if (manifestA.Digest == manifestB.Digest)
            return new ImageDifferences(manifestA.Digest, manifestB.Digest, [], 0);
        var rules = new CauseRules(firstRun ?? RunFacts.None, secondRun ?? RunFacts.None);
        var differences = new List<Difference>();
        CompareJson(DocumentOf(imageA), DocumentOf(imageB), "", rules, differences);
        var omitted = 0;
        if (!imageA.Layers.SequenceEqual(imageB.Layers))
        {
            using var rootA = RootFilesystem.FromLayers(imageA.Layers, LayerStore.OfLayout(first));
            using var rootB = RootFilesystem.FromLayers(imageB.Layers, LayerStore.OfLayout(second));
            omitted = CompareTrees(rootA, rootB, rules, differences, cancellation);
            if (rootA.Entries.SequenceEqual(rootB.Entries))
                differences.Add(new Difference("", [], DifferenceKind.Layers, "how one tree is divided into layers", Layers(imageA), Layers(imageB), [], []));
        }
        return new ImageDifferences(manifestA.Digest, manifestB.Digest, differences, omitted);
    }

    // All that config and manifest say but for what follows from the layers.
    private static JsonObject DocumentOf(Image image) => new()
    {
        ["config"] = image.Config.ToJson(),
        ["platform"] = image.Platform,
        ["annotations"] = new JsonObject(image.Annotations.Select(pair => KeyValuePair.Create(pair.Key, (JsonNode?)pair.Value))),
        ["history"] = new JsonArray([.. image.History.Select(step => (JsonNode?)step.CreatedBy)]),
    };

    private static string Layers(Image image) => string.Join(' ', image.Layers.Select(layer => $"{layer.DiffId.Hex[..12]} ({layer.Size})"));

    private static void CompareJson(JsonNode? a, JsonNode? b, string name, CauseRules rules, List<Difference> differences)
    {
        if (JsonNode.DeepEquals(a, b))
            return;
        if (a is JsonObject membersA && b is JsonObject membersB)
            foreach (var key in membersA.Concat(membersB).Select(member => member.Key).Distinct().Order(StringComparer.Ordinal))
                CompareJson(membersA[key], membersB[key], name.Length == 0 ? key : $"{name}.{key}", rules, differences);
        else if (a is JsonArray listA && b is JsonArray listB && listA.Count == listB.Count)
            for (var i = 0; i < listA.Count; i++)
                CompareJson(listA[i], listB[i], $"{name}[{i}]", rules, differences);
        else
        {
            var (textA, textB) = (a?.ToString(), b?.ToString());
            differences.Add(new Difference("", [], DifferenceKind.Config, name, textA is null ? null : Printable.Of(textA), textB is null ? null : Printable.Of(textB), [],
                textA is not null && textB is not null ? rules.OfTexts(textA, textB, name) : rules.OfPresence((textA ?? textB)!, textA is not null)));
        }
    }

    private static int CompareTrees(RootFilesystem first, RootFilesystem second, CauseRules rules, List<Difference> differences, CancellationToken cancellation)
    {
        var (treeA, treeB) = (first.Entries.ToDictionary(entry => entry.Path), second.Entries.ToDictionary(entry => entry.Path));

        // The list: folder by folder, so that a name that changes is one difference and not two. What lies in a folder that only one has goes without saying.
        var onlyA = first.Entries.Where(entry => !treeB.ContainsKey(entry.Path) && IsTop(entry.Path, treeB)).ToList();
        var onlyB = second.Entries.Where(entry => !treeA.ContainsKey(entry.Path) && IsTop(entry.Path, treeA)).ToList();
        foreach (var folder in onlyA.Concat(onlyB).Select(entry => EntryPath.Parent(entry.Path)).Distinct().Order(EntryPath.ByteOrder))
        {
            string[] Names(List<LayerEntry> entries) => [.. entries.Where(entry => EntryPath.Parent(entry.Path) == folder).Select(entry => EntryPath.Name(entry.Path))];
            new NameComparison(rules, (kind, what, a, b, causes) =>
            {
                if (differences.Count < MostEntries)
                    differences.Add(new Difference(EntryPath.Join(folder, (a ?? b)!), [], kind, what, a, b, [], causes));
            }, MostFiles).Compare(Names(onlyA), Names(onlyB), "an entry");
        }

        var contents = new List<(LayerEntry First, LayerEntry Second)>();
        foreach (var a in first.Entries)
            if (treeB.TryGetValue(a.Path, out var b) && a != b)
            {
                if (differences.Count < MostEntries)
                    CompareMetadata(a, b, rules, differences);
                if (a.Content is not null && b.Content is not null && a.Content != b.Content)
                    contents.Add((a, b));
            }
        using var comparison = new ContentComparison(rules, differences.Add, cancellation);
        foreach (var (a, b) in contents.Take(MostFiles))
        {
            using var streamA = first.Open(a);
            using var streamB = second.Open(b);
            comparison.CompareFile(a.Path, streamA, streamB);
        }
        return Math.Max(0, contents.Count - MostFiles);
    }

    private static bool IsTop(string path, Dictionary<string, LayerEntry> other) => EntryPath.Parent(path) is var parent && (parent.Length == 0 || other.ContainsKey(parent));

    private static void CompareMetadata(LayerEntry a, LayerEntry b, CauseRules rules, List<Difference> differences)
    {
        void Add(DifferenceKind kind, string what, string first, string second, IReadOnlyList<Cause> causes) =>
            differences.Add(new Difference(a.Path, [], kind, what, Printable.Of(first), Printable.Of(second), [], causes));

        if (a.Kind != b.Kind)
        {
            var isLinked = a.Kind is EntryKind.File or EntryKind.HardLink && b.Kind is EntryKind.File or EntryKind.HardLink;
            Add(isLinked ? DifferenceKind.HardLink : DifferenceKind.Type, isLinked ? "hard link" : "type", Describe(a), Describe(b), []);
        }
        else if (a.LinkTarget != b.LinkTarget)
            Add(a.Kind == EntryKind.HardLink ? DifferenceKind.HardLink : DifferenceKind.LinkTarget, "target of the link", a.LinkTarget!, b.LinkTarget!, rules.OfTexts(a.LinkTarget!, b.LinkTarget!));
        if (a.Mode != b.Mode && a.Kind == b.Kind)
            Add(DifferenceKind.Mode, "mode", Convert.ToString(a.Mode, 8), Convert.ToString(b.Mode, 8), CauseRules.OfModes(a.Mode, b.Mode));
        if ((a.UserId, a.GroupId) != (b.UserId, b.GroupId))
            Add(DifferenceKind.Owner, "owner", $"{a.UserId}:{a.GroupId}", $"{b.UserId}:{b.GroupId}", [new(Variations.User, 80, "owners that differ")]);
    }

    private static string Describe(LayerEntry entry) => FileTree.Describe(entry.Kind) + (entry.LinkTarget is null ? "" : $" to {entry.LinkTarget}");
}
