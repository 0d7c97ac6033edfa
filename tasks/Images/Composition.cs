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
        RefuseInexpressible(FileTree.Merge(layers.Select(layer => entries[layer.DiffId])), claims);
        return layers;
    }

    // Every path with what the last member in order says of it; null for "removed".
    private static Dictionary<string, Claim> Claims(List<CompositionMember> ordered, Dictionary<Digest, IReadOnlyList<LayerEntry>> entries)
    {
        var claims = new Dictionary<string, Claim>();
        foreach (var member in ordered)
        {
            var layers = member.Image.Layers.Select(layer => entries[layer.DiffId]).ToList();
            var tree = FileTree.Merge(layers);
            foreach (var (path, node) in tree.Nodes)
                Add(claims, path, new Claim(member, node, null));
        }

        // Removals last: they reach paths below the one they name, whoever brings these.
        var removals = ordered.SelectMany(member => Removals(member, entries).Select(path => (member, path)))
            .GroupBy(pair => pair.path, pair => pair.member).ToDictionary(group => group.Key, group => group.ToList());
        if (removals.Count > 0)
            foreach (var path in claims.Keys.ToList())
                foreach (var gone in EntryPath.Ancestors(path).Prepend(path))
                    if (removals.TryGetValue(gone, out var removers))
                        foreach (var remover in removers)
                            Add(claims, path, new Claim(remover, null, null));
        foreach (var (path, last) in claims.ToList())
            claims[path] = Winner(last, ordered);
        return claims;
    }

    private static void Add(Dictionary<string, Claim> claims, string path, Claim claim)
    {
        var before = claims.GetValueOrDefault(path);
        for (var other = before; other is not null; other = other.Before)
            if (other.Node != claim.Node && !Wins(claim.Member, other.Member) && !Wins(other.Member, claim.Member))
                throw Conflict(path, other, claim);
        claims[path] = claim with { Before = before };
    }

    private static Claim Winner(Claim last, List<CompositionMember> ordered)
    {
        var winner = last;
        for (var claim = last.Before; claim is not null; claim = claim.Before)
            if (claim.Node != winner.Node && ordered.IndexOf(claim.Member) > ordered.IndexOf(winner.Member))
                winner = claim;
        return winner;
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

    private static void RefuseInexpressible(FileTree composed, Dictionary<string, Claim> claims)
    {
        foreach (var (path, claim) in claims.OrderBy(pair => pair.Key, EntryPath.ByteOrder))
            if (composed.At(path) != claim.Node && !IsBelowOverridden(path, claims))
                throw new StageXException(ErrorCode.InexpressibleComposition,
                    $"'{path}' cannot be as '{claim.Member.Id}' has it: the layers it shares with other members put it below theirs. Build it without the member it overrides.");
    }

    // Below a directory that the winner made something else of: gone with it.
    private static bool IsBelowOverridden(string path, Dictionary<string, Claim> claims) =>
        EntryPath.Ancestors(path).Any(folder => claims.GetValueOrDefault(folder) is { Node: null or { Kind: not EntryKind.Directory } });

    private static StageXException Conflict(string path, Claim one, Claim two) => new(ErrorCode.ConflictingPaths,
        $"'{one.Member.Id}' and '{two.Member.Id}' both bring '{path}', {Difference(one, two)}. Drop one of them, or declare which one wins.");

    private static string Difference(Claim one, Claim two)
    {
        if (one.Node is not { } a || two.Node is not { } b)
            return $"as a {Kind(one)} and a {Kind(two)}";
        return a.Kind != b.Kind ? $"as a {Kind(one)} and a {Kind(two)}"
            : a.Content != b.Content ? "with different content"
            : a.LinkTarget != b.LinkTarget ? $"leading to '{a.LinkTarget}' and to '{b.LinkTarget}'"
            : a.Mode != b.Mode ? $"with the modes {Convert.ToString(a.Mode, 8)} and {Convert.ToString(b.Mode, 8)}"
            : $"owned by {a.UserId}:{a.GroupId} and by {b.UserId}:{b.GroupId}";
    }

    private static string Kind(Claim claim) => FileTree.Describe(claim.Node?.Kind ?? EntryKind.Whiteout);

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

    private sealed record Claim(CompositionMember Member, Node? Node, Claim? Before);
}
