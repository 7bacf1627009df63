using System.Net;
using Eos.Fst;
using Eos.Kernel;
using Eos.Tests.Support;

namespace Eos.Tests.Unit.Http;

/// <summary>Uploads that go through three data ports, each with a disk of its own.</summary>
public sealed class ChainTests : IAsyncLifetime
{
    private DataPorts _all = null!;

    private IReadOnlyList<DataPort> Ports => _all.Ports;

    private DataPort Head => Ports[0];

    public async Task InitializeAsync() => _all = await DataPorts.StartAsync(3);

    public async Task DisposeAsync() => await _all.DisposeAsync();

    private Capability Chain(ulong file) => _all.Chain(file);

    private async Task NothingIsLeftAsync()
    {
        await Eventually.Is(() => Task.FromResult(string.Join('\n', _all.OnDisks)), left => left.Length == 0, "nothing is left on any disk");
        Assert.All(Ports, port => Assert.Empty(port.Gate.Held));
        Assert.Empty(Head.Gate.Committed);
    }

    private static async Task<(HttpStatusCode Status, string? Errno, string? Failed)> PutAsync(DataPort port, Capability capability, HttpContent body, string more = "")
    {
        using var request = new HttpRequestMessage(HttpMethod.Put, DataPort.Url(capability, more)) { Content = body };
        using var answer = await port.Client.SendAsync(request);
        return (answer.StatusCode, Header(answer, FstProtocol.ErrnoHeader), Header(answer, FstProtocol.FailedHeader));
    }

    private static string? Header(HttpResponseMessage answer, string name) => answer.Headers.TryGetValues(name, out var values) ? values.Single() : null;

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(5_000_000)]
    public async Task All_replicas_have_the_bytes_and_the_head_commits_once(int size)
    {
        var (bytes, capability) = (HttpFiles.Bytes(size, size), Chain(7));
        Assert.Equal((HttpStatusCode.Created, null, null), await PutAsync(Head, capability, new ByteArrayContent(bytes)));
        Assert.Single(Head.Gate.Committed);
        foreach (var port in Ports)
        {
            await Eventually.Is(() => Task.FromResult(port.Gate.Held.Count), held => held == 0, "the head's word arrives");
            using var stored = port.Gate.Disk.Open(capability.File, capability.Open);
            var read = new byte[size + 1];
            Assert.Equal((size, (ulong)size), (stored.Read(read, 0), stored.Record.Size));
            Assert.Equal(bytes, read[..size]);
            Assert.Equal(Head.Gate.Committed.Single(), stored.Record);
        }
        Assert.Empty(Head.Gate.Running);
        Assert.Equal(Ports.Count * 2, _all.OnDisks.Count());
    }

    [Fact]
    public async Task A_body_of_unknown_length_goes_through_the_chain_too()
    {
        using var body = new StreamContent(new MemoryStream(HttpFiles.Bytes(3, 2_000_000)));
        body.Headers.ContentLength = null;
        using var request = new HttpRequestMessage(HttpMethod.Put, DataPort.Url(Chain(8))) { Content = body };
        request.Headers.TransferEncodingChunked = true;
        using var answer = await Head.Client.SendAsync(request);
        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
        Assert.Equal(2_000_000ul, Head.Gate.Committed.Single().Size);
    }

    [Fact]
    public async Task A_refusal_at_the_end_of_the_chain_is_the_uploads_and_nothing_is_left()
    {
        Ports[2].Gate.Admission = _ => new EosException(Errno.NoSpace, "filesystem 3 is full");
        Assert.Equal((HttpStatusCode.InsufficientStorage, "28", "3"), await PutAsync(Head, Chain(9), new ByteArrayContent(new byte[1000])));
        await NothingIsLeftAsync();
    }

    [Fact]
    public async Task A_server_that_is_gone_is_named_and_nothing_is_left()
    {
        var capability = Chain(10);
        await Ports[1].DisposeAsync();
        Assert.Equal((HttpStatusCode.ServiceUnavailable, "70", "2"), await PutAsync(Head, capability, new ByteArrayContent(new byte[1000])));
        await NothingIsLeftAsync();
    }

    /// <summary>Between the head and the next server bytes are changed, or lost. That one holds what it got, and is told to drop it.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_server_that_has_stored_other_bytes_fails_the_upload_and_nothing_is_left(bool areLost)
    {
        using var way = new HttpListener();
        var port = FreePort.Take(1)[0];
        way.Prefixes.Add($"http://127.0.0.1:{port}/");
        way.Start();
        var passing = PassAsync();
        var capability = Head.ToWrite(15, Ports[1]);
        capability = capability with { Places = [capability.Places[0], capability.Places[1] with { Port = port }] };
        Assert.Equal((HttpStatusCode.InternalServerError, "5", "2"), await PutAsync(Head, capability, new ByteArrayContent(new byte[1000])));
        await Eventually.True(() => Ports[1].Gate.Settled.Contains((capability.Open, Settlement.Drop)), "it was held there");
        await NothingIsLeftAsync();
        way.Stop();
        await passing.WaitAsync(Eventually.Patience);

        async Task PassAsync()
        {
            using var client = new HttpClient();
            try
            {
                while (true) await PassOneAsync(client, await way.GetContextAsync());
            }
            catch (Exception stopped) when (stopped is HttpListenerException or ObjectDisposedException)
            {
                // the way is closed; an answer that was under way is nobody's any more
            }
        }

        async Task PassOneAsync(HttpClient client, HttpListenerContext asked)
        {
            var body = new MemoryStream();
            await asked.Request.InputStream.CopyToAsync(body);
            var bytes = body.ToArray();
            if (bytes.Length > 0) bytes[0] ^= 1;
            using var onward = new HttpRequestMessage(new HttpMethod(asked.Request.HttpMethod), $"http://127.0.0.1:{Ports[1].Port}{asked.Request.RawUrl}");
            onward.Content = new ByteArrayContent(areLost && bytes.Length > 0 ? bytes[1..] : bytes);
            using var answer = await client.SendAsync(onward);
            asked.Response.StatusCode = (int)answer.StatusCode;
            foreach (var name in new[] { "Digest", FstProtocol.SizeHeader })
                if (Header(answer, name) is { } value) asked.Response.Headers[name] = value;
            asked.Response.Close();
        }
    }

    [Fact]
    public async Task A_client_that_breaks_off_leaves_nothing_anywhere()
    {
        using var broken = new StreamContent(new BreakingStream(3_000_000));
        using var request = new HttpRequestMessage(HttpMethod.Put, DataPort.Url(Chain(11))) { Content = broken };
        await Assert.ThrowsAnyAsync<HttpRequestException>(() => Head.Client.SendAsync(request));
        await NothingIsLeftAsync();
        Assert.All(Ports, port => Assert.Empty(port.Gate.Settled));   // a body without a length must not look complete
    }

    [Fact]
    public async Task Bytes_that_are_not_what_was_announced_are_left_nowhere()
    {
        Assert.Equal((HttpStatusCode.BadRequest, "22", null), await PutAsync(Head, Chain(12), new ByteArrayContent(new byte[1000]), "&eos.checksum=12345678"));
        await NothingIsLeftAsync();
    }

    [Fact]
    public async Task A_commit_that_the_directory_refuses_leaves_nothing_anywhere()
    {
        Head.Gate.Verdict = _ => new EosException(Errno.Busy, "another upload came later");
        Assert.Equal((HttpStatusCode.Conflict, "16", null), await PutAsync(Head, Chain(13), new ByteArrayContent(new byte[1000])));
        await NothingIsLeftAsync();
    }

    [Fact]
    public async Task Nobody_becomes_head_by_asking_another_place()
    {
        var capability = Chain(14);
        Assert.Equal(HttpStatusCode.Forbidden, (await PutAsync(Ports[1], capability, new ByteArrayContent(new byte[10]))).Status);
        Assert.Equal(HttpStatusCode.Forbidden, (await PutAsync(Ports[1], capability, new ByteArrayContent(new byte[10]), "&eos.chain=2")).Status);
        Assert.Equal(HttpStatusCode.Forbidden, (await PutAsync(Ports[1], capability, new ByteArrayContent(new byte[10]), "&eos.chain=9")).Status);
        await NothingIsLeftAsync();
    }

    /// <summary>Gives some bytes and then fails.</summary>
    private sealed class BreakingStream(int size) : MemoryStream(new byte[size])
    {
        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            var read = await base.ReadAsync(buffer, cancellationToken);
            return read > 0 ? read : throw new IOException("the source broke");
        }

        public override async Task CopyToAsync(Stream destination, int bufferSize, CancellationToken cancellationToken)
        {
            await destination.WriteAsync(ToArray(), cancellationToken);
            await destination.FlushAsync(cancellationToken);
            throw new IOException("the source broke");
        }

        public override bool CanSeek => false;
    }
}
