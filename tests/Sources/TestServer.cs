using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace StageX.Build.Tests.Sources;

/// <summary>An HTTP/1.1 server on loopback that misbehaves exactly as told. One request per connection.</summary>
internal sealed class TestServer : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly Func<Request, Task> _answer;

    public TestServer(Func<Request, Task> answer)
    {
        _answer = answer;
        _listener.Start();
        _ = AcceptAsync();
    }

    public ConcurrentQueue<Request> Requests { get; } = new();

    public Uri Url(string path) => new($"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}/{path}");

    public void Dispose()
    {
        _stop.Cancel();
        _listener.Dispose();
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
                _ = ServeAsync(await _listener.AcceptTcpClientAsync(_stop.Token));
        }
        catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException or SocketException)
        {
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using (client)
        {
            try
            {
                await using var stream = client.GetStream();
                using var reader = new StreamReader(stream, Encoding.ASCII, false, 1024, leaveOpen: true);
                var first = (await reader.ReadLineAsync(_stop.Token) ?? "").Split(' ');
                var headers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
                while (await reader.ReadLineAsync(_stop.Token) is { Length: > 0 } line)
                    headers[line.Split(':', 2)[0]] = line.Split(':', 2)[1].Trim();
                if (first.Length < 2)
                    return;
                var request = new Request(first[1], headers, client, stream, _stop.Token);
                Requests.Enqueue(request);
                await _answer(request);
            }
            catch (Exception e) when (e is IOException or OperationCanceledException or ObjectDisposedException)
            {
                // The client went away, or the test ended.
            }
        }
    }

    internal sealed record Request(string Path, IReadOnlyDictionary<string, string> Headers, TcpClient Client, Stream Body, CancellationToken Stopped)
    {
        /// <summary>Where the client wants to go on, 0 without a Range.</summary>
        public int From => Headers.TryGetValue("Range", out var range)
            ? int.Parse(range["bytes=".Length..].TrimEnd('-'), CultureInfo.InvariantCulture)
            : 0;

        public async Task HeadAsync(string status, params string[] headers)
        {
            var head = $"HTTP/1.1 {status}\r\n{string.Concat(headers.Select(header => header + "\r\n"))}Connection: close\r\n\r\n";
            await Body.WriteAsync(Encoding.ASCII.GetBytes(head), Stopped);
        }

        public async Task OkAsync(byte[] content, params string[] headers)
        {
            await HeadAsync("200 OK", [$"Content-Length: {content.Length}", .. headers]);
            await Body.WriteAsync(content, Stopped);
        }

        /// <summary>Answers a Range as a good server does: the rest if the validator still holds, else everything.</summary>
        public async Task RangeAsync(byte[] content, string etag)
        {
            var valid = !Headers.TryGetValue("If-Range", out var condition) || condition == etag;
            if (From == 0 || !valid)
            {
                await OkAsync(content, $"ETag: {etag}");
                return;
            }

            await HeadAsync(
                "206 Partial Content",
                $"Content-Length: {content.Length - From}",
                $"Content-Range: bytes {From}-{content.Length - 1}/{content.Length}",
                $"ETag: {etag}");
            await Body.WriteAsync(content.AsMemory(From), Stopped);
        }

        public Task StatusAsync(string status, params string[] headers) => HeadAsync(status, ["Content-Length: 0", .. headers]);

        /// <summary>Cuts the connection in the middle.</summary>
        public void Die() => Client.Client.Close(0);
    }
}
