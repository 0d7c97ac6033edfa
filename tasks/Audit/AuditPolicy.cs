using StageX.Build.Packages;

namespace StageX.Build.Audit;

/// <summary>
/// What a tree demands of its images: a file of lines <c>trait: word word…</c>, the words that are accepted, in their order;
/// and <c>maximum-size: 100MB</c>. What stands below <c>[toolchain gcc]</c> is demanded of what that compiled, in place of what
/// is demanded of all. What is not named is not demanded.
/// </summary>
public sealed class AuditPolicy
{
    private readonly AuditDemands _ofAll;
    private readonly IReadOnlyList<AuditDemands> _sections;

    private AuditPolicy(long? maximumSize, AuditDemands ofAll, IReadOnlyList<AuditDemands> sections) => (MaximumSize, _ofAll, _sections) = (maximumSize, ofAll, sections);

    /// <summary>Demands nothing.</summary>
    public static AuditPolicy None { get; } = new(null, new AuditDemands(null, new Dictionary<Trait, IReadOnlyList<string>>()), []);

    /// <summary>The most bytes that an image may have.</summary>
    public long? MaximumSize { get; }

    /// <summary>The traits that something is demanded of.</summary>
    public IEnumerable<Trait> Traits => _sections.Prepend(_ofAll).SelectMany(demands => demands.Accepted.Keys).Distinct();

    /// <exception cref="StageXException"><see cref="ErrorCode.PolicyUnreadable"/>, at the line.</exception>
    public static AuditPolicy Read(string path)
    {
        if (!File.Exists(path))
            throw new StageXException(ErrorCode.PolicyUnreadable, "the policy that StageXAuditPolicy names does not exist", path);
        var (ofAll, sections) = NamedValues.ReadSections(path, File.ReadAllBytes(path), ErrorCode.PolicyUnreadable);
        const string size = AuditRule.MaximumSize;
        var policy = new AuditPolicy(
            ofAll.Optional(size) is { } text ? ByteSize.Parse(text) ?? throw ofAll.Fault(size, $"{size} must be like {ByteSize.Form}, not '{text}'") : null,
            AuditDemands.Read(null, ofAll),
            [.. sections.Select(section => AuditDemands.Read(ToolchainOf(section), section.Values))]);
        foreach (var part in sections.Select(section => section.Values).Prepend(ofAll))
            part.RefuseOthers();
        return policy;
    }

    /// <summary>What an executable is that it may not be. Where several sections speak of a trait each is right.</summary>
    public IEnumerable<Violation> Judge(Executable executable)
    {
        foreach (var trait in Trait.All)
        {
            var special = _sections.Where(section => section.Concerns(executable) && section.Accepted.ContainsKey(trait)).ToList();
            foreach (var demands in special.Count > 0 ? special : [_ofAll])
                if (demands.Judge(executable, trait) is { } violation)
                    yield return violation;
        }
    }

    private static string ToolchainOf(NamedSection section) => section.Title.Split(' ') switch
    {
        [var name, var word] when name == Trait.Toolchain.Name => Trait.Toolchain.Words.Contains(word) ? word : throw section.Fault(Trait.Toolchain.Never(word)),
        _ => throw section.Fault($"a section is of a toolchain, like [{Trait.Toolchain.Name} gcc], not [{section.Title}]"),
    };
}
