using System.Diagnostics;
using System.Net;
using System.Text.Json;
using Eos.Fst;
using Eos.Tests.Support;
using static Eos.Gateway.GatewayProtocol;

namespace Eos.Tests.Unit.Http;

public sealed class NamespaceDoorTests : IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();
    private readonly TemporaryFolder _files = new();
    private NamespacePort _port = null!;

    public async Task InitializeAsync() => _port = await NamespacePort.StartAsync(_folder.Path);

    public async Task DisposeAsync()
    {
        await _port.DisposeAsync();
        _folder.Dispose();
        _files.Dispose();
    }

    [CurlTheory]
    [InlineData(0, "x")]
    [InlineData(100, "a b%20c?é#")]
    [InlineData(5_000_000, "large")]
    public async Task Curl_stores_and_fetches_a_file(int length, string name)
    {
        var bytes = new byte[length];
        new Random(length).NextBytes(bytes);
        File.WriteAllBytes(_files.Of("in"), bytes);
        var url = $"{_port.Url}/eos/dev/{Uri.EscapeDataString(name)}";
        Assert.Contains("201", await CurlAsync("-s", "-f", "-T", _files.Of("in"), "-L", url, "-w", "%{http_code}"));
        await CurlAsync("-s", "-f", "-L", url, "-o", _files.Of("out"));
        Assert.Equal(bytes, File.ReadAllBytes(_files.Of("out")));
    }

    [CurlFact]
    public async Task Curl_sends_a_large_body_once()
    {
        File.WriteAllBytes(_files.Of("in"), new byte[3_000_000]);
        var sent = await CurlAsync("-s", "-f", "-T", _files.Of("in"), "-L", $"{_port.Url}/eos/dev/x", "-w", "%{size_upload} %{num_redirects}", "-o", "/dev/null");
        Assert.Equal("3000000 1", sent);
    }

    [Fact]
    public async Task What_the_client_says_of_its_bytes_reaches_the_data_port()
    {
        using var answer = await _port.Client.PutAsync("/eos/dev/x?eos.checksum=091e01de&eos.targetsize=9&foo=bar", new ByteArrayContent([]));
        Assert.Equal(HttpStatusCode.TemporaryRedirect, answer.StatusCode);
        var location = answer.Headers.Location!.ToString();
        Assert.StartsWith($"http://127.0.0.1:{_port.Data.Port}/eos/dev/x?cap=", location);
        Assert.EndsWith("&eos.checksum=091e01de&eos.targetsize=9", location);
        using var wrong = await _port.Data.Client.PutAsync(location, new ByteArrayContent("12345678X"u8.ToArray()));
        Assert.Equal(HttpStatusCode.BadRequest, wrong.StatusCode);
        Assert.Empty(_folder.Files());
    }

    [Theory]
    [InlineData("GET", "/eos/dev/missing", 404, "2")]
    [InlineData("HEAD", "/eos/dev/missing", 404, "2")]
    [InlineData("DELETE", "/eos/dev/missing", 404, "2")]
    [InlineData("PUT", "/eos/dev/denied", 403, "13")]
    [InlineData("PUT", "/eos/dev/", 409, "21")]
    [InlineData("MKCOL", "/eos/dev", 409, "17")]
    [InlineData("PATCH", "/eos/dev/x", 501, "95")]
    [InlineData("PUT", "/eos/dev/x?eos.checksumtype=rot13", 400, "22")]
    [InlineData("GET", "/elsewhere", 404, "2")]
    public async Task A_refusal_is_a_status_an_errno_and_a_text(string method, string path, int status, string errno)
    {
        using var answer = await _port.Client.SendAsync(new HttpRequestMessage(new HttpMethod(method), path));
        Assert.Equal(status, (int)answer.StatusCode);
        Assert.Equal(errno, answer.Headers.GetValues(FstProtocol.ErrnoHeader).Single());
        if (method != "HEAD") Assert.Matches($"^error: .* \\(errc={errno}\\) \\(.*\\)\n$", await answer.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task A_directory_is_listed_as_text_and_as_JSON_over_all_its_pages()
    {
        for (var i = 0; i < 10; i++) _port.Gateway.File($"/eos/dev/f{i}", 5);
        _port.Gateway.Directory("/eos/dev/sub\"dir");
        Assert.Equal("f0\nf1\nf2\nf3\nf4\nf5\nf6\nf7\nf8\nf9\nsub\"dir/\n", await _port.Client.GetStringAsync("/eos/dev/"));
        using var request = new HttpRequestMessage(HttpMethod.Get, "/eos/dev");
        request.Headers.Accept.ParseAdd("application/json");
        using var answer = await _port.Client.SendAsync(request);
        var entries = JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement.EnumerateArray().ToArray();
        Assert.Equal(11, entries.Length);
        Assert.Equal(("sub\"dir", "directory"), (entries[10].GetProperty("name").GetString(), entries[10].GetProperty("type").GetString()));
        Assert.Equal((5, "adler", "644"), (entries[0].GetProperty("size").GetInt32(), entries[0].GetProperty("checksumtype").GetString(), entries[0].GetProperty("mode").GetString()));
        Assert.Equal(1_700_000_000.123456789m, entries[0].GetProperty("mtime").GetDecimal());
    }

    [Fact]
    public async Task Head_tells_of_a_file_what_the_namespace_knows()
    {
        _port.Gateway.File("/eos/dev/f", 5);
        using var answer = await _port.Client.SendAsync(new HttpRequestMessage(HttpMethod.Head, "/eos/dev/f"));
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal(5, answer.Content.Headers.ContentLength);
        Assert.Equal("adler32=00000001", answer.Headers.GetValues("Digest").Single());
        Assert.EndsWith(":00000001\"", answer.Headers.ETag!.Tag);
        Assert.Equal(new DateTimeOffset(2023, 11, 14, 22, 13, 20, TimeSpan.Zero), answer.Content.Headers.LastModified);
        using var directory = await _port.Client.SendAsync(new HttpRequestMessage(HttpMethod.Head, "/eos/dev"));
        Assert.Equal(HttpStatusCode.OK, directory.StatusCode);
    }

    [Fact]
    public async Task Delete_removes_files_and_empty_directories()
    {
        _port.Gateway.File("/eos/dev/f", 5).Directory("/eos/dev/d");
        foreach (var path in new[] { "/eos/dev/f", "/eos/dev/d" })
        {
            using var answer = await _port.Client.DeleteAsync(path);
            Assert.Equal(HttpStatusCode.NoContent, answer.StatusCode);
            Assert.False(_port.Gateway.Has(path));
        }

        Assert.IsType<RemoveDirectory>(_port.Gateway.Asked[^1]);
    }

    [Fact]
    public async Task A_node_that_is_not_up_says_so()
    {
        using var answer = await _port.Client.GetAsync("/health");
        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
        var page = JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement;
        Assert.Equal(("node1", "starting", "down"), (page.GetProperty("node").GetString(), page.GetProperty("state").GetString(), page.GetProperty("parts").GetProperty("gateway").GetString()));
    }

    private static async Task<string> CurlAsync(params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo("curl", arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var said = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, $"curl ended with {process.ExitCode}: {await process.StandardError.ReadToEndAsync()}");
        return said;
    }
}
