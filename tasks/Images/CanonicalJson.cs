using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace StageX.Build.Images;

/// <summary>
/// The one form of a JSON value, after RFC 8785: keys sorted by UTF-16 code units, no whitespace, shortest escapes, UTF-8.
/// Of numbers only integers that a double holds exactly: nothing that we write has others.
/// </summary>
public static class CanonicalJson
{
    private const long LargestInteger = (1L << 53) - 1;

    /// <exception cref="FormatException">A number that is not such an integer, or a string that is not Unicode.</exception>
    public static byte[] Serialize(JsonNode? node)
    {
        var text = new StringBuilder();
        try
        {
            Append(text, node);
            return new UTF8Encoding(false, throwOnInvalidBytes: true).GetBytes(text.ToString());
        }
        catch (Exception e) when (e is EncoderFallbackException or InvalidOperationException)
        {
            // The one where the string was made here, the other where it was parsed.
            throw new FormatException("a string holds half a surrogate pair", e);
        }
    }

    /// <summary>Reads strict JSON that has such a form, in whatever form it is: no comments, no trailing commas, no key twice.</summary>
    /// <exception cref="FormatException">It is anything else.</exception>
    public static JsonNode? Parse(ReadOnlySpan<byte> utf8)
    {
        try
        {
            var node = JsonNode.Parse(utf8, documentOptions: new JsonDocumentOptions { AllowDuplicateProperties = false });
            Serialize(node);
            return node;
        }
        catch (JsonException e)
        {
            throw new FormatException($"not JSON: {e.Message}", e);
        }
    }

    private static void Append(StringBuilder text, JsonNode? node)
    {
        switch (node)
        {
            case null:
                text.Append("null");
                break;
            case JsonArray array:
                text.Append('[');
                for (var i = 0; i < array.Count; i++)
                {
                    text.Append(i > 0 ? "," : "");
                    Append(text, array[i]);
                }
                text.Append(']');
                break;
            case JsonObject members:
                text.Append('{');
                var separator = "";
                foreach (var (key, value) in members.OrderBy(member => member.Key, StringComparer.Ordinal))
                {
                    text.Append(separator);
                    AppendString(text, key);
                    text.Append(':');
                    Append(text, value);
                    separator = ",";
                }
                text.Append('}');
                break;
            default:
                AppendValue(text, node);
                break;
        }
    }

    private static void AppendValue(StringBuilder text, JsonNode node)
    {
        switch (node.GetValueKind())
        {
            case JsonValueKind.String:
                AppendString(text, node.GetValue<string>());
                break;
            case JsonValueKind.Number:
                // As text: a value made from an int and one that was parsed are asked for in different ways.
                var digits = node.ToJsonString();
                if (!long.TryParse(digits, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
                    || number is > LargestInteger or < -LargestInteger || digits != number.ToString(CultureInfo.InvariantCulture))
                    throw new FormatException($"{digits} is not an integer in the canonical form");
                text.Append(digits);
                break;
            case JsonValueKind.True:
                text.Append("true");
                break;
            case JsonValueKind.False:
                text.Append("false");
                break;
            case JsonValueKind.Null:
                text.Append("null");
                break;
            default:
                throw new FormatException($"no canonical form for a {node.GetValueKind()}");
        }
    }

    private static void AppendString(StringBuilder text, string value)
    {
        text.Append('"');
        foreach (var c in value)
            _ = c switch
            {
                '"' => text.Append("\\\""),
                '\\' => text.Append("\\\\"),
                '\b' => text.Append("\\b"),
                '\t' => text.Append("\\t"),
                '\n' => text.Append("\\n"),
                '\f' => text.Append("\\f"),
                '\r' => text.Append("\\r"),
                < ' ' => text.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}"),
                _ => text.Append(c),
            };
        text.Append('"');
    }
}
