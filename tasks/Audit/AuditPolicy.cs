using StageX.Build.Packages;

namespace StageX.Build.Audit;

/// <summary>
/// What a tree demands of its images: a file of lines <c>trait: word word…</c>, the words that are accepted, in their order;
/// and <c>maximum-size: 100MB</c>. What is not named is not demanded.
/// </summary>
public sealed class AuditPolicy
{
    private readonly Dictionary<Trait, string[]> _accepted = [];

    private AuditPolicy(long? maximumSize) => MaximumSize = maximumSize;

    /// <summary>Demands nothing.</summary>
    public static AuditPolicy None { get; } = new(null);

    /// <summary>The most bytes that an image may have.</summary>
    public long? MaximumSize { get; }

    /// <summary>The traits that something is demanded of.</summary>
    public IEnumerable<Trait> Traits => _accepted.Keys;

    /// <exception cref="StageXException"><see cref="ErrorCode.PolicyUnreadable"/>, at the line.</exception>
    public static AuditPolicy Read(string path)
    {
        if (!File.Exists(path))
            throw new StageXException(ErrorCode.PolicyUnreadable, "the policy that StageXAuditPolicy names does not exist", path);
        var file = new NamedValues(path, File.ReadAllBytes(path), ErrorCode.PolicyUnreadable);
        const string size = AuditRule.MaximumSize;
        var policy = new AuditPolicy(file.Optional(size) is { } text
            ? ByteSize.Parse(text) ?? throw file.Fault(size, $"{size} must be like {ByteSize.Form}, not '{text}'") : null);
        foreach (var trait in Trait.All)
            if (file.Optional(trait.Name) is { } words)
            {
                var accepted = words.Split(' ');
                if (accepted.FirstOrDefault(word => !trait.Words.Contains(word)) is { } unknown)
                    throw file.Fault(trait.Name, $"{trait.Name} is never '{unknown}'; it is {string.Join(", ", trait.Words)}");
                if (!accepted.SequenceEqual(accepted.Distinct().Order(StringComparer.Ordinal)))
                    throw file.Fault(trait.Name, $"the words of {trait.Name} must be in their order, each once: {string.Join(' ', accepted.Distinct().Order(StringComparer.Ordinal))}");
                policy._accepted.Add(trait, accepted);
            }
        file.RefuseOthers();
        return policy;
    }

    /// <summary>What an executable is that it may not be.</summary>
    public IEnumerable<Violation> Judge(Executable executable) =>
        from trait in Trait.All
        where _accepted.TryGetValue(trait, out var accepted) && executable.Traits[trait].Except(accepted).Any()
        select new Violation(ErrorCode.PolicyViolated, trait.Name, executable.Path, $"{trait.Name} is {executable[trait]}, and the policy accepts {string.Join(", ", _accepted[trait])}");
}
