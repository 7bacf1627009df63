using System.Net;
using System.Security.Cryptography;
using Eos.Fst;
using Eos.Host.Http;
using Eos.Kernel;
using Eos.Tests.Support;

namespace Eos.Tests.Unit.Http;

public sealed class UploadTests : IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();
    private DataPort _port = null!;

    public async Task InitializeAsync() => _port = await DataPort.StartAsync(_folder.Path);

    public async Task DisposeAsync()
    {
        await _port.DisposeAsync();
        _folder.Dispose();
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(3_000_000)]
    public async Task An_upload_is_on_disk_with_its_checksum_when_it_is_answered(int length)
    {
        var bytes = Bytes(length);
        using var answer = await _port.Client.PutAsync(DataPort.Url(_port.ToWrite(20_001)), new ByteArrayContent(bytes));
        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
        var adler = ChecksumStream.Of(ChecksumType.Adler32, bytes);
        Assert.Equal($"adler32={adler.Hex}", answer.Headers.GetValues("Digest").Single());
        Assert.Equal($"\"{20_001ul << 28}:{adler.Hex}\"", answer.Headers.ETag!.Tag);
        Assert.Equal(bytes, File.ReadAllBytes(_folder.Of("00000002/00004e21")));
        Assert.Equal(adler, Assert.Single(_port.Gate.Committed).Checksum);
        Assert.Equal(2, _folder.Files().Length);
        Assert.Empty(_port.Gate.Running);
    }

    [Fact]
    public async Task A_chunked_upload_is_stored_too()
    {
        var bytes = Bytes(300_000);
        using var request = new HttpRequestMessage(HttpMethod.Put, DataPort.Url(_port.ToWrite(1)));
        request.Content = new ByteArrayContent(bytes);
        request.Headers.TransferEncodingChunked = true;
        using var answer = await _port.Client.SendAsync(request);
        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
        Assert.Equal(bytes, File.ReadAllBytes(_folder.Of("00000000/00000001")));
    }

    [Fact]
    public async Task Without_a_valid_capability_nothing_is_touched()
    {
        var good = DataPort.Url(_port.ToWrite(1));
        var expired = _port.ToWrite(1);
        expired = expired with { Grant = expired.Grant with { Expires = new Instant(1) } };
        foreach (var url in new[]
        {
            "/eos/dev/x", "/eos/dev/x?cap=", "/eos/dev/x?cap=nonsense", good[..^1] + (good[^1] == 'A' ? 'B' : 'A'),
            DataPort.Url(expired), DataPort.Url(_port.ToWrite(1) with { Places = [new ReplicaPlace(new FsId(44), "127.0.0.1", 1)] }), DataPort.Url(_port.ToRead(_port.ToWrite(1))),
        })
        {
            using var answer = await _port.Client.PutAsync(url, new ByteArrayContent(Bytes(10)));
            Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
        }

        Assert.Empty(_folder.Files());
    }

    [Fact]
    public async Task A_client_that_dies_in_the_middle_leaves_nothing()
    {
        foreach (var politely in new[] { true, false })
        {
            using var raw = await RawHttp.ConnectAsync(_port.Port);
            _port.Gate.Idle = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            await raw.SendAsync($"PUT {DataPort.Url(_port.ToWrite(5))} HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 1000000\r\n\r\n");
            Assert.Contains("100 Continue", await raw.ReadAsync("\r\n\r\n"));
            await raw.SendAsync(new byte[400_000]);
            Assert.Single(_folder.Files());
            if (politely) raw.Finish();
            else raw.Die();
            await _port.Gate.Idle.Task.WaitAsync(TimeSpan.FromSeconds(60));
            Assert.Empty(_folder.Files());
        }

        Assert.Empty(_port.Gate.Committed);
    }

    [Fact]
    public async Task Broken_chunks_are_refused_and_leave_nothing()
    {
        using var raw = await RawHttp.ConnectAsync(_port.Port);
        await raw.SendAsync($"PUT {DataPort.Url(_port.ToWrite(5))} HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\nnonsense\r\n\r\n");
        Assert.Contains(" 400 ", await raw.ReadAsync("\r\n"));
        Assert.Empty(_folder.Files());
    }

    [Theory]
    [InlineData("GARBAGE\r\n\r\n")]
    [InlineData("PUT / HTTP/9.9\r\n\r\n")]
    [InlineData("\0\u00ff\u00fe\r\n\r\n\r\n")]
    [InlineData("PUT /x HTTP/1.1\r\nHost: x\r\nContent-Length: -5\r\n\r\n")]
    public async Task Garbage_ends_its_own_connection_only(string garbage)
    {
        using var raw = await RawHttp.ConnectAsync(_port.Port);
        await raw.SendAsync(garbage);
        var said = await raw.ReadAsync();
        Assert.True(said.StartsWith("HTTP/1.1 4", StringComparison.Ordinal) || said.StartsWith("HTTP/1.1 505", StringComparison.Ordinal) || said.Length == 0, said);
        await _port.StoreAsync(1, Bytes(10));
    }

    [Fact]
    public async Task A_client_that_sends_next_to_nothing_is_let_go()
    {
        await using var port = await DataPort.StartAsync(_folder.Path, DataPort.Settings with { MinRate = 1_000_000 });
        using var raw = await RawHttp.ConnectAsync(port.Port);
        await raw.SendAsync($"PUT {DataPort.Url(port.ToWrite(5))} HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000\r\n\r\nhello");
        Assert.Contains(" 408 ", await raw.ReadAsync("\r\n"));
        Assert.Empty(_folder.Files());
    }

    [Theory]
    [InlineData("&eos.checksum=00000001", "", "", HttpStatusCode.BadRequest)]
    [InlineData("&eos.checksum=zz", "", "", HttpStatusCode.BadRequest)]
    [InlineData("&eos.checksum=", "", "", HttpStatusCode.Created)]
    [InlineData("&eos.checksum=091e01de", "", "", HttpStatusCode.Created)]
    [InlineData("&eos.checksum=091E01DE&eos.checksumtype=adler", "", "", HttpStatusCode.Created)]
    [InlineData("&eos.checksum=91e01de", "", "", HttpStatusCode.Created)]
    [InlineData("&eos.checksum=25f9e794323b453885f5181f1b624d0b&eos.checksumtype=md5", "", "", HttpStatusCode.BadRequest)]
    [InlineData("&eos.checksumtype=rot13", "", "", HttpStatusCode.BadRequest)]
    [InlineData("&eos.targetsize=9", "", "", HttpStatusCode.Created)]
    [InlineData("&eos.targetsize=10", "", "", HttpStatusCode.BadRequest)]
    [InlineData("&eos.targetsize=nine", "", "", HttpStatusCode.BadRequest)]
    [InlineData("", "Digest", "adler32=091e01de", HttpStatusCode.Created)]
    [InlineData("", "Digest", "adler32=091e01de, md5=JfnnlDI7RTiF9RgfG2JNCw==, sha-512=whatever", HttpStatusCode.Created)]
    [InlineData("", "Digest", "md5=25f9e794323b453885f5181f1b624d0b", HttpStatusCode.Created)]
    [InlineData("", "Digest", "adler32=091e01df", HttpStatusCode.BadRequest)]
    [InlineData("", "Digest", "md5=JfnnlDI7RTiF9RgfG2JNCg==", HttpStatusCode.BadRequest)]
    [InlineData("", "Digest", "adler32", HttpStatusCode.BadRequest)]
    [InlineData("", "Content-MD5", "JfnnlDI7RTiF9RgfG2JNCw==", HttpStatusCode.Created)]
    [InlineData("", "Content-MD5", "JfnnlDI7RTiF9RgfG2JNCg==", HttpStatusCode.BadRequest)]
    public async Task What_the_client_says_of_its_bytes_is_checked(string query, string header, string value, HttpStatusCode expected)
    {
        using var request = new HttpRequestMessage(HttpMethod.Put, DataPort.Url(_port.ToWrite(5), query));
        request.Content = new ByteArrayContent("123456789"u8.ToArray());
        if (header.Length > 0 && !request.Headers.TryAddWithoutValidation(header, value)) request.Content.Headers.TryAddWithoutValidation(header, value);
        using var answer = await _port.Client.SendAsync(request);
        Assert.True(expected == answer.StatusCode, await answer.Content.ReadAsStringAsync());
        Assert.Equal(expected == HttpStatusCode.Created ? 2 : 0, _folder.Files().Length);
        if (expected != HttpStatusCode.Created) Assert.Equal("22", answer.Headers.GetValues(FstProtocol.ErrnoHeader).Single());
    }

    [Fact]
    public async Task More_bytes_than_allowed_are_refused_announced_or_not()
    {
        using (var answer = await _port.Client.PutAsync(DataPort.Url(_port.ToWrite(5, max: 1000)), new ByteArrayContent(Bytes(1001))))
            Assert.Equal(HttpStatusCode.RequestEntityTooLarge, answer.StatusCode);
        using var request = new HttpRequestMessage(HttpMethod.Put, DataPort.Url(_port.ToWrite(5, max: 1000))) { Content = new ByteArrayContent(Bytes(1001)) };
        request.Headers.TransferEncodingChunked = true;
        using (var answer = await _port.Client.SendAsync(request)) Assert.Equal(HttpStatusCode.RequestEntityTooLarge, answer.StatusCode);
        Assert.Empty(_folder.Files());
    }

    [Fact]
    public async Task When_the_directory_refuses_nothing_stays_and_the_reason_is_told()
    {
        _port.Gate.Verdict = _ => new EosException(Errno.Stale, "another upload has taken the name");
        using var answer = await _port.Client.PutAsync(DataPort.Url(_port.ToWrite(5)), new ByteArrayContent(Bytes(100)));
        Assert.Equal(HttpStatusCode.Conflict, answer.StatusCode);
        Assert.Equal("another upload has taken the name\n", await answer.Content.ReadAsStringAsync());
        Assert.Empty(_folder.Files());
    }

    [Fact]
    public async Task A_filesystem_that_does_not_serve_says_so()
    {
        _port.Gate.Admission = _ => new EosException(Errno.NoDevice, "the filesystem is booting");
        using var answer = await _port.Client.PutAsync(DataPort.Url(_port.ToWrite(5)), new ByteArrayContent(Bytes(100)));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
        Assert.NotNull(answer.Headers.RetryAfter);
    }

    [Fact]
    public async Task The_same_open_is_written_once()
    {
        var capability = _port.ToWrite(5);
        using var raw = await RawHttp.ConnectAsync(_port.Port);
        await raw.SendAsync($"PUT {DataPort.Url(capability)} HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 9\r\n\r\n");
        await raw.ReadAsync("100 Continue\r\n\r\n");
        using (var second = await _port.Client.PutAsync(DataPort.Url(capability), new ByteArrayContent(Bytes(9)))) Assert.Equal(HttpStatusCode.Conflict, second.StatusCode);
        await raw.SendAsync("123456789");
        Assert.Contains("201 Created", await raw.ReadAsync("\r\n\r\n"));
        using (var third = await _port.Client.PutAsync(DataPort.Url(capability), new ByteArrayContent(Bytes(9)))) Assert.Equal(HttpStatusCode.Conflict, third.StatusCode);
        Assert.Equal("123456789", File.ReadAllText(_folder.Of("00000000/00000005")));
    }

    [Theory]
    [InlineData(ChecksumType.Sha256, "sha-256")]
    [InlineData(ChecksumType.Crc32C, "crc32c")]
    public async Task The_layout_decides_the_checksum(ChecksumType type, string name)
    {
        var bytes = Bytes(5000);
        using var answer = await _port.Client.PutAsync(DataPort.Url(_port.ToWrite(5, type: type)), new ByteArrayContent(bytes));
        var digest = answer.Headers.GetValues("Digest").Single();
        Assert.StartsWith(name + "=", digest);
        if (type == ChecksumType.Sha256) Assert.Equal("sha-256=" + Convert.ToBase64String(SHA256.HashData(bytes)), digest);
        Assert.Equal([ChecksumStream.Of(type, bytes)], DigestHeader.Read(digest)!);
    }

    [FullDiskFact]
    public async Task A_full_disk_is_507_and_leaves_nothing_announced_or_not()
    {
        using var mount = new TinyMount(4);
        await using var port = await DataPort.StartAsync(mount.Path);
        foreach (var chunked in new[] { false, true })
        {
            using var request = new HttpRequestMessage(HttpMethod.Put, DataPort.Url(port.ToWrite(5))) { Content = new ByteArrayContent(Bytes(8 << 20)) };
            request.Headers.TransferEncodingChunked = chunked;
            request.Headers.ExpectContinue = true;
            using var answer = await port.Client.SendAsync(request);
            Assert.Equal(HttpStatusCode.InsufficientStorage, answer.StatusCode);
            Assert.Equal("28", answer.Headers.GetValues(FstProtocol.ErrnoHeader).Single());
            Assert.Empty(mount.Files());
        }

        await port.StoreAsync(6, Bytes(1 << 20));
    }

    [Fact]
    public async Task Health_and_metrics_are_served()
    {
        await _port.StoreAsync(1, Bytes(10));
        Assert.Contains("\"state\":\"up\"", await _port.Client.GetStringAsync("/health"));
        var metrics = await _port.Client.GetStringAsync("/metrics");
        Assert.Matches("eos_http_requests_total\\{port=\"fst\",method=\"PUT\",status=\"201\"\\} [1-9]", metrics);
        Assert.Contains("eos_http_request_seconds_bucket{port=\"fst\",method=\"PUT\",le=\"+Inf\"}", metrics);
        Assert.Contains("process_resident_memory_bytes ", metrics);
    }

    private static byte[] Bytes(int length)
    {
        var bytes = new byte[length];
        new Random(length).NextBytes(bytes);
        return bytes;
    }
}
