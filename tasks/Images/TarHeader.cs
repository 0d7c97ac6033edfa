namespace StageX.Build.Images;

/// <summary>What a tar says about one entry, as it says it.</summary>
internal sealed record TarHeader(string Path, char Type, int Mode, long UserId, long GroupId, long Size, string LinkTarget, long DataOffset)
{
    public long ModificationTime { get; init; }
    public string UserName { get; init; } = "";
    public string GroupName { get; init; } = "";

    /// <summary>Keys of the extended header, empty where there is none.</summary>
    public IReadOnlyCollection<string> ExtendedKeys { get; init; } = [];
}
