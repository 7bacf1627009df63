using System.Net;
using System.Net.Http.Headers;
using Eos.Fst;
using Eos.Kernel;
using Eos.Tests.Support;

namespace Eos.Tests.Unit.Http;

/// <summary>What any HTTP client gets when the replica at the server that it was sent to is not what it should be.</summary>
public sealed class FailoverTests : IAsyncLifetime
{
    private static readonly byte[] Small = HttpFiles.Bytes(1, 100_000);
    private static readonly byte[] Large = HttpFiles.Bytes(2, 5 << 20);   // larger than what is verified first
    private DataPorts _ports = null!;

    public async Task InitializeAsync() => _ports = await DataPorts.StartAsync(2);

    public async Task DisposeAsync() => await _ports.DisposeAsync();

    private Task<byte[]> ReadAsync(Capability capability, string more = "") => _ports.Ports[0].Client.GetByteArrayAsync(DataPort.Url(capability, more));

    private (FileId File, ReplicaFault Fault)[] Reported => [.. _ports.Ports[0].Gate.Bad];

    [Fact]
    public async Task A_missing_replica_is_served_from_another_server_and_reported()
    {
        foreach (var (file, bytes) in new[] { (1ul, Small), (2ul, Large), (3ul, []) })
        {
            var capability = await _ports.StoreAsync(file, bytes);
            File.Delete(_ports.PathOf(0, capability.File));
            Assert.Equal(bytes, await ReadAsync(capability));
            Assert.Equal((capability.File, ReplicaFault.Missing), Reported[^1]);
        }
        await Eventually.True(() => _ports.Ports[0].Gate.Running.IsEmpty, "the last transfer ends");
    }

    [Fact]
    public async Task A_flipped_bit_is_never_served_and_reported()
    {
        var capability = await _ports.StoreAsync(1, Small);
        _ports.Flip(0, capability.File, 777);
        Assert.Equal(Small, await ReadAsync(capability));
        Assert.Equal((capability.File, ReplicaFault.Broken), Assert.Single(Reported));

        using var request = new HttpRequestMessage(HttpMethod.Get, DataPort.Url(capability));
        request.Headers.Range = new RangeHeaderValue(700, 799);
        using var part = await _ports.Ports[0].Client.SendAsync(request);
        Assert.Equal(HttpStatusCode.PartialContent, part.StatusCode);
        Assert.Equal(Small[700..800], await part.Content.ReadAsByteArrayAsync());
    }

    [Fact]
    public async Task A_flipped_bit_of_a_large_file_breaks_the_connection_and_is_reported()
    {
        var capability = await _ports.StoreAsync(1, Large);
        _ports.Flip(0, capability.File, 777);
        await Assert.ThrowsAnyAsync<HttpRequestException>(() => ReadAsync(capability));
        Assert.Equal((capability.File, ReplicaFault.Broken), Assert.Single(Reported));
    }

    [Fact]
    public async Task A_replica_of_the_wrong_length_is_served_from_another_server()
    {
        var capability = await _ports.StoreAsync(1, Large);
        using (var bytes = new FileStream(_ports.PathOf(0, capability.File), FileMode.Open)) bytes.SetLength(3 << 20);
        Assert.Equal(Large, await ReadAsync(capability));
        Assert.Equal(ReplicaFault.Broken, Assert.Single(Reported).Fault);
    }

    [Fact]
    public async Task A_filesystem_that_does_not_serve_is_replaced_by_another()
    {
        var capability = await _ports.StoreAsync(1, Large);
        _ports.Ports[0].Gate.Admission = _ => new EosException(Errno.NoDevice, "the disk failed");
        Assert.Equal(Large, await ReadAsync(capability));
        Assert.Empty(Reported);
    }

    [Fact]
    public async Task Who_names_the_place_gets_its_answer_and_no_other()
    {
        var capability = await _ports.StoreAsync(1, Small);
        Assert.Equal(Small, await ReadAsync(capability, "&eos.chain=0"));
        File.Delete(_ports.PathOf(0, capability.File));
        using var answer = await _ports.Ports[0].Client.GetAsync(DataPort.Url(capability, "&eos.chain=0"));
        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
    }

    [Fact]
    public async Task Without_a_good_replica_there_is_an_error()
    {
        var capability = await _ports.StoreAsync(1, Small);
        _ports.Flip(0, capability.File, 1);
        _ports.Flip(1, capability.File, 1);
        using var answer = await _ports.Ports[0].Client.GetAsync(DataPort.Url(capability));
        Assert.Equal((HttpStatusCode.InternalServerError, "5"), (answer.StatusCode, answer.Headers.GetValues(FstProtocol.ErrnoHeader).Single()));
        Assert.Single(_ports.Ports[1].Gate.Bad);
    }
}
