namespace StageX.Build.Bootstrap;

/// <summary>A package together with everything that it is made from.</summary>
/// <param name="Package">The package asked about.</param>
/// <param name="Members">It and all that it reaches, by id.</param>
/// <param name="Path">The shortest way to the package with the seed, both ends included; empty where none is needed.</param>
public sealed record ChainReport(PackageRecord Package, IReadOnlyList<PackageRecord> Members, IReadOnlyList<string> Path)
{
    public int Steps => Members.Sum(member => member.Steps);
    public long Lines => Members.Sum(member => member.Lines + member.PageLines);
    public int PageBytes => Members.Sum(member => member.PageBytes);
    public int PageLines => Members.Sum(member => member.PageLines);
    public int OpaqueBytes => Members.Sum(member => member.SeedBytes);
    public int DataFiles => Members.Sum(member => member.DataFiles);
    public long DataBytes => Members.Sum(member => member.DataBytes);
    public IEnumerable<(string Id, GeneratedText Text)> Debt => Members.SelectMany(member => member.Debt.Select(text => (member.Id, text)));
    public long DebtLines => Debt.Sum(debt => (long)debt.Text.Lines);
}

/// <summary>The records of packages that reference each other. Each is read once, however many packages are asked about.</summary>
public sealed class BootstrapChain(Func<string, PackageRecord> read)
{
    private readonly Dictionary<string, PackageRecord> _records = new(StringComparer.Ordinal);

    /// <exception cref="StageXException"><see cref="ErrorCode.NoSeed"/> or <see cref="ErrorCode.MisplacedSeed"/>.</exception>
    public ChainReport Report(string id)
    {
        // Breadth first: the first way found is a shortest one, and the first of these by id.
        var from = new Dictionary<string, string?>(StringComparer.Ordinal) { [id] = null };
        var queue = new Queue<string>([id]);
        var members = new SortedDictionary<string, PackageRecord>(StringComparer.Ordinal);
        string? seed = null;
        while (queue.TryDequeue(out var next))
        {
            var record = Record(next);
            members[next] = record;
            if (record.SeedBytes > 0 && seed is not null)
                throw new StageXException(ErrorCode.MisplacedSeed, $"{id} leads to two seeds, in {seed} and in {next}", record.Project) { Item = ("Seed", "") };
            if (record.SeedBytes > 0)
                seed = next;
            foreach (var reference in record.References)
                if (from.TryAdd(reference, next))
                    queue.Enqueue(reference);
        }
        if (seed is null && members.Values.FirstOrDefault(member => member.Steps > 0) is { } runs)
            throw new StageXException(ErrorCode.NoSeed, $"{runs.Id} runs {runs.Steps} steps and leads to no seed: what they run is no source, in a form that the gate does not know", runs.Project);
        var path = new List<string>();
        for (var at = seed; at is not null; at = from[at])
            path.Insert(0, at);
        return new ChainReport(Record(id), [.. members.Values], path);
    }

    private PackageRecord Record(string id)
    {
        if (!_records.TryGetValue(id, out var record))
            _records[id] = record = read(id);
        return record;
    }
}
