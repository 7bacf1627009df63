using System.Net;
using System.Net.Http.Headers;
using Eos.Fst;
using Eos.Kernel;
using Eos.Tests.Support;

namespace Eos.Tests.Unit.Http;

public sealed class DownloadTests : IAsyncLifetime
{
    private static readonly byte[] Small = Bytes(100_000);
    private static readonly byte[] Large = Bytes(5 << 20);
    private readonly TemporaryFolder _folder = new();
    private DataPort _port = null!;
    private string _small = "";
    private string _large = "";

    public async Task InitializeAsync()
    {
        _port = await DataPort.StartAsync(_folder.Path);
        _small = DataPort.Url(await _port.StoreAsync(1, Small));
        _large = DataPort.Url(await _port.StoreAsync(2, Large));
    }

    public async Task DisposeAsync()
    {
        await _port.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task A_whole_file_comes_back_with_its_headers()
    {
        foreach (var (url, bytes) in new[] { (_small, Small), (_large, Large) })
        {
            using var answer = await _port.Client.GetAsync(url);
            Assert.Equal(bytes, await answer.Content.ReadAsByteArrayAsync());
            Assert.Equal(bytes.Length, answer.Content.Headers.ContentLength);
            Assert.Equal("adler32=" + ChecksumStream.Of(ChecksumType.Adler32, bytes).Hex, answer.Headers.GetValues("Digest").Single());
            Assert.Equal("bytes", answer.Headers.AcceptRanges.Single());
            Assert.NotNull(answer.Content.Headers.LastModified);
        }
    }

    [Fact]
    public async Task Head_says_the_same_without_the_bytes()
    {
        using var answer = await _port.Client.SendAsync(new HttpRequestMessage(HttpMethod.Head, _large));
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal(Large.Length, answer.Content.Headers.ContentLength);
        Assert.Empty(await answer.Content.ReadAsByteArrayAsync());
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(10, 99_999)]
    [InlineData(99_999, 99_999)]
    [InlineData(5_000, 4_000_000)]
    public async Task A_range_is_206_with_just_these_bytes(long first, long last)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, _large);
        request.Headers.Range = new RangeHeaderValue(first, last);
        using var answer = await _port.Client.SendAsync(request);
        Assert.Equal(HttpStatusCode.PartialContent, answer.StatusCode);
        Assert.Equal($"bytes {first}-{last}/{Large.Length}", answer.Content.Headers.ContentRange!.ToString());
        Assert.Equal(Large[(int)first..(int)(last + 1)], await answer.Content.ReadAsByteArrayAsync());
    }

    [Fact]
    public async Task Several_ranges_are_several_parts()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, _small);
        request.Headers.TryAddWithoutValidation("Range", "bytes=0-1,50-52,-1");
        using var answer = await _port.Client.SendAsync(request);
        Assert.Equal(HttpStatusCode.PartialContent, answer.StatusCode);
        Assert.Equal("multipart/byteranges", answer.Content.Headers.ContentType!.MediaType);
        var body = await answer.Content.ReadAsByteArrayAsync();
        Assert.Equal(body.Length, answer.Content.Headers.ContentLength);
        var text = System.Text.Encoding.Latin1.GetString(body);
        Assert.Contains("Content-Range: bytes 50-52/100000\r\n\r\n" + System.Text.Encoding.Latin1.GetString(Small, 50, 3) + "\r\n--", text);
        Assert.Contains("Content-Range: bytes 99999-99999/100000\r\n\r\n", text);
    }

    [Fact]
    public async Task A_range_outside_the_file_is_416()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, _small);
        request.Headers.TryAddWithoutValidation("Range", "bytes=100000-");
        using var answer = await _port.Client.SendAsync(request);
        Assert.Equal(HttpStatusCode.RequestedRangeNotSatisfiable, answer.StatusCode);
        Assert.Equal("bytes */100000", answer.Content.Headers.ContentRange!.ToString());
    }

    [Fact]
    public async Task A_version_that_the_client_has_is_not_sent_again()
    {
        using var first = await _port.Client.GetAsync(_small);
        var tag = first.Headers.ETag!.Tag;
        Assert.Equal(HttpStatusCode.NotModified, await StatusWith("If-None-Match", $"\"other\", {tag}"));
        Assert.Equal(HttpStatusCode.OK, await StatusWith("If-None-Match", "\"other\""));
        Assert.Equal(HttpStatusCode.PartialContent, await StatusWith("If-Range", tag));
        Assert.Equal(HttpStatusCode.OK, await StatusWith("If-Range", "\"other\""));
        Assert.Equal(HttpStatusCode.PartialContent, await StatusWith("If-Range", first.Content.Headers.LastModified!.Value.ToString("R")));
        Assert.Equal(HttpStatusCode.OK, await StatusWith("If-Range", "Sat, 01 Jan 2000 00:00:00 GMT"));

        async Task<HttpStatusCode> StatusWith(string header, string value)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, _small);
            request.Headers.TryAddWithoutValidation(header, value);
            if (header == "If-Range") request.Headers.Range = new RangeHeaderValue(0, 9);
            using var answer = await _port.Client.SendAsync(request);
            return answer.StatusCode;
        }
    }

    [Fact]
    public async Task A_broken_small_file_is_EIO_before_the_first_byte_also_for_a_range()
    {
        Flip("00000000/00000001", 77_777);
        foreach (var range in new[] { false, true })
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, _small);
            if (range) request.Headers.Range = new RangeHeaderValue(0, 9);
            using var answer = await _port.Client.SendAsync(request);
            Assert.Equal(HttpStatusCode.InternalServerError, answer.StatusCode);
            Assert.Equal("5", answer.Headers.GetValues(FstProtocol.ErrnoHeader).Single());
            Assert.Null(answer.Headers.ETag);
        }
    }

    [Fact]
    public async Task A_broken_large_file_never_arrives_whole()
    {
        Flip("00000000/00000002", 4_000_000);
        await Assert.ThrowsAnyAsync<HttpRequestException>(() => _port.Client.GetByteArrayAsync(_large));
    }

    [Fact]
    public async Task A_truncated_file_is_EIO()
    {
        File.WriteAllBytes(_folder.Of("00000000/00000002"), Large[..^1]);
        using var answer = await _port.Client.GetAsync(_large);
        Assert.Equal(HttpStatusCode.InternalServerError, answer.StatusCode);
    }

    [Fact]
    public async Task Bytes_that_the_namespace_knows_otherwise_are_EIO()
    {
        var capability = _port.ToRead(await Store(3)) with { };
        capability = capability with { Content = capability.Content with { Checksum = new Checksum(ChecksumType.Adler32, "00000002") } };
        using var answer = await _port.Client.GetAsync(DataPort.Url(capability));
        Assert.Equal(HttpStatusCode.InternalServerError, answer.StatusCode);

        async Task<Capability> Store(ulong file) => await _port.StoreAsync(file, Small);
    }

    [Fact]
    public async Task What_is_not_there_is_404_and_what_is_not_allowed_403()
    {
        using (var answer = await _port.Client.GetAsync(DataPort.Url(_port.ToRead(_port.ToWrite(77))))) Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        using (var answer = await _port.Client.GetAsync("/eos/dev/x")) Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
        using (var answer = await _port.Client.DeleteAsync(_small)) Assert.Equal(HttpStatusCode.NotImplemented, answer.StatusCode);
    }

    [Fact]
    public async Task A_reader_that_leaves_frees_its_transfer()
    {
        using (var raw = await RawHttp.ConnectAsync(_port.Port))
        {
            _port.Gate.Idle = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            await raw.SendAsync($"GET {_large} HTTP/1.1\r\nHost: x\r\n\r\n");
            await raw.ReadAsync("\r\n\r\n");
            raw.Die();
        }

        await _port.Gate.Idle.Task.WaitAsync(TimeSpan.FromSeconds(60));
    }

    private void Flip(string name, int at)
    {
        using var file = File.OpenHandle(_folder.Of(name), access: FileAccess.ReadWrite);
        var one = new byte[1];
        RandomAccess.Read(file, one, at);
        one[0] ^= 4;
        RandomAccess.Write(file, one, at);
    }

    private static byte[] Bytes(int length)
    {
        var bytes = new byte[length];
        new Random(length).NextBytes(bytes);
        return bytes;
    }
}
