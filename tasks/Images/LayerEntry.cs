namespace StageX.Build.Images;

public enum EntryKind
{
    Directory,
    File,
    SymbolicLink,
    HardLink,
    Fifo,

    /// <summary>The path, and all below it, that lower layers have is gone.</summary>
    Whiteout,

    /// <summary>All that lower layers have below the path is gone, the directory itself stays. Read, never written.</summary>
    OpaqueWhiteout,
}

/// <summary>One entry of a layer or of a root filesystem.</summary>
/// <param name="Path">Relative, separated by '/', no slash at either end, never empty, no "." or ".." part. Of a whiteout: the path that is gone.</param>
/// <param name="Kind">What it is.</param>
/// <param name="Mode">Permission bits and the sticky bit; never setuid or setgid. 0777 for a symbolic link, 0 for a whiteout.</param>
/// <param name="UserId">Numeric owner.</param>
/// <param name="GroupId">Numeric group.</param>
/// <param name="Size">Of the content; 0 for everything but a file.</param>
/// <param name="Content">Digest of a file's content; null for everything else, hard links too.</param>
/// <param name="LinkTarget">A symbolic link's text, or the path of the file that a hard link names.</param>
public sealed record LayerEntry(
    string Path, EntryKind Kind, int Mode, int UserId, int GroupId, long Size, Digest? Content, string? LinkTarget)
{
    /// <summary>The name in the tar, without the slash that directories end in: what a layer's entries are sorted by.</summary>
    internal string TarPath => Kind switch
    {
        EntryKind.Whiteout => EntryPath.Join(EntryPath.Parent(Path), EntryPath.WhiteoutPrefix + EntryPath.Name(Path)),
        EntryKind.OpaqueWhiteout => EntryPath.Join(Path, EntryPath.OpaqueName),
        _ => Path,
    };

    internal static LayerEntry Whiteout(string path) => new(path, EntryKind.Whiteout, 0, 0, 0, 0, null, null);
}
