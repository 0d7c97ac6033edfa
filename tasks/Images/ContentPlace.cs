namespace StageX.Build.Images;

/// <summary>Where a file's content lies.</summary>
internal readonly record struct ContentPlace(SharedContent Content, long Offset, long Size);
