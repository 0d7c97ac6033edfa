namespace StageX.Build.AtWork;

/// <summary>
/// Places packages in columns: what needs nothing on the left, everything to the right of what it needs. Edges that others
/// imply are not drawn, or nothing could be seen; a package that many need has one trunk that its users branch off from.
/// The same graph always has the same picture: ties are broken by id, and nothing is random.
/// </summary>
internal sealed class GraphLayout
{
    private const int Sweeps = 24;
    private const double NodeHeight = 22, TrunkHeight = 6, ColumnGap = 90, CharacterWidth = 6.7, Padding = 14;

    private readonly List<List<Place>> _columns = [];
    private readonly Dictionary<(string Id, int Column), Place> _places = [];

    public GraphLayout(PackageGraph graph)
    {
        var needs = graph.Packages.ToDictionary(id => id, _ => new List<string>(), StringComparer.Ordinal);
        foreach (var edge in graph.Edges)
            needs[edge.From].Add(edge.To);
        var columns = Columns(graph.Packages, needs);
        Edges = [.. graph.Edges.Where(edge => edge.Runtime || !IsImplied(edge, needs))];
        Build(graph.Packages, columns);
        Order();
        Position();
    }

    /// <summary>Those that are drawn.</summary>
    public IReadOnlyList<PackageEdge> Edges { get; }

    /// <summary>The packages with the middle of their left edge, and their width.</summary>
    public IEnumerable<(string Id, double X, double Y, double Width)> Nodes =>
        _places.Values.Where(place => place.IsNode).OrderBy(place => place.Id, StringComparer.Ordinal).Select(place => (place.Id, place.X, place.Y, place.Width));

    public double Width { get; private set; }

    public double Height { get; private set; }

    /// <summary>Where an edge passes, from the package that is needed to the one that needs it.</summary>
    public IEnumerable<(double X, double Y)> Path(PackageEdge edge)
    {
        var (from, to) = (NodeOf(edge.To), NodeOf(edge.From));
        yield return (from.X + from.Width, from.Y);
        for (var column = from.Column + 1; column < to.Column; column++)
            yield return (_places[(edge.To, column)].X, _places[(edge.To, column)].Y);
        yield return (to.X, to.Y);
    }

    public static double WidthOf(string id) => Math.Round(id.Length * CharacterWidth) + Padding;

    private Place NodeOf(string id) => _places.Values.Count == 0 ? throw new InvalidOperationException() : _nodes[id];

    private readonly Dictionary<string, Place> _nodes = new(StringComparer.Ordinal);

    private static Dictionary<string, int> Columns(IEnumerable<string> packages, Dictionary<string, List<string>> needs)
    {
        var columns = new Dictionary<string, int>(StringComparer.Ordinal);
        int ColumnOf(string id)
        {
            if (columns.TryGetValue(id, out var known))
                return known;
            // A circle is refused when it is built; here it only must end.
            columns[id] = 0;
            return columns[id] = needs[id].Select(ColumnOf).DefaultIfEmpty(-1).Max() + 1;
        }
        foreach (var id in packages)
            ColumnOf(id);
        return columns;
    }

    private static bool IsImplied(PackageEdge edge, Dictionary<string, List<string>> needs)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal) { edge.From };
        var waiting = new Stack<string>(needs[edge.From].Where(other => other != edge.To));
        while (waiting.TryPop(out var id))
            if (id == edge.To)
                return true;
            else if (seen.Add(id))
                foreach (var next in needs[id])
                    waiting.Push(next);
        return false;
    }

    private void Build(IReadOnlyCollection<string> packages, Dictionary<string, int> columns)
    {
        for (var i = 0; i <= columns.Values.DefaultIfEmpty(-1).Max(); i++)
            _columns.Add([]);
        Place At(string id, int column, bool isNode)
        {
            if (_places.TryGetValue((id, column), out var place))
                return place;
            _places[(id, column)] = place = new Place(id, column, isNode);
            _columns[column].Add(place);
            return place;
        }
        foreach (var id in packages)
            _nodes[id] = At(id, columns[id], true);
        foreach (var edge in Edges)
        {
            var last = _nodes[edge.To];
            for (var column = last.Column + 1; column < columns[edge.From]; column++)
            {
                var next = At(edge.To, column, false);
                last.Join(next);
                last = next;
            }
            last.Join(_nodes[edge.From]);
        }
    }

    // Each column by the middle of what its places are joined to, forth and back.
    private void Order()
    {
        foreach (var column in _columns)
        {
            column.Sort((one, other) => string.CompareOrdinal(one.Id, other.Id));
            Number(column);
        }
        for (var sweep = 0; sweep < Sweeps; sweep++)
        {
            var forth = sweep % 2 == 0;
            foreach (var column in forth ? _columns : Enumerable.Reverse(_columns))
            {
                foreach (var place in column)
                    place.Wish = (forth ? place.Left : place.Right) is { Count: > 0 } joined ? joined.Average(other => other.Rank) : place.Rank;
                column.Sort((one, other) => one.Wish != other.Wish ? one.Wish.CompareTo(other.Wish) : string.CompareOrdinal(one.Id, other.Id));
                Number(column);
            }
        }

        // Relative to its column: a short one lies in the middle of a long one.
        static void Number(List<Place> column)
        {
            for (var i = 0; i < column.Count; i++)
                column[i].Rank = (i + 0.5) / column.Count;
        }
    }

    private void Position()
    {
        double x = 20;
        foreach (var column in _columns)
        {
            var width = column.Where(place => place.IsNode).Select(place => WidthOf(place.Id)).DefaultIfEmpty(0).Max();
            double y = 0;
            foreach (var place in column)
            {
                (place.X, place.Width) = (x, place.IsNode ? WidthOf(place.Id) : 0);
                place.Y = y += place.Height;
            }
            x += width + ColumnGap;
        }
        for (var sweep = 0; sweep < Sweeps; sweep++)
            foreach (var column in sweep % 2 == 0 ? _columns : Enumerable.Reverse(_columns))
                Settle(column);
        var top = _places.Values.Select(place => place.Y).DefaultIfEmpty(0).Min() - 30;
        foreach (var place in _places.Values)
            place.Y = Math.Round(place.Y - top, 1);
        Width = x - ColumnGap + 20;
        Height = _places.Values.Select(place => place.Y).DefaultIfEmpty(0).Max() + 30;
    }

    // As near to what each is joined to as the order and the distance between neighbours allow: the least squares have a
    // closed solution, in which neighbours that would collide move as one block.
    private static void Settle(List<Place> column)
    {
        var blocks = new List<(double Sum, int Count)>();
        var offsets = new double[column.Count];
        double offset = 0;
        for (var i = 0; i < column.Count; i++)
        {
            offsets[i] = offset += i == 0 ? 0 : (column[i - 1].Height + column[i].Height) / 2;
            var joined = column[i].Left.Concat(column[i].Right).ToList();
            var wish = (joined.Count > 0 ? joined.Average(other => other.Y) : column[i].Y) - offset;
            blocks.Add((wish, 1));
            while (blocks.Count > 1 && blocks[^2].Sum / blocks[^2].Count > blocks[^1].Sum / blocks[^1].Count)
            {
                blocks[^2] = (blocks[^2].Sum + blocks[^1].Sum, blocks[^2].Count + blocks[^1].Count);
                blocks.RemoveAt(blocks.Count - 1);
            }
        }
        var at = 0;
        foreach (var (sum, count) in blocks)
            for (var i = 0; i < count; i++, at++)
                column[at].Y = sum / count + offsets[at];
    }

    // A package, or where its trunk passes a column.
    private sealed class Place(string id, int column, bool isNode)
    {
        public string Id => id;
        public int Column => column;
        public bool IsNode => isNode;
        public double Height => isNode ? NodeHeight : TrunkHeight;
        public List<Place> Left { get; } = [];
        public List<Place> Right { get; } = [];
        public double Rank { get; set; }
        public double Wish { get; set; }
        public double X { get; set; }
        public double Y { get; set; }
        public double Width { get; set; }

        public void Join(Place right)
        {
            if (Right.Contains(right))
                return;
            Right.Add(right);
            right.Left.Add(this);
        }
    }
}
