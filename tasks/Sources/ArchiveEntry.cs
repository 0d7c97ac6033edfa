namespace StageX.Build.Sources;

internal enum ArchiveEntryKind
{
    File,
    Directory,
    SymbolicLink,
    HardLink,
    Forbidden,
}

/// <summary>One entry as an archive states it: nothing in it is to be believed yet.</summary>
/// <param name="Path">As written in the archive.</param>
/// <param name="Kind">What it is.</param>
/// <param name="LinkTarget">Of links, as written.</param>
/// <param name="IsExecutable">Any execute bit.</param>
/// <param name="Content">Of files; to be read before the next entry is asked for.</param>
/// <param name="ForbiddenBecause">For <see cref="ArchiveEntryKind.Forbidden"/>: what it is.</param>
internal sealed record ArchiveEntry(
    string Path, ArchiveEntryKind Kind, string LinkTarget = "", bool IsExecutable = false, Stream? Content = null, string ForbiddenBecause = "");
