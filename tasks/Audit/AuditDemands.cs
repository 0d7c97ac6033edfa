namespace StageX.Build.Audit;

/// <summary>What one part of a policy demands: for each trait that it names the words that are accepted.</summary>
/// <param name="Toolchain">Of what this toolchain compiled; null: of everything.</param>
/// <param name="Accepted">In their order.</param>
internal sealed record AuditDemands(string? Toolchain, IReadOnlyDictionary<Trait, IReadOnlyList<string>> Accepted)
{
    /// <param name="toolchain">As above.</param>
    /// <param name="values">Lines <c>trait: word word…</c>; others are left to the caller.</param>
    public static AuditDemands Read(string? toolchain, NamedValues values)
    {
        var accepted = new Dictionary<Trait, IReadOnlyList<string>>();
        foreach (var trait in Trait.All)
            if (values.Optional(trait.Name) is { } text)
            {
                var words = text.Split(' ');
                if (words.FirstOrDefault(word => !trait.Words.Contains(word)) is { } unknown)
                    throw values.Fault(trait.Name, trait.Never(unknown));
                if (!words.SequenceEqual(words.Distinct().Order(StringComparer.Ordinal)))
                    throw values.Fault(trait.Name, $"the words of {trait.Name} must be in their order, each once: {string.Join(' ', words.Distinct().Order(StringComparer.Ordinal))}");
                accepted.Add(trait, words);
            }
        return new AuditDemands(toolchain, accepted);
    }

    /// <summary>Whether it speaks of an executable.</summary>
    public bool Concerns(Executable executable) => Toolchain is null || executable.Traits[Trait.Toolchain].Contains(Toolchain);

    /// <summary>What is wrong with a trait of an executable; null where that is accepted, or nothing is demanded.</summary>
    public Violation? Judge(Executable executable, Trait trait) =>
        Accepted.TryGetValue(trait, out var words) && executable.Traits[trait].Except(words).Any()
            ? new Violation(ErrorCode.PolicyViolated, trait.Name, executable.Path,
                $"{trait.Name} is {executable[trait]}, and the policy accepts {string.Join(", ", words)}{(Toolchain is null ? "" : $" of what {Toolchain} compiled")}")
            : null;
}
