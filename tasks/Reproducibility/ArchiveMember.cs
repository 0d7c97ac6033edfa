namespace StageX.Build.Reproducibility;

/// <summary>What the values of a header's field are.</summary>
internal enum FieldKind { Text, Number, Time, LocalTime, Owner, Mode }

/// <summary>A field of a header.</summary>
/// <param name="Name">As its format names it.</param>
/// <param name="Kind">What its values are.</param>
/// <param name="Value">In decimal; of a mode in octal.</param>
internal sealed record HeaderField(string Name, FieldKind Kind, string Value);

/// <summary>A member of an archive.</summary>
/// <param name="Name">As the archive has it.</param>
/// <param name="Fields">What its header says beside name and size.</param>
/// <param name="Open">Its content, to be read from any place; null where it has none.</param>
internal sealed record ArchiveMember(string Name, IReadOnlyList<HeaderField> Fields, Func<Stream>? Open);
