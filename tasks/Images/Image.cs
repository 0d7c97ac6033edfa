namespace StageX.Build.Images;

/// <summary>An image, apart from the bytes of its layers.</summary>
public sealed record Image
{
    public ImageConfig Config { get; init; } = ImageConfig.Empty;

    /// <summary>Lowest first.</summary>
    public IReadOnlyList<Layer> Layers { get; init; } = [];

    /// <summary>Empty, or with as many steps that make a layer as there are layers.</summary>
    public IReadOnlyList<HistoryStep> History { get; init; } = [];
    public IReadOnlyDictionary<string, string> Annotations { get; init; } = new Dictionary<string, string>();

    /// <summary>As OCI writes it: <c>os/architecture</c> or <c>os/architecture/variant</c>.</summary>
    public string Platform { get; init; } = "linux/amd64";
}
