using System.Net;
using System.Text.Json;

namespace Eos.Services;

/// <summary>Asks an endpoint by HTTP how it is (`/health`). What answers and is no node of ours is online, and no master.</summary>
/// <param name="patience">One that has not answered in this time is offline.</param>
public sealed class EndpointProbe(TimeSpan patience) : IDisposable
{
    private readonly HttpClient _http = new(new SocketsHttpHandler { AllowAutoRedirect = false, ConnectTimeout = patience })
    {
        Timeout = patience,
        MaxResponseContentBufferSize = 64 << 10,
    };

    public async Task<EndpointStanding> AskAsync(Endpoint endpoint)
    {
        try
        {
            using var answer = await _http.GetAsync(new Uri($"http://{endpoint.Host}:{endpoint.HttpPort}/health")).ConfigureAwait(false);
            return answer.StatusCode == HttpStatusCode.ServiceUnavailable ? EndpointStanding.Offline
                : IsMaster(await answer.Content.ReadAsStringAsync().ConfigureAwait(false)) ? EndpointStanding.Master : EndpointStanding.Online;
        }
        catch (HttpRequestException e)
        {
            return e.HttpRequestError is HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError ? EndpointStanding.Offline : EndpointStanding.Online;
        }
        catch (OperationCanceledException)
        {
            return EndpointStanding.Offline;
        }
    }

    public void Dispose() => _http.Dispose();

    private static bool IsMaster(string page)
    {
        try
        {
            using var json = JsonDocument.Parse(page);
            return json.RootElement is { ValueKind: JsonValueKind.Object } root && root.TryGetProperty("parts", out var parts) && parts.ValueKind == JsonValueKind.Object
                && parts.TryGetProperty("master", out var master) && master.ValueKind == JsonValueKind.String && master.GetString() == "here";
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
