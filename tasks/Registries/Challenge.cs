using System.Net.Http.Headers;
using System.Text.RegularExpressions;

namespace StageX.Build.Registries;

/// <summary>What a registry asks of whoever it does not know: the first <c>WWW-Authenticate</c> header that we can answer.</summary>
internal sealed partial record Challenge(bool IsBearer, IReadOnlyDictionary<string, string> Parameters)
{
    public static Challenge? Of(HttpResponseMessage response)
    {
        var headers = response.Headers.WwwAuthenticate;
        return Of(headers, "Bearer") is { } bearer && bearer.Parameters.ContainsKey("realm") ? bearer : Of(headers, "Basic");
    }

    private static Challenge? Of(IEnumerable<AuthenticationHeaderValue> headers, string scheme) =>
        headers.FirstOrDefault(header => header.Scheme.Equals(scheme, StringComparison.OrdinalIgnoreCase)) is { } header
            ? new(scheme == "Bearer", ParametersOf(header.Parameter ?? "")) : null;

    private static Dictionary<string, string> ParametersOf(string text)
    {
        var parameters = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (Match match in Parameter().Matches(text))
            parameters.TryAdd(match.Groups[1].Value, match.Groups[2].Value);
        return parameters;
    }

    [GeneratedRegex("([A-Za-z]+)=\"([^\"]*)\"")]
    private static partial Regex Parameter();
}
