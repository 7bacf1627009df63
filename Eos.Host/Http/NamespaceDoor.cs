using System.Collections.Immutable;
using System.Globalization;
using System.IO.Pipelines;
using System.Text;
using System.Text.Json;
using Eos.Client;
using Eos.Gateway;
using Eos.Kernel;
using Eos.Scheduling;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Eos.Host.Http;

/// <summary>The namespace port: `/eos/…` by HTTP. Bytes are moved at the data port, to which GET and PUT are redirected; the body of a PUT is not read here.</summary>
internal sealed class NamespaceDoor(Func<EosClient> client, CallerProof proof, HttpMeter meter, ILogger log)
{
    /// <summary>EOS: the path that is meant, whatever the URL says.</summary>
    private const string LogicalName = "eos.lfn";

    private const int FlushEvery = 64 * 1024;

    public async Task RunAsync(HttpContext http)
    {
        using var measured = meter.Begin("mgm", http);
        try
        {
            await DispatchAsync(http);
        }
        catch (RoutedException routed) when (routed.To.HttpPort > 0)
        {
            http.Response.StatusCode = StatusCodes.Status307TemporaryRedirect;
            http.Response.Headers.Location = new UriBuilder("http", routed.To.Host, routed.To.HttpPort, routed.To.Path) { Query = http.Request.QueryString.Value }.Uri.AbsoluteUri;
            http.Response.Headers.Connection = "close";
            http.Response.ContentLength = 0;
        }
        catch (EosException refusal)
        {
            log.LogDebug("{Method} {Path}: {Text} (errc={Errno})", http.Request.Method, http.Request.Path, refusal.Message, (int)refusal.Why);
            await HttpFailure.AnswerForPeopleAsync(http, refusal.Why, refusal.Message);
        }
        catch (OperationCanceledException) when (http.RequestAborted.IsCancellationRequested)
        {
            http.Abort();   // nobody is there to be answered
        }
    }

    private Task DispatchAsync(HttpContext http)
    {
        var path = http.Request.Path.Value ?? "/";
        return http.Request.Method switch
        {
            "PUT" or "POST" => OpenForWriteAsync(http, path),
            "GET" => GetAsync(http, path),
            "HEAD" => HeadAsync(http, path),
            "DELETE" => DeleteAsync(http, path),
            "MKCOL" => MakeDirectoryAsync(http, path),
            "OPTIONS" => OptionsAsync(http),
            var other => throw new EosException(Errno.NotSupported, $"{other} is not known here"),
        };
    }

    private EosClient ClientOf(HttpContext http)
    {
        var plain = client();
        return plain.As(proof.Of(http, plain.Claim));
    }

    private async Task OpenForWriteAsync(HttpContext http, string path)
    {
        var query = QueryOf(http.Request.Query);
        path = query.GetValueOrDefault(LogicalName, path);
        if (path.EndsWith('/')) throw new EosException(Errno.IsADirectory, $"{path} names a directory");
        var request = http.Request;
        var options = new PutOptions(AnnouncedSize(request), request.Headers.IfNoneMatch != "*") { Query = query };
        var redirect = await ClientOf(http).OpenWriteAsync(path, options, cancel: http.RequestAborted);
        http.Response.Headers.Connection = "close";   // the body of this request is not wanted on this connection
        Redirect(http, redirect);
    }

    private async Task GetAsync(HttpContext http, string path)
    {
        var query = QueryOf(http.Request.Query);
        path = query.GetValueOrDefault(LogicalName, path);
        try
        {
            if (!path.EndsWith('/'))
            {
                Redirect(http, await ClientOf(http).OpenReadAsync(path, options: query, cancel: http.RequestAborted));
                return;
            }
        }
        catch (EosException refusal) when (refusal.Why == Errno.IsADirectory)
        {
            log.LogTrace("{Path} is a directory: it is listed", path);
        }

        await ListAsync(http, path.TrimEnd('/'));
    }

    private async Task ListAsync(HttpContext http, string path)
    {
        var json = http.Request.Headers.Accept.ToString().Contains("json", StringComparison.OrdinalIgnoreCase);
        var entries = ClientOf(http).ListAsync(path, detailed: json, http.RequestAborted).GetAsyncEnumerator(http.RequestAborted);
        await using (entries)
        {
            var more = await entries.MoveNextAsync();   // a refusal comes with the first page, before anything is sent
            http.Response.ContentType = json ? "application/json" : "text/plain; charset=utf-8";
            var body = http.Response.BodyWriter;
            if (json) Write(body, "[");
            for (var (first, pending) = (true, 0); more; more = await entries.MoveNextAsync(), first = false)
            {
                pending += Write(body, json ? (first ? "\n" : ",\n") + Json(entries.Current) : Line(entries.Current));
                if (pending < FlushEvery) continue;
                await body.FlushAsync(http.RequestAborted);
                pending = 0;
            }

            if (json) Write(body, "\n]\n");
            await body.FlushAsync(http.RequestAborted);
        }
    }

    private async Task HeadAsync(HttpContext http, string path)
    {
        switch (await ClientOf(http).InfoAsync(path, http.RequestAborted))
        {
            case GatewayProtocol.FileInformation { File: var file }:
                FileHeaders.Write(http.Response, file.Id, file.Content.Checksum, file.Times.Modified);
                http.Response.Headers.AcceptRanges = "bytes";
                http.Response.ContentType = "application/octet-stream";
                http.Response.ContentLength = (long)file.Content.Size;
                break;
            case GatewayProtocol.DirectoryInformation { Directory: var directory }:
                http.Response.Headers.LastModified = FileHeaders.Date(directory.Times.Modified);
                http.Response.ContentType = "text/plain; charset=utf-8";
                break;
        }
    }

    private async Task DeleteAsync(HttpContext http, string path)
    {
        try
        {
            await ClientOf(http).RemoveAsync(path, cancel: http.RequestAborted);
        }
        catch (EosException refusal) when (refusal.Why == Errno.IsADirectory)
        {
            await ClientOf(http).RemoveDirectoryAsync(path, http.RequestAborted);
        }

        http.Response.StatusCode = StatusCodes.Status204NoContent;
    }

    private async Task MakeDirectoryAsync(HttpContext http, string path)
    {
        await ClientOf(http).MakeDirectoryAsync(path, cancel: http.RequestAborted);
        http.Response.StatusCode = StatusCodes.Status201Created;
    }

    private static Task OptionsAsync(HttpContext http)
    {
        http.Response.Headers.Allow = "OPTIONS, GET, HEAD, PUT, POST, DELETE, MKCOL";
        return Task.CompletedTask;
    }

    /// <summary>307 keeps method and body; what the client said of the bytes travels along in the query.</summary>
    private static void Redirect(HttpContext http, GatewayProtocol.Redirect redirect)
    {
        var location = new StringBuilder(redirect.Url.AbsoluteUri);
        foreach (var key in UploadChecks.QueryKeys)
            if (http.Request.Query[key].ToString() is { Length: > 0 } value) location.Append('&').Append(key).Append('=').Append(Uri.EscapeDataString(value));
        http.Response.StatusCode = StatusCodes.Status307TemporaryRedirect;
        http.Response.Headers.Location = location.ToString();
        http.Response.ContentLength = 0;
    }

    private static ulong? AnnouncedSize(HttpRequest request) =>
        ulong.TryParse(request.Query["eos.targetsize"], NumberStyles.None, CultureInfo.InvariantCulture, out var size) ? size : (ulong?)request.ContentLength;

    /// <summary>EOS's keys of the query. EINVAL: one says nothing.</summary>
    private static ImmutableSortedDictionary<string, string> QueryOf(IQueryCollection query)
    {
        var keys = query.Where(pair => pair.Key.StartsWith("eos.", StringComparison.Ordinal))
            .ToImmutableSortedDictionary(pair => pair.Key, pair => pair.Value.ToString(), StringComparer.Ordinal);
        return RequestOptions.Parse(keys).Refusal is { } bad ? throw new EosException(bad.Why, bad.Text) : keys;
    }

    private static string Line(GatewayProtocol.Entry entry) => entry.Name + (entry.Kind == GatewayProtocol.EntryKind.Directory ? "/\n" : "\n");

    private static string Json(GatewayProtocol.Entry entry) =>
        $"{{\"name\":\"{JsonEncodedText.Encode(entry.Name)}\",\"type\":\"{(entry.Kind == GatewayProtocol.EntryKind.Directory ? "directory" : "file")}\",\"id\":{entry.Id},"
        + string.Create(CultureInfo.InvariantCulture, $"\"size\":{entry.Size},\"mode\":\"{Convert.ToString(entry.Attributes.Mode, 8)}\",\"uid\":{entry.Attributes.Owner.Uid},\"gid\":{entry.Attributes.Owner.Gid},")
        + $"\"mtime\":{entry.Attributes.Times.Modified},\"checksumtype\":\"{entry.Checksum.Type.Name()}\",\"checksum\":\"{entry.Checksum.Hex}\"}}";

    private static int Write(PipeWriter body, string text) => (int)Encoding.UTF8.GetBytes(text, body);
}
