using System.Text.Json;
using System.Text.Json.Nodes;

namespace StageX.Build.Images;

/// <summary>Members of JSON objects in the type they should have; a <see cref="FormatException"/> names the one that has not.</summary>
internal static class Json
{
    public static JsonObject Object(JsonNode? node, string what) => node as JsonObject ?? throw new FormatException($"{what} is not an object");

    public static JsonObject? OptionalObject(JsonObject json, string key) => json[key] is { } node ? Object(node, $"'{key}'") : null;

    public static IReadOnlyList<JsonObject> Objects(JsonObject json, string key) => json[key] switch
    {
        null => [],
        JsonArray array => [.. array.Select(node => Object(node, $"an element of '{key}'"))],
        _ => throw new FormatException($"'{key}' is not an array"),
    };

    public static string? OptionalText(JsonObject json, string key) => json[key] is { } node ? Text(node, $"'{key}'") : null;

    public static string Text(JsonObject json, string key) => OptionalText(json, key) ?? throw new FormatException($"'{key}' is missing");

    public static IReadOnlyList<string>? Strings(JsonObject json, string key) => json[key] switch
    {
        null => null,
        JsonArray array => [.. array.Select(node => Text(node, $"an element of '{key}'"))],
        _ => throw new FormatException($"'{key}' is not an array"),
    };

    public static IReadOnlyDictionary<string, string> Map(JsonObject json, string key) =>
        (OptionalObject(json, key) ?? []).ToDictionary(member => member.Key, member => Text(member.Value, $"'{key}.{member.Key}'"));

    public static bool Flag(JsonObject json, string key) => json[key] is { } node
        && (node.GetValueKind() is JsonValueKind.True or JsonValueKind.False ? node.GetValue<bool>() : throw new FormatException($"'{key}' is not a boolean"));

    public static long Number(JsonObject json, string key) => json[key] is JsonValue value && value.TryGetValue<long>(out var number)
        ? number : throw new FormatException($"'{key}' is not an integer");

    public static Digest Digest(JsonObject json, string key) => Digest(Text(json, key));

    public static Digest Digest(string text) =>
        Build.Digest.TryParse(text, out var digest) && digest.ToString() == text ? digest : throw new FormatException($"'{text}' is not a sha256 digest");

    private static string Text(JsonNode? node, string what) =>
        node is not null && node.GetValueKind() == JsonValueKind.String ? node.GetValue<string>() : throw new FormatException($"{what} is not a string");
}
