namespace StageX.Build.AtWork;

/// <summary>
/// A graph as an outline: each package stands in it once, nearest to what was asked for, below the first package there
/// (by id) that needs it. To follow it down is a shortest way.
/// </summary>
public sealed class PackageOutline
{
    private readonly ILookup<string, PackageEdge> _needs, _users;
    private readonly Dictionary<string, string?> _above = new(StringComparer.Ordinal);

    public PackageOutline(PackageGraph graph)
    {
        _needs = graph.Edges.ToLookup(edge => edge.From, StringComparer.Ordinal);
        _users = graph.Edges.ToLookup(edge => edge.To, StringComparer.Ordinal);
        Roots = graph.Roots;
        var queue = new Queue<string>();
        foreach (var root in Roots)
            Place(root, null);
        while (queue.TryDequeue(out var id))
            foreach (var edge in _needs[id])
                Place(edge.To, id);

        void Place(string id, string? above)
        {
            if (_above.TryAdd(id, above))
                queue.Enqueue(id);
        }
    }

    /// <summary>What was asked for.</summary>
    public IReadOnlyCollection<string> Roots { get; }

    /// <summary>What a package needs, sorted.</summary>
    public IEnumerable<PackageEdge> NeedsOf(string id) => _needs[id];

    /// <summary>What needs a package, sorted.</summary>
    public IEnumerable<PackageEdge> UsersOf(string id) => _users[id];

    /// <summary>What stands below a package, sorted: some of what it needs.</summary>
    public IEnumerable<PackageEdge> Below(string id) => _needs[id].Where(edge => _above[edge.To] == id);
}
