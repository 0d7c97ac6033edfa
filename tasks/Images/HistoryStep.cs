namespace StageX.Build.Images;

/// <summary>A step that made the image.</summary>
/// <param name="CreatedBy">The instruction of the Containerfile.</param>
/// <param name="EmptyLayer">It made no layer.</param>
public sealed record HistoryStep(string CreatedBy, bool EmptyLayer);
