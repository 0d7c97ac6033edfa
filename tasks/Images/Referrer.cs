namespace StageX.Build.Images;

/// <summary>Something that is said about an image, to be stored beside it: an artifact whose manifest names the image as its subject (OCI 1.1).</summary>
/// <param name="ArtifactType">The media type of the content, and what it is asked for by.</param>
/// <param name="Content">The one blob.</param>
/// <param name="Annotations">Of the manifest, and of its descriptor in a list of referrers.</param>
public sealed record Referrer(string ArtifactType, byte[] Content, IReadOnlyDictionary<string, string> Annotations);
