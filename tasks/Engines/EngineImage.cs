namespace StageX.Build.Engines;

/// <summary>An image that a Containerfile names.</summary>
/// <param name="Reference"><c>stagex.invalid/&lt;id&gt;:&lt;hex digits of the manifest's digest&gt;</c>: no registry answers to it.</param>
/// <param name="LayoutFolder">An OCI image layout with that one image.</param>
public sealed record EngineImage(string Reference, string LayoutFolder);
