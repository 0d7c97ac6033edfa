namespace StageX.Build.Images;

/// <summary>Several images in one: their layers, none copied or changed.</summary>
public static class Composition
{
    /// <summary>
    /// The layers of all members, each once: those of dependencies before those of dependents, of a member that wins after those it wins over, ties by id.
    /// The order in which members are given does not matter.
    /// </summary>
    /// <exception cref="StageXException">
    /// Two members bring the same path with different content, type, mode or owner, or one removes what another brings, and neither overrides the other.
    /// </exception>
    public static IReadOnlyList<Layer> Compose(IReadOnlyList<CompositionMember> members, LayerStore store)
    {
        var ordered = Order(members).ToList();
        var entries = new Dictionary<Digest, IReadOnlyList<LayerEntry>>();
        foreach (var layer in ordered.SelectMany(member => member.Image.Layers))
            if (!entries.ContainsKey(layer.DiffId))
                entries.Add(layer.DiffId, store.EntriesOf(layer));

        var layers = ordered.SelectMany(member => member.Image.Layers).DistinctBy(layer => layer.Digest).ToList();
        var claims = Claims(ordered, entries);
        RefuseInexpressible(FileTree.Merge(layers.Select(layer => entries[layer.DiffId])), claims, ordered);
        return layers;
    }

    // Of every path, what the members say of it; members that say the same share a claim.
    private static Dictionary<string, List<Claim>> Claims(List<CompositionMember> ordered, Dictionary<Digest, IReadOnlyList<LayerEntry>> entries)
    {
        var claims = new Dictionary<string, List<Claim>>();
        for (var place = 0; place < ordered.Count; place++)
            foreach (var (path, node) in FileTree.Merge(ordered[place].Image.Layers.Select(layer => entries[layer.DiffId])).Nodes)
                Add(claims, path, node, place, ordered);

        // Removals last: they reach paths below the one they name, whoever brings these.
        var removals = ordered.SelectMany((member, place) => Removals(member, entries).Select(path => (path, place))).ToLookup(pair => pair.path, pair => pair.place);
        if (removals.Count > 0)
            foreach (var path in claims.Keys.ToList())
                foreach (var place in EntryPath.Ancestors(path).Prepend(path).SelectMany(gone => removals[gone]).Distinct())
                    Add(claims, path, null, place, ordered);
        return claims;
    }

    private static void Add(Dictionary<string, List<Claim>> claims, string path, Node? node, int place, List<CompositionMember> ordered)
    {
        if (!claims.TryGetValue(path, out var all))
            claims.Add(path, all = []);
        Claim? same = null;
        foreach (var claim in all)
        {
            if (claim.Node == node)
                same = claim;
            else if (claim.Places.FindIndex(other => !Wins(ordered[place], ordered[other]) && !Wins(ordered[other], ordered[place])) is >= 0 and var against)
                throw Conflict(path, ordered[claim.Places[against]].Id, claim.Node, ordered[place].Id, node);
        }
        if (same is null)
            all.Add(same = new Claim(node, []));
        same.Places.Add(place);
    }

    private static bool Wins(CompositionMember member, CompositionMember other) => member.Overrides.Contains(other.Id);

    private static IEnumerable<string> Removals(CompositionMember member, Dictionary<Digest, IReadOnlyList<LayerEntry>> entries)
    {
        var layers = member.Image.Layers.Select(layer => entries[layer.DiffId]).ToList();
        if (!layers.Any(layer => layer.Any(entry => entry.Kind == EntryKind.Whiteout)))
            return [];
        var tree = FileTree.Merge(layers);
        return layers.SelectMany(layer => layer).Where(entry => entry.Kind == EntryKind.Whiteout && tree.At(entry.Path) is null)
            .Select(entry => entry.Path).Distinct();
    }

    private static void RefuseInexpressible(FileTree composed, Dictionary<string, List<Claim>> claims, List<CompositionMember> ordered)
    {
        foreach (var (path, all) in claims.OrderBy(pair => pair.Key, EntryPath.ByteOrder))
            if (Winner(all) is var winner && composed.At(path) != winner.Node && !IsBelowOverridden(path, claims))
                throw new StageXException(ErrorCode.InexpressibleComposition,
                    $"'{path}' cannot be as '{ordered[winner.Places.Max()].Id}' has it: the layers it shares with other members put it below theirs. Build it without the member it overrides.");
    }

    private static Claim Winner(List<Claim> claims) => claims.Count == 1 ? claims[0] : claims.MaxBy(claim => claim.Places.Max())!;

    // Below a directory that the winner made something else of: gone with it.
    private static bool IsBelowOverridden(string path, Dictionary<string, List<Claim>> claims) =>
        EntryPath.Ancestors(path).Any(folder => claims.TryGetValue(folder, out var all) && Winner(all).Node is not { Kind: EntryKind.Directory });

    private static StageXException Conflict(string path, string oneId, Node? one, string twoId, Node? two) => new(ErrorCode.ConflictingPaths,
        $"'{oneId}' and '{twoId}' both bring '{path}', {Difference(one, two)}. Drop one of them, or declare which one wins.");

    private static string Difference(Node? one, Node? two) =>
        one is null || two is null || one.Kind != two.Kind ? $"as a {Kind(one)} and a {Kind(two)}"
        : one.Content != two.Content ? "with different content"
        : one.LinkTarget != two.LinkTarget ? $"leading to '{one.LinkTarget}' and to '{two.LinkTarget}'"
        : one.Mode != two.Mode ? $"with the modes {Convert.ToString(one.Mode, 8)} and {Convert.ToString(two.Mode, 8)}"
        : $"owned by {one.UserId}:{one.GroupId} and by {two.UserId}:{two.GroupId}";

    private static string Kind(Node? node) => FileTree.Describe(node?.Kind ?? EntryKind.Whiteout);

    /// <summary>The members in the order of their layers.</summary>
    public static IReadOnlyList<CompositionMember> Order(IReadOnlyList<CompositionMember> members)
    {
        var waiting = new SortedDictionary<string, CompositionMember>(StringComparer.Ordinal);
        foreach (var member in members)
            if (!waiting.TryAdd(member.Id, member))
                throw new StageXException(ErrorCode.UnorderableComposition, $"Two members of the composition are called '{member.Id}'.");
        foreach (var member in members)
            if (member.RuntimeDependencies.FirstOrDefault(id => !waiting.ContainsKey(id)) is { } missing)
                throw new StageXException(ErrorCode.UnorderableComposition, $"'{member.Id}' needs '{missing}', which is not part of the composition.");

        var ordered = new List<CompositionMember>();
        while (waiting.Count > 0)
        {
            var next = waiting.Values.FirstOrDefault(member => !Before(member).Any(waiting.ContainsKey)) ?? throw Cycle(waiting);
            waiting.Remove(next.Id);
            ordered.Add(next);
        }
        return ordered;
    }

    private static IEnumerable<string> Before(CompositionMember member) =>
        member.RuntimeDependencies.Concat(member.Overrides);

    private static StageXException Cycle(SortedDictionary<string, CompositionMember> waiting)
    {
        var path = new List<string> { waiting.First().Key };
        while (true)
        {
            var next = Before(waiting[path[^1]]).Where(waiting.ContainsKey).Order(StringComparer.Ordinal).First();
            var start = path.IndexOf(next);
            path.Add(next);
            if (start >= 0)
                return new StageXException(ErrorCode.UnorderableComposition,
                    $"Dependencies and overrides of the composition form a cycle: {string.Join(" → ", path[start..])}. Remove one of them.");
        }
    }

    /// <summary>What some members, by their places in the order, say of a path; no node means that they remove it.</summary>
    private sealed record Claim(Node? Node, List<int> Places);
}
