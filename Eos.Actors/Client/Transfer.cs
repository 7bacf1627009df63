using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using Eos.Fst;
using Eos.Gateway;
using Eos.Kernel;

namespace Eos.Client;

/// <summary>
/// Moves bytes between a stream and the data port of one filesystem server, by HTTP. Memory does not grow with the file. What goes wrong at the server's end is a
/// <see cref="TransferFault"/>; failures of the caller's stream come through as they are.
/// </summary>
internal sealed class Transfer(TransferSettings settings) : IDisposable
{
    private const int BufferSize = 1 << 20;

    private readonly HttpClient _http = new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        AutomaticDecompression = DecompressionMethods.None,
        ConnectTimeout = settings.Patience,
        Expect100ContinueTimeout = settings.Patience,
    })
    {
        Timeout = Timeout.InfiniteTimeSpan,
    };

    public async Task<Stored> PutAsync(
        GatewayProtocol.Redirect redirect, Stream source, ulong? size, IProgress<long>? progress, CancellationToken cancel)
    {
        using var content = new PumpContent(source, size, progress, settings.Patience);
        using var request = new HttpRequestMessage(HttpMethod.Put, redirect.Url) { Content = content };
        request.Headers.ExpectContinue = true;   // a refusal comes before the bytes leave
        using var response = await SendAsync(redirect, request, () => content.SourceFailure, cancel);
        return new Stored(redirect.File, (ulong)content.Sent, DigestOf(response));
    }

    /// <summary>The answer's header; the body is read by <see cref="PumpAsync"/>.</summary>
    public async Task<HttpResponseMessage> OpenAsync(GatewayProtocol.Redirect redirect, ByteRange? range, CancellationToken cancel)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, redirect.Url);
        if (range is { } part) request.Headers.Range = new RangeHeaderValue(part.First, part.Last);
        return await SendAsync(redirect, request, () => null, cancel);
    }

    /// <summary>Size and checksum of the replica of that very server; its bytes are not read.</summary>
    public async Task<(ulong Size, Checksum Checksum)> LookAsync(GatewayProtocol.Redirect redirect, CancellationToken cancel)
    {
        using var request = new HttpRequestMessage(HttpMethod.Head, $"{redirect.Url.AbsoluteUri}&{FstProtocol.ChainQuery}=0");
        using var response = await SendAsync(redirect, request, () => null, cancel);
        return ((ulong)(response.Content.Headers.ContentLength ?? 0), DigestOf(response));
    }

    /// <summary>Hands the body on piece by piece.</summary>
    public async Task PumpAsync(
        GatewayProtocol.Redirect redirect, HttpResponseMessage response, Func<ReadOnlyMemory<byte>, ValueTask> take, CancellationToken cancel)
    {
        await using var body = await response.Content.ReadAsStreamAsync(cancel);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        var buffer = new byte[BufferSize];
        while (true)
        {
            int read;
            try
            {
                limit.CancelAfter(settings.Patience);
                read = await body.ReadAsync(buffer, limit.Token);
                limit.CancelAfter(Timeout.InfiniteTimeSpan);
            }
            catch (Exception broken) when (broken is IOException or HttpRequestException)
            {
                throw new TransferFault(Server(redirect), Errno.InputOutput, $"the transfer broke off: {broken.Message}");
            }
            catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
            {
                throw new TransferFault(Server(redirect), Errno.TimedOut, $"{redirect.Host}:{redirect.Port} sent nothing for {settings.Patience.TotalSeconds:0} s");
            }

            if (read == 0) return;
            await take(buffer.AsMemory(0, read));
        }
    }

    public void Dispose() => _http.Dispose();

    private async Task<HttpResponseMessage> SendAsync(
        GatewayProtocol.Redirect redirect, HttpRequestMessage request, Func<Exception?> sourceFailure, CancellationToken cancel)
    {
        try
        {
            var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancel);
            if (response.IsSuccessStatusCode) return response;
            using (response) throw await FailureAsync(redirect, response, cancel);
        }
        catch (HttpRequestException broken)
        {
            if (sourceFailure() is { } failure) throw failure;
            throw new TransferFault(Server(redirect), Errno.Communication, $"{request.RequestUri!.Authority}: {broken.InnerException?.Message ?? broken.Message}");
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            throw new TransferFault(Server(redirect), Errno.TimedOut, $"{request.RequestUri!.Authority} took nothing for {settings.Patience.TotalSeconds:0} s");
        }
    }

    private static FsId Server(GatewayProtocol.Redirect redirect) => redirect.Locations.FirstOrDefault();

    private static async Task<TransferFault> FailureAsync(GatewayProtocol.Redirect redirect, HttpResponseMessage response, CancellationToken cancel)
    {
        var text = (await response.Content.ReadAsStringAsync(cancel)).Trim();
        return new TransferFault(
            Number(response, FstProtocol.FailedHeader) is { } fs ? new FsId((uint)fs) : Server(redirect),
            Number(response, FstProtocol.ErrnoHeader) is { } errno ? (Errno)errno : FromStatus(response.StatusCode),
            text.Length > 0 ? text : $"HTTP {(int)response.StatusCode} {response.ReasonPhrase}");
    }

    private static int? Number(HttpResponseMessage response, string header) =>
        response.Headers.TryGetValues(header, out var values) && int.TryParse(values.First(), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

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

    /// <summary>The checksum that the data port says; <see cref="Checksum.None"/> when it says none.</summary>
    public static Checksum DigestOf(HttpResponseMessage response) =>
        response.Headers.TryGetValues("Digest", out var values) && DigestHeader.Read(values.First()) is [var sum, ..] ? sum : Checksum.None;

    private sealed class PumpContent(Stream source, ulong? size, IProgress<long>? progress, TimeSpan patience) : HttpContent
    {
        public long Sent { get; private set; }

        /// <summary>What went wrong at the caller's end.</summary>
        public Exception? SourceFailure { get; private set; }

        protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
            SerializeToStreamAsync(stream, context, CancellationToken.None);

        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancel)
        {
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
            var buffer = new byte[BufferSize];
            Sent = 0;
            while (await ReadAsync(buffer, cancel) is var read and > 0)
            {
                limit.CancelAfter(patience);
                await stream.WriteAsync(buffer.AsMemory(0, read), limit.Token);
                limit.CancelAfter(Timeout.InfiniteTimeSpan);
                Sent += read;
                progress?.Report(Sent);
            }
        }

        protected override bool TryComputeLength(out long length)
        {
            length = (long)(size ?? 0);
            return size is not null;
        }

        private async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancel)
        {
            try
            {
                return await source.ReadAsync(buffer, cancel);
            }
            catch (Exception failure)
            {
                SourceFailure = failure;
                throw;
            }
        }
    }
}
