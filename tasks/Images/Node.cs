namespace StageX.Build.Images;

/// <summary>
/// What a path leads to, apart from the path: an inode. Paths that share one instance are hard links of one another;
/// two instances that are equal are only alike. Never of kind HardLink or Whiteout.
/// </summary>
internal sealed record Node(EntryKind Kind, int Mode, int UserId, int GroupId, long Size, Digest? Content, string? LinkTarget)
{
    /// <summary>The directory that stands where a path has a parent of which nothing is said.</summary>
    public static readonly Node ImpliedDirectory = new(EntryKind.Directory, 0b111_101_101, 0, 0, 0, null, null);

    public static Node Of(LayerEntry entry) =>
        new(entry.Kind, entry.Mode, entry.UserId, entry.GroupId, entry.Size, entry.Content, entry.LinkTarget);

    public LayerEntry At(string path) => new(path, Kind, Mode, UserId, GroupId, Size, Content, LinkTarget);

    public LayerEntry LinkAt(string path, string first) => new(path, EntryKind.HardLink, Mode, UserId, GroupId, 0, null, first);
}
