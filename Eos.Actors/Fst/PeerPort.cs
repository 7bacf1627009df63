using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using Eos.Kernel;

namespace Eos.Fst;

/// <summary>A filesystem of another node could not do its part: which one, the errno and a text for people.</summary>
public sealed class PeerFault(FsId fs, Errno why, string text, Exception? inner = null) : IOException(text, inner)
{
    public FsId Fs { get; } = fs;

    public Errno Why { get; } = why;
}

/// <summary>What another data port says that it has stored.</summary>
public sealed record PeerReplica(ulong Size, Checksum? Checksum);

/// <summary>The data ports of other nodes, as a data server uses them: with the capability that it was given itself. All failures are <see cref="PeerFault"/>.</summary>
/// <param name="patience">A port that neither takes nor gives anything for so long counts as dead.</param>
public sealed class PeerPort(TimeSpan patience) : IDisposable
{
    private readonly HttpClient _http = new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        AutomaticDecompression = DecompressionMethods.None,
        ConnectTimeout = patience,
        Expect100ContinueTimeout = patience,
    })
    {
        Timeout = Timeout.InfiniteTimeSpan,
    };

    public TimeSpan Patience => patience;

    /// <summary>Sends the bytes to the place of that number in the chain; returns when it has them, and all after it, on stable storage.</summary>
    public async Task<PeerReplica> StoreAsync(ChainGrant to, HttpContent bytes, Instant modified, CancellationToken cancel)
    {
        using var request = new HttpRequestMessage(HttpMethod.Put, UrlOf(to, $"&{FstProtocol.ModifiedQuery}={modified.Nanoseconds.ToString(CultureInfo.InvariantCulture)}"));
        (request.Content, request.Headers.ExpectContinue) = (bytes, true);   // a refusal comes before the bytes leave
        using var response = await SendAsync(to, request, cancel);
        var sums = response.Headers.TryGetValues("Digest", out var values) ? DigestHeader.Read(values.First()) : null;
        var size = response.Headers.TryGetValues(FstProtocol.SizeHeader, out var sizes) && ulong.TryParse(sizes.First(), CultureInfo.InvariantCulture, out var known) ? known : 0;
        return new PeerReplica(size, sums?.FirstOrDefault());
    }

    /// <summary>Says what has become of the upload whose bytes that place holds.</summary>
    public async Task SettleAsync(ChainGrant to, Settlement settlement, CancellationToken cancel)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, UrlOf(to, $"&{FstProtocol.SettleQuery}={(settlement == Settlement.Keep ? "keep" : "drop")}"));
        using var response = await SendAsync(to, request, cancel);
    }

    /// <summary>The bytes of that place's replica from an offset to the end; the caller disposes the answer.</summary>
    public async Task<HttpResponseMessage> ReadAsync(ChainGrant from, long offset, CancellationToken cancel)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, UrlOf(from, ""));
        if (offset > 0) request.Headers.Range = new RangeHeaderValue(offset, null);
        return await SendAsync(from, request, cancel);
    }

    public void Dispose() => _http.Dispose();

    private async Task<HttpResponseMessage> SendAsync(ChainGrant to, HttpRequestMessage request, CancellationToken cancel)
    {
        try
        {
            var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancel);
            if (response.IsSuccessStatusCode) return response;
            using (response) throw await FaultAsync(to, response, cancel);
        }
        catch (HttpRequestException broken)
        {
            throw broken.InnerException as PeerFault ?? Broken(to, broken);
        }
    }

    /// <summary>A connection to a place that broke.</summary>
    public static PeerFault Broken(ChainGrant place, Exception failure) =>
        new(place.Place.Fs, Errno.Communication, $"filesystem {place.Place.Fs} ({place.Place.Host}:{place.Place.Port}): {failure.InnerException?.Message ?? failure.Message}", failure);

    private static async Task<PeerFault> FaultAsync(ChainGrant to, HttpResponseMessage response, CancellationToken cancel)
    {
        var text = (await response.Content.ReadAsStringAsync(cancel)).Trim();
        return new PeerFault(
            Number(response, FstProtocol.FailedHeader) is { } failed ? new FsId((uint)failed) : to.Place.Fs,
            (Errno)(Number(response, FstProtocol.ErrnoHeader) ?? (int)Errno.InputOutput),
            $"filesystem {to.Place.Fs}: {(text.Length > 0 ? text : $"HTTP {(int)response.StatusCode}")}");
    }

    private static int? Number(HttpResponseMessage response, string header) =>
        response.Headers.TryGetValues(header, out var values) && int.TryParse(values.First(), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

    private static Uri UrlOf(ChainGrant to, string more) => new(
        $"http://{to.Place.Host}:{to.Place.Port}{string.Join('/', to.Capability.Path.Split('/').Select(Uri.EscapeDataString))}"
        + $"?{FstProtocol.CapabilityQuery}={Uri.EscapeDataString(to.Text)}&{FstProtocol.ChainQuery}={to.Position.ToString(CultureInfo.InvariantCulture)}{more}");
}
