namespace StageX.Build.Images;

/// <summary>An image that takes part in a composition.</summary>
/// <param name="Id">What it is called in errors, and by others.</param>
/// <param name="Image">The image.</param>
/// <param name="RuntimeDependencies">Ids of the members it needs; their layers come before its own.</param>
/// <param name="Overrides">Ids of the members it wins over where both bring a path.</param>
public sealed record CompositionMember(
    string Id, Image Image, IReadOnlyList<string> RuntimeDependencies, IReadOnlyList<string> Overrides);
