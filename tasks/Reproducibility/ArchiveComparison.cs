using System.Globalization;

namespace StageX.Build.Reproducibility;

/// <summary>Compares archives: which members, in which order, what their headers say, and what they hold.</summary>
internal sealed class ArchiveComparison(ContentComparison content, Place place)
{
    private const int MostNames = 5;

    public void Compare(IReadOnlyList<ArchiveMember> first, IReadOnlyList<ArchiveMember> second)
    {
        CompareNames([.. first.Select(member => member.Name)], [.. second.Select(member => member.Name)]);
        var theirs = Keyed(second);
        foreach (var (key, ours) in Keyed(first))
        {
            if (content.IsFull)
                return;
            if (!theirs.TryGetValue(key, out var other))
                continue;
            var inside = place.In($"member {ours.Name}");
            new ArchiveComparison(content, inside).CompareFields(ours.Fields, other.Fields);
            if (ours.Open is null || other.Open is null)
                continue;
            using var a = ours.Open();
            using var b = other.Open();
            if (content.FirstDifference(a, b) >= 0)
                content.Compare(inside, a, b);
        }
    }

    public void CompareFields(IReadOnlyList<HeaderField> first, IReadOnlyList<HeaderField> second)
    {
        foreach (var name in first.Concat(second).Select(field => field.Name).Distinct())
        {
            var (a, b) = (first.FirstOrDefault(field => field.Name == name), second.FirstOrDefault(field => field.Name == name));
            if (a?.Value == b?.Value || content.IsFull)
                continue;
            content.Report(place, DifferenceKind.Header, $"header field {name}", Shown(a), Shown(b), a is null || b is null ? [] : CausesOf(a, b));
        }
    }

    private IReadOnlyList<Cause> CausesOf(HeaderField a, HeaderField b)
    {
        switch (a.Kind)
        {
            case FieldKind.Time or FieldKind.LocalTime when long.TryParse(a.Value, out var timeA) && long.TryParse(b.Value, out var timeB):
                // Only local times can be one moment in two zones.
                var causes = content.Rules.OfTimes(timeA, timeB);
                return a.Kind == FieldKind.LocalTime ? causes : [.. causes.Where(cause => cause.Variation == Variations.Date)];
            case FieldKind.Owner when long.TryParse(a.Value, out var ownerA) && long.TryParse(b.Value, out var ownerB):
                return CauseRules.OfOwners(ownerA, ownerB);
            case FieldKind.Number:
                return [];
            case FieldKind.Mode:
                return CauseRules.OfModes(Convert.ToInt32(a.Value, 8), Convert.ToInt32(b.Value, 8));
            default:
                return content.Rules.OfTexts(a.Value, b.Value, a.Name);
        }
    }

    private static string? Shown(HeaderField? field) =>
        field is { Kind: FieldKind.Time or FieldKind.LocalTime } && long.TryParse(field.Value, out var time) && time is > -62135596800 and < 253402300800
            ? $"{time} ({DateTimeOffset.FromUnixTimeSeconds(time).ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture)})" : field?.Value;

    private void CompareNames(IReadOnlyList<string> first, IReadOnlyList<string> second)
    {
        if (first.SequenceEqual(second))
            return;
        if (CauseRules.OfOrder(first, second, "members") is { Count: > 0 } causes)
        {
            var at = first.Zip(second).TakeWhile(pair => pair.First == pair.Second).Count();
            content.Report(place, DifferenceKind.Order, $"the order of {first.Count} members, from number {at + 1} on",
                string.Join(' ', first.Skip(at).Take(MostNames)), string.Join(' ', second.Skip(at).Take(MostNames)), causes);
            return;
        }
        new NameComparison(content.Rules, (kind, what, a, b, causes) => content.Report(place, kind, what, a, b, causes), MostNames).Compare(first, second, "a member");
    }

    // A name may be there several times.
    private static Dictionary<(string, int), ArchiveMember> Keyed(IReadOnlyList<ArchiveMember> members)
    {
        var counts = new Dictionary<string, int>(StringComparer.Ordinal);
        return members.ToDictionary(member => (member.Name, counts[member.Name] = counts.GetValueOrDefault(member.Name) + 1));
    }
}
