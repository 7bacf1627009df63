using System.Net;
using System.Security.Cryptography;
using System.Text.Json;
using Eos.Kernel;

namespace Eos.Tests.Support;

/// <summary>What a node answered: the status, the errno's header and the body as text.</summary>
internal sealed record HttpAnswer(HttpStatusCode Status, string? Errno, string Text);

/// <summary>A file as a listing in JSON shows it.</summary>
internal sealed record ListedFile(string Name, FileId Id, long Size, string Checksum);

/// <summary>Files of a node by HTTP, as any client would use them: the redirect is followed by hand, so that a body is sent once.</summary>
internal sealed class HttpFiles : IDisposable
{
    private readonly HttpClient _client = new(new SocketsHttpHandler { AllowAutoRedirect = false, Expect100ContinueTimeout = TimeSpan.FromSeconds(30) })
    {
        Timeout = TimeSpan.FromMinutes(10),
    };

    /// <summary>Bytes that follow from a number.</summary>
    public static byte[] Bytes(int seed, int length)
    {
        var bytes = new byte[length];
        new Random(seed).NextBytes(bytes);
        return bytes;
    }

    public static string Sum(byte[] bytes) => Convert.ToHexString(SHA256.HashData(bytes));

    /// <summary>PUT at the namespace port and then where it points.</summary>
    /// <param name="announced">With a Content-Length; else in chunks.</param>
    public async Task<HttpAnswer> PutAsync(string node, string path, Func<HttpContent> body, bool announced = true, bool onlyNew = false)
    {
        using var first = await SendAsync($"http://{node}{path}", body, announced, onlyNew);
        if (first.StatusCode != HttpStatusCode.TemporaryRedirect) return await Read(first);
        using var second = await SendAsync(first.Headers.Location!.ToString(), body, announced, onlyNew);
        return await Read(second);
    }

    public Task<HttpAnswer> PutAsync(string node, string path, byte[] bytes, bool announced = true, bool onlyNew = false) =>
        PutAsync(node, path, () => new ByteArrayContent(bytes), announced, onlyNew);

    /// <summary>The whole file, by the redirect.</summary>
    public async Task<HttpResponseMessage> GetAsync(string node, string path)
    {
        using var first = await _client.GetAsync($"http://{node}{path}");
        Assert.Equal(HttpStatusCode.TemporaryRedirect, first.StatusCode);
        return await _client.GetAsync(first.Headers.Location!, HttpCompletionOption.ResponseHeadersRead);
    }

    /// <summary>What to ask of the data port for the file: path and query.</summary>
    public async Task<string> RedirectAsync(string node, string path)
    {
        using var first = await _client.GetAsync($"http://{node}{path}");
        return first.Headers.Location!.PathAndQuery;
    }

    public async Task<byte[]> ReadAsync(string node, string path)
    {
        using var answer = await GetAsync(node, path);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return await answer.Content.ReadAsByteArrayAsync();
    }

    public async Task<HttpAnswer> DeleteAsync(string node, string path) => await Read(await _client.DeleteAsync($"http://{node}{path}"));

    /// <summary>The files of a directory.</summary>
    public async Task<IReadOnlyList<ListedFile>> ListAsync(string node, string path)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"http://{node}{path}/") { Headers = { { "Accept", "application/json" } } };
        using var answer = await _client.SendAsync(request);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        using var json = JsonDocument.Parse(await answer.Content.ReadAsStringAsync());
        return [.. json.RootElement.EnumerateArray().Where(e => e.GetProperty("type").GetString() == "file").Select(e => new ListedFile(
            e.GetProperty("name").GetString()!, new FileId(e.GetProperty("id").GetUInt64()), e.GetProperty("size").GetInt64(), e.GetProperty("checksum").GetString()!))];
    }

    /// <summary>What `/health` says: its code, the node's state, and that of the member of the group.</summary>
    public async Task<string> HealthAsync(string node)
    {
        using var answer = await _client.GetAsync($"http://{node}/health");
        using var json = JsonDocument.Parse(await answer.Content.ReadAsStringAsync());
        return $"{(int)answer.StatusCode} {json.RootElement.GetProperty("state").GetString()} {(json.RootElement.GetProperty("parts").TryGetProperty("qdb", out var qdb) ? qdb.GetString() : "")}";
    }

    public void Dispose() => _client.Dispose();

    private async Task<HttpResponseMessage> SendAsync(string url, Func<HttpContent> body, bool announced, bool onlyNew)
    {
        using var request = new HttpRequestMessage(HttpMethod.Put, url) { Content = body() };
        request.Headers.ExpectContinue = true;
        if (!announced) request.Headers.TransferEncodingChunked = true;
        if (onlyNew) request.Headers.TryAddWithoutValidation("If-None-Match", "*");
        return await _client.SendAsync(request);
    }

    private static async Task<HttpAnswer> Read(HttpResponseMessage answer) => new(
        answer.StatusCode,
        answer.Headers.TryGetValues(Eos.Fst.FstProtocol.ErrnoHeader, out var errno) ? errno.Single() : null,
        await answer.Content.ReadAsStringAsync());
}
