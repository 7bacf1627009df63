using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using Eos.Fst;
using Eos.Gateway;
using Eos.Kernel;

namespace Eos.Client;

/// <summary>Moves bytes between a stream and the data port of a filesystem server, by HTTP. Memory does not grow with the file.</summary>
internal sealed class Transfer : IDisposable
{
    private const int BufferSize = 1 << 20;

    private readonly HttpClient _http = new(new SocketsHttpHandler { AllowAutoRedirect = false, AutomaticDecompression = DecompressionMethods.None })
    {
        Timeout = Timeout.InfiniteTimeSpan,
    };

    public async Task<Stored> PutAsync(
        GatewayProtocol.Redirect redirect, Stream source, ulong? size, IProgress<long>? progress, CancellationToken cancel)
    {
        using var content = new PumpContent(source, size, progress);
        using var request = new HttpRequestMessage(HttpMethod.Put, redirect.Url) { Content = content };
        request.Headers.ExpectContinue = true;   // a refusal comes before the bytes leave
        using var response = await SendAsync(request, cancel);
        if (!response.IsSuccessStatusCode) throw await FailureAsync(response, cancel);
        return new Stored(redirect.File, (ulong)content.Sent, DigestOf(response));
    }

    public async Task<long> GetAsync(
        GatewayProtocol.Redirect redirect, Stream target, ByteRange? range, IProgress<long>? progress, CancellationToken cancel)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, redirect.Url);
        if (range is { } part) request.Headers.Range = new RangeHeaderValue(part.First, part.Last);
        using var response = await SendAsync(request, cancel);
        if (!response.IsSuccessStatusCode) throw await FailureAsync(response, cancel);
        try
        {
            await using var body = await response.Content.ReadAsStreamAsync(cancel);
            return await PumpAsync(body, target, progress, cancel);
        }
        catch (HttpRequestException broken)
        {
            throw new EosException(Errno.InputOutput, $"the transfer broke off: {broken.Message}");
        }
        catch (HttpIOException broken)
        {
            throw new EosException(Errno.InputOutput, $"the transfer broke off: {broken.Message}");
        }
    }

    public void Dispose() => _http.Dispose();

    private async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancel)
    {
        try
        {
            return await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancel);
        }
        catch (HttpRequestException broken)
        {
            throw new EosException(Errno.Communication, $"{request.RequestUri!.Authority}: {broken.InnerException?.Message ?? broken.Message}");
        }
    }

    private static async Task<EosException> FailureAsync(HttpResponseMessage response, CancellationToken cancel)
    {
        var text = (await response.Content.ReadAsStringAsync(cancel)).Trim();
        var known = response.Headers.TryGetValues(FstProtocol.ErrnoHeader, out var values)
            && int.TryParse(values.First(), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? (Errno)number
            : FromStatus(response.StatusCode);
        return new EosException(known, text.Length > 0 ? text : $"HTTP {(int)response.StatusCode} {response.ReasonPhrase}");
    }

    private static Errno FromStatus(HttpStatusCode status) => status switch
    {
        HttpStatusCode.NotFound => Errno.NoEntry,
        HttpStatusCode.Forbidden or HttpStatusCode.Unauthorized => Errno.AccessDenied,
        HttpStatusCode.Conflict => Errno.Busy,
        HttpStatusCode.RequestedRangeNotSatisfiable or HttpStatusCode.BadRequest => Errno.Invalid,
        HttpStatusCode.InsufficientStorage => Errno.NoSpace,
        HttpStatusCode.ServiceUnavailable => Errno.TryAgain,
        _ => Errno.InputOutput,
    };

    /// <summary>The checksum that the data port computed; <see cref="Checksum.None"/> when it says none.</summary>
    private static Checksum DigestOf(HttpResponseMessage response) =>
        response.Headers.TryGetValues("Digest", out var values) && DigestHeader.Read(values.First()) is [var sum, ..] ? sum : Checksum.None;

    internal static async Task<long> PumpAsync(Stream source, Stream target, IProgress<long>? progress, CancellationToken cancel)
    {
        var buffer = new byte[BufferSize];
        long total = 0;
        while (true)
        {
            var read = await source.ReadAsync(buffer, cancel);
            if (read == 0) return total;
            await target.WriteAsync(buffer.AsMemory(0, read), cancel);
            total += read;
            progress?.Report(total);
        }
    }

    private sealed class PumpContent(Stream source, ulong? size, IProgress<long>? progress) : HttpContent
    {
        public long Sent { get; private set; }

        protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
            SerializeToStreamAsync(stream, context, CancellationToken.None);

        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancel) =>
            Sent = await PumpAsync(source, stream, progress, cancel);

        protected override bool TryComputeLength(out long length)
        {
            length = (long)(size ?? 0);
            return size is not null;
        }
    }
}
