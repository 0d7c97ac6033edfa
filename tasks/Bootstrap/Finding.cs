namespace StageX.Build.Bootstrap;

/// <summary>Something that is no source.</summary>
/// <param name="File">The path that a definition can name: in the source's tree, or of the package's folder.</param>
/// <param name="Inside">Where in that file: a path through archives, an offset, an encoding; empty where it is the file itself.</param>
/// <param name="Kind">What it is.</param>
/// <param name="IsOpaque">It cannot be looked into, so that nobody knows what it is.</param>
public sealed record Finding(string File, string Inside, string Kind, bool IsOpaque = false)
{
    public override string ToString() => Inside.Length == 0 ? $"{File} is {Kind}" : $"{File}, {Inside}, is {Kind}";
}
