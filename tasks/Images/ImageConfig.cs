using System.Text;
using System.Text.Json.Nodes;

namespace StageX.Build.Images;

/// <summary>
/// How a container of the image starts: the <c>config</c> object of an OCI image config. What is empty is not written,
/// and two are equal that are written alike.
/// </summary>
public sealed record ImageConfig
{
    public static ImageConfig Empty { get; } = new();

    /// <summary><c>KEY=value</c>, in their order.</summary>
    public IReadOnlyList<string> Environment { get; init; } = [];
    public IReadOnlyList<string>? Entrypoint { get; init; }
    public IReadOnlyList<string>? Command { get; init; }
    public string User { get; init; } = "";
    public string WorkingDirectory { get; init; } = "";
    public IReadOnlyDictionary<string, string> Labels { get; init; } = new Dictionary<string, string>();

    /// <summary><c>80/tcp</c> and the like.</summary>
    public IReadOnlyCollection<string> ExposedPorts { get; init; } = [];
    public IReadOnlyCollection<string> Volumes { get; init; } = [];
    public string StopSignal { get; init; } = "";

    public JsonObject ToJson()
    {
        var json = new JsonObject();
        AddList(json, "Cmd", Command);
        AddList(json, "Entrypoint", Entrypoint);
        AddList(json, "Env", Environment);
        AddSet(json, "ExposedPorts", ExposedPorts);
        if (Labels.Count > 0)
            json[nameof(Labels)] = new JsonObject(Labels.Select(label => KeyValuePair.Create(label.Key, (JsonNode?)label.Value)));
        AddText(json, "StopSignal", StopSignal);
        AddText(json, "User", User);
        AddSet(json, "Volumes", Volumes);
        AddText(json, "WorkingDir", WorkingDirectory);
        return json;
    }

    /// <summary>Reads the same; members it does not know are left out.</summary>
    /// <exception cref="FormatException">A member is of another type than OCI gives it.</exception>
    public static ImageConfig FromJson(JsonObject json) => new()
    {
        Environment = Json.Strings(json, "Env") ?? [],
        Entrypoint = Json.Strings(json, "Entrypoint"),
        Command = Json.Strings(json, "Cmd"),
        User = Json.OptionalText(json, "User") ?? "",
        WorkingDirectory = Json.OptionalText(json, "WorkingDir") ?? "",
        Labels = Json.Map(json, nameof(Labels)),
        ExposedPorts = [.. Json.OptionalObject(json, "ExposedPorts")?.Select(member => member.Key) ?? []],
        Volumes = [.. Json.OptionalObject(json, "Volumes")?.Select(member => member.Key) ?? []],
        StopSignal = Json.OptionalText(json, "StopSignal") ?? "",
    };

    public bool Equals(ImageConfig? other) => other is not null && Text() == other.Text();

    public override int GetHashCode() => Text().GetHashCode(StringComparison.Ordinal);

    private string Text() => Encoding.UTF8.GetString(CanonicalJson.Serialize(ToJson()));

    private static void AddText(JsonObject json, string key, string value)
    {
        if (value.Length > 0)
            json[key] = value;
    }

    private static void AddList(JsonObject json, string key, IReadOnlyList<string>? values)
    {
        if (values is { Count: > 0 })
            json[key] = new JsonArray([.. values.Select(value => (JsonNode?)value)]);
    }

    private static void AddSet(JsonObject json, string key, IReadOnlyCollection<string> values)
    {
        if (values.Count > 0)
            json[key] = new JsonObject(values.Distinct().Select(value => KeyValuePair.Create(value, (JsonNode?)new JsonObject())));
    }
}
