namespace StageX.Build.Reproducibility;

/// <summary>What <c>StageXVerifyVariations</c> asks for.</summary>
/// <param name="Wanted">Varied at once in the rebuild.</param>
/// <param name="EachAlone">Whether each is varied in a rebuild of its own as well.</param>
public sealed record VariationChoice(IReadOnlyList<Variation> Wanted, bool EachAlone)
{
    /// <param name="text">Names, separated by blanks, commas or semicolons; <c>default</c> stands for those that are varied where nothing is said, <c>all</c> for these one by one as well.</param>
    /// <exception cref="StageXException">A name is none.</exception>
    public static VariationChoice Parse(string text)
    {
        var names = text.Split([' ', ',', ';', '\n', '\t'], StringSplitOptions.RemoveEmptyEntries).DefaultIfEmpty("default").ToList();
        var wanted = new HashSet<string>(StringComparer.Ordinal);
        foreach (var name in names)
            if (name is "default" or "all")
                wanted.UnionWith(Variation.All.Where(variation => variation.OnlyByName is null).Select(variation => variation.Name));
            else if (Variation.Find(name) is not null)
                wanted.Add(name);
            else
                throw new StageXException(ErrorCode.UnknownVariation,
                    $"StageXVerifyVariations names '{name}', which is none of: default, all, {string.Join(", ", Variation.All.Select(variation => variation.Name))}.");
        return new VariationChoice([.. Variation.All.Where(variation => wanted.Contains(variation.Name))], names.Contains("all"));
    }
}
