using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Polly;
using Polly.Retry;
using StageX.Build.Images;

namespace StageX.Build.Registries;

/// <summary>
/// Requests to one repository over the OCI distribution protocol: logs in when it is asked to, follows redirects without handing
/// the login to another host, tries again what looks temporary. Plain HTTP is spoken to a registry on this machine only.
/// </summary>
internal sealed class RegistryConnection : IDisposable
{
    private const int MostRedirects = 5;
    private const int LargestToken = 1 << 20;

    // id-kp-serverAuth of RFC 5280: a certificate that says what it is for has to say this.
    private static readonly Oid _serverAuthentication = new("1.3.6.1.5.5.7.3.1");
    private readonly RepositoryName _repository;
    private readonly RegistryOptions _options;
    private readonly HttpClient _http;
    private readonly ResiliencePipeline _retry;
    private readonly ConcurrentDictionary<string, AuthenticationHeaderValue> _authorizations = new();
    private readonly Lazy<Task<Uri>> _root;

    public RegistryConnection(RepositoryName repository, RegistryOptions options)
    {
        _repository = repository;
        _options = options;
        _root = new(FindRootAsync);
        _retry = new ResiliencePipelineBuilder().AddRetry(new RetryStrategyOptions
        {
            ShouldHandle = new PredicateBuilder().Handle<RegistryException>(),
            MaxRetryAttempts = Math.Max(1, options.Attempts - 1),
            BackoffType = DelayBackoffType.Exponential,
            UseJitter = true,
            Delay = options.RetryDelay,
        }).Build();
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            AutomaticDecompression = DecompressionMethods.None,
            ConnectTimeout = options.ConnectTimeout,
            UseCookies = false,
        };
        handler.SslOptions.RemoteCertificateValidationCallback = IsTrusted;
        _http = new HttpClient(handler) { Timeout = Timeout.InfiniteTimeSpan };
        _http.DefaultRequestHeaders.UserAgent.ParseAdd("StageX.Build");
    }

    /// <summary>
    /// Sends what <paramref name="request"/> makes of the repository's base address, and hands the answer on, until that ends
    /// without a <see cref="RegistryException"/>; <paramref name="push"/> asks for the right to write.
    /// </summary>
    /// <exception cref="StageXException">The registry cannot be reached, refuses, or goes on failing.</exception>
    public async Task<T> ExchangeAsync<T>(bool push, Func<Uri, HttpRequestMessage> request, Func<HttpResponseMessage, CancellationToken, Task<T>> handle, CancellationToken cancellation)
    {
        try
        {
            return await _retry.ExecuteAsync(async token =>
            {
                using var response = await SendAsync(push, request, token);
                return await handle(response, token);
            }, cancellation);
        }
        catch (RegistryException e)
        {
            throw new StageXException(ErrorCode.RegistryUnreachable, $"{_repository}: {e.Message}", inner: e);
        }
    }

    private async Task<HttpResponseMessage> SendAsync(bool push, Func<Uri, HttpRequestMessage> request, CancellationToken cancellation)
    {
        var right = push ? "pull,push" : "pull";
        var root = await _root.Value;
        for (var attempt = 0; ; attempt++)
        {
            var response = await FollowAsync(request(root), root, _authorizations.GetValueOrDefault(right), cancellation);
            if (response.StatusCode == HttpStatusCode.Unauthorized && attempt == 0 && Challenge.Of(response) is { } challenge)
            {
                response.Dispose();
                _authorizations[right] = await AnswerAsync(challenge, right, root, cancellation);
                continue;
            }
            var status = (int)response.StatusCode;
            if (status is not (401 or 403 or 408 or 429 or >= 500))
                return response;
            var problem = $"HTTP {status} {response.ReasonPhrase}".TrimEnd();
            response.Dispose();
            throw status is 401 or 403 ? Refused(problem) : new RegistryException(problem);
        }
    }

    // Only a read is sent anywhere else, and only the registry itself sees who asks.
    private async Task<HttpResponseMessage> FollowAsync(HttpRequestMessage request, Uri root, AuthenticationHeaderValue? authorization, CancellationToken cancellation)
    {
        for (var redirects = 0; ; redirects++)
        {
            if (IsSameOrigin(request.RequestUri!, root))
                request.Headers.Authorization = authorization;
            HttpResponseMessage response;
            using (request)
                response = await SendOnceAsync(request, cancellation);
            if ((int)response.StatusCode is not (301 or 302 or 303 or 307 or 308) || request.Method != HttpMethod.Get && request.Method != HttpMethod.Head)
                return response;
            using (response)
            {
                if (redirects == MostRedirects || Follow(request.RequestUri!, response.Headers.Location) is not { } next)
                    throw new StageXException(ErrorCode.RegistryLied, $"{_repository}: the registry redirects to '{response.Headers.Location}', which is not followed.");
                var again = new HttpRequestMessage(request.Method, next);
                foreach (var header in request.Headers.Where(header => header.Key != "Authorization"))
                    again.Headers.TryAddWithoutValidation(header.Key, header.Value);
                request = again;
            }
        }
    }

    /// <summary>Where an answer sends us on to; null where that is no place to go: TLS is not left, and nothing but HTTP is spoken.</summary>
    public static Uri? Follow(Uri from, Uri? location) => location is not null && Uri.TryCreate(from, location, out var next)
        && (next.Scheme == Uri.UriSchemeHttps || next.Scheme == Uri.UriSchemeHttp && from.Scheme == Uri.UriSchemeHttp) ? next : null;

    private async Task<HttpResponseMessage> SendOnceAsync(HttpRequestMessage request, CancellationToken cancellation)
    {
        using var stall = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        stall.CancelAfter(_options.ConnectTimeout + _options.StallTimeout);
        if (request.Content is FileContent file)
            file.Moved = () => stall.CancelAfter(_options.StallTimeout);
        try
        {
            return await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, stall.Token);
        }
        catch (HttpRequestException e) when (e.HttpRequestError is HttpRequestError.NameResolutionError or HttpRequestError.SecureConnectionError)
        {
            throw new StageXException(ErrorCode.RegistryUnreachable, $"{_repository}: {e.GetBaseException().Message}", inner: e);
        }
        catch (HttpRequestException e)
        {
            throw new RegistryException(e.GetBaseException().Message, e);
        }
        catch (OperationCanceledException e) when (!cancellation.IsCancellationRequested)
        {
            throw new RegistryException("no answer", e);
        }
    }

    private async Task<Uri> FindRootAsync()
    {
        var secure = new Uri($"https://{_repository.Host}/v2/");
        if (!_repository.IsLoopback)
            return secure;
        try
        {
            await AskAsync(secure);
            return secure;
        }
        catch (HttpRequestException e) when (e.HttpRequestError is HttpRequestError.SecureConnectionError)
        {
            return await SpeaksPlainHttpAsync() ? new Uri($"http://{_repository.Host}/v2/") : secure;
        }
        catch (Exception e) when (e is HttpRequestException or OperationCanceledException)
        {
            // Not there now: the exchange will say so.
            return secure;
        }
    }

    private async Task<bool> SpeaksPlainHttpAsync()
    {
        try
        {
            // A server of TLS answers with Bad Request, if at all.
            return await AskAsync(new Uri($"http://{_repository.Host}/v2/")) != HttpStatusCode.BadRequest;
        }
        catch (Exception e) when (e is HttpRequestException or OperationCanceledException)
        {
            return false;
        }
    }

    private async Task<HttpStatusCode> AskAsync(Uri place)
    {
        using var stall = new CancellationTokenSource(_options.ConnectTimeout + _options.StallTimeout);
        using var response = await _http.GetAsync(place, HttpCompletionOption.ResponseHeadersRead, stall.Token);
        return response.StatusCode;
    }

    private async Task<AuthenticationHeaderValue> AnswerAsync(Challenge challenge, string right, Uri root, CancellationToken cancellation)
    {
        var login = _options.Logins.For(_repository);
        if (!challenge.IsBearer)
            return login ?? throw Refused("it wants a login");
        // The login goes to the token service that the registry names: over TLS, or not at all.
        if (!Uri.TryCreate(challenge.Parameters["realm"], UriKind.Absolute, out var realm)
            || realm.Scheme != Uri.UriSchemeHttps && !(realm.IsLoopback && realm.Scheme == Uri.UriSchemeHttp && root.Scheme == Uri.UriSchemeHttp))
            throw new StageXException(ErrorCode.RegistryLied, $"{_repository}: the registry names '{challenge.Parameters["realm"]}' as its token service, which is not https.");
        var query = new List<string> { "scope=" + Uri.EscapeDataString($"repository:{_repository.Path}:{right}") };
        if (challenge.Parameters.TryGetValue("service", out var service))
            query.Add("service=" + Uri.EscapeDataString(service));
        using var request = new HttpRequestMessage(HttpMethod.Get, realm + (realm.Query.Length > 0 ? "&" : "?") + string.Join('&', query));
        request.Headers.Authorization = login;
        using var response = await SendOnceAsync(request, cancellation);
        if (!response.IsSuccessStatusCode)
            throw Refused($"its token service answers HTTP {(int)response.StatusCode}");
        var answer = await ResponseBody.ReadAsync(response, LargestToken, _options.StallTimeout, () => Refused($"its token service answers with more than {LargestToken} bytes"), cancellation);
        try
        {
            var json = Json.Object(CanonicalJson.Parse(answer), "it");
            return new("Bearer", Json.OptionalText(json, "token") ?? Json.OptionalText(json, "access_token") ?? throw new FormatException("there is none"));
        }
        catch (FormatException e)
        {
            throw Refused($"its token service does not answer with a token: {e.Message}");
        }
    }

    // The system's authorities, or those that the user trusts for this registry.
    private bool IsTrusted(object sender, X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors)
    {
        if (errors == SslPolicyErrors.None)
            return true;
        if (errors != SslPolicyErrors.RemoteCertificateChainErrors || certificate is not X509Certificate2 leaf || chain is null
            || sender is not SslStream stream || !new Uri($"https://{_repository.Host}").Host.Equals(stream.TargetHostName, StringComparison.OrdinalIgnoreCase))
            return false;
        var authorities = _options.Certificates.Select(folder => Path.Combine(folder, _repository.Host)).Where(Directory.Exists)
            .SelectMany(folder => Directory.EnumerateFiles(folder, "*.crt")).ToList();
        if (authorities.Count == 0)
            return false;
        using var own = new X509Chain();
        own.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        own.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        own.ChainPolicy.ApplicationPolicy.Add(_serverAuthentication);
        foreach (var file in authorities)
            own.ChainPolicy.CustomTrustStore.ImportFromPemFile(file);
        foreach (var element in chain.ChainElements)
            own.ChainPolicy.ExtraStore.Add(element.Certificate);
        return own.Build(leaf);
    }

    private StageXException Refused(string why) =>
        new(ErrorCode.RegistryRefused, $"{_repository}: the registry refuses: {why}. Log in with 'podman login {_repository.Host}'.");

    private static bool IsSameOrigin(Uri one, Uri other) => one.Scheme == other.Scheme && one.Authority == other.Authority;

    public void Dispose() => _http.Dispose();
}
