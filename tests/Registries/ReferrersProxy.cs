using System.Net;
using System.Text.Json.Nodes;
using StageX.Build.Images;

namespace StageX.Build.Tests.Registries;

/// <summary>
/// What docker-registry lacks of the OCI distribution specification 1.1: lists of referrers. It stands before one, passes on
/// everything, and keeps for each subject the manifests that were pushed.
/// </summary>
internal sealed class ReferrersProxy : IDisposable
{
    private readonly HttpListener _listener = new();
    private readonly HttpClient _client = new();
    private readonly string _registry;
    private readonly Dictionary<string, JsonArray> _referrers = [];

    /// <param name="address">Where it listens: host and port.</param>
    /// <param name="registry">Those of the registry.</param>
    public ReferrersProxy(string address, string registry)
    {
        (Address, _registry) = (address, registry);
        _listener.Prefixes.Add($"http://{address}/");
        _listener.Start();
        _ = ServeAsync();
    }

    public string Address { get; }

    public void Dispose()
    {
        _listener.Close();
        _client.Dispose();
    }

    private async Task ServeAsync()
    {
        while (_listener.IsListening)
            try
            {
                var context = await _listener.GetContextAsync();
                _ = AnswerAsync(context);
            }
            catch (Exception e) when (e is HttpListenerException or ObjectDisposedException)
            {
                return;
            }
    }

    private async Task AnswerAsync(HttpListenerContext context)
    {
        var (asked, answer) = (context.Request, context.Response);
        var path = asked.Url!.AbsolutePath;
        using var body = new MemoryStream();
        await asked.InputStream.CopyToAsync(body);
        if (path.Split("/referrers/") is [_, var subject])
        {
            JsonArray listed;
            lock (_referrers)
                listed = _referrers.GetValueOrDefault(path)?.DeepClone().AsArray() ?? [];
            Assert.StartsWith("sha256:", subject);
            answer.ContentType = ImageDocuments.IndexType;
            await answer.OutputStream.WriteAsync(CanonicalJson.Serialize(new JsonObject { ["schemaVersion"] = 2, ["mediaType"] = ImageDocuments.IndexType, ["manifests"] = listed }));
            answer.Close();
            return;
        }

        using var request = new HttpRequestMessage(new HttpMethod(asked.HttpMethod), $"http://{_registry}{asked.Url.PathAndQuery}");
        request.Headers.Host = asked.UserHostName;
        foreach (var name in asked.Headers.AllKeys.Where(name => name is "Accept" or "Range" or "Authorization"))
            request.Headers.TryAddWithoutValidation(name!, asked.Headers[name]);
        if (asked.HasEntityBody)
        {
            request.Content = new ByteArrayContent(body.ToArray());
            foreach (var name in asked.Headers.AllKeys.Where(name => name is "Content-Type" or "Content-Range"))
                request.Content.Headers.TryAddWithoutValidation(name!, asked.Headers[name]);
        }
        using var reply = await _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        answer.StatusCode = (int)reply.StatusCode;
        foreach (var (name, values) in reply.Headers.Concat(reply.Content.Headers).Where(header => header.Key is not ("Transfer-Encoding" or "Content-Length" or "Connection")))
            answer.Headers[name] = string.Join(',', values);
        if (asked.HttpMethod == "PUT" && reply.StatusCode == HttpStatusCode.Created && path.Split("/manifests/") is [var repository, _]
            && JsonNode.Parse(body.ToArray())!["subject"]?["digest"] is { } about)
        {
            Keep($"{repository}/referrers/{about}", body.ToArray());
            answer.Headers["OCI-Subject"] = (string)about!;
        }
        if (asked.HttpMethod != "HEAD")
            await reply.Content.CopyToAsync(answer.OutputStream);
        else if (reply.Content.Headers.ContentLength is { } length)
            answer.ContentLength64 = length;
        answer.Close();
    }

    private void Keep(string list, byte[] manifest)
    {
        var (digest, json) = (Digest.Of(manifest).ToString(), JsonNode.Parse(manifest)!);
        lock (_referrers)
        {
            var listed = _referrers.TryGetValue(list, out var there) ? there : _referrers[list] = [];
            if (listed.All(entry => (string)entry!["digest"]! != digest))
                listed.Add(new JsonObject
                {
                    ["mediaType"] = json["mediaType"]!.DeepClone(),
                    ["digest"] = digest,
                    ["size"] = manifest.Length,
                    ["artifactType"] = json["artifactType"]!.DeepClone(),
                    ["annotations"] = json["annotations"]?.DeepClone(),
                });
        }
    }
}
