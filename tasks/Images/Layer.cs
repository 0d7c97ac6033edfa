namespace StageX.Build.Images;

/// <summary>A layer of an image.</summary>
/// <param name="Digest">Of the compressed blob.</param>
/// <param name="DiffId">Of the tar in it.</param>
/// <param name="Size">Of the compressed blob, in bytes.</param>
public sealed record Layer(Digest Digest, Digest DiffId, long Size);
