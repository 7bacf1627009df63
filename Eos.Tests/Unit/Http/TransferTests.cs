using Eos.Client;
using Eos.Fst;
using Eos.Kernel;
using Eos.Tests.Support;
using static Eos.Gateway.GatewayProtocol;

namespace Eos.Tests.Unit.Http;

/// <summary>A client among servers that fail: it goes on elsewhere.</summary>
public sealed class TransferTests : IAsyncLifetime
{
    private const string Path = "/eos/dev/x";
    private static readonly byte[] Bytes = HttpFiles.Bytes(4, 5 << 20);
    private DataPorts _ports = null!;
    private EosClient _client = null!;

    public async Task InitializeAsync() => _client = (_ports = await DataPorts.StartAsync(3)).Client();

    public async Task DisposeAsync() => await _client.DisposeAsync();   // and so the ports, which are its link

    private async Task<byte[]> GetAsync(ByteRange? range = null)
    {
        var target = new MemoryStream();
        Assert.Equal(await _client.GetAsync(Path, target, range), target.Length);
        return target.ToArray();
    }

    private FsId[][] Excluded => [.. _ports.Opened.Select(o => o is OpenWrite w ? w.Excluded.ToArray() : [.. ((OpenRead)o).Excluded])];

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public async Task What_a_dead_server_does_not_take_goes_elsewhere_and_the_next_file_does_not_try_it(int dead)
    {
        await _ports.Ports[dead].DisposeAsync();
        var stored = await _client.PutAsync(Path, new MemoryStream(Bytes));
        Assert.Equal(((ulong)Bytes.Length, ChecksumStream.Of(ChecksumType.Adler32, Bytes)), (stored.Size, stored.Checksum));
        Assert.Equal(Bytes, await GetAsync());
        await _client.PutAsync(Path + "2", new MemoryStream(Bytes));
        FsId gone = new((uint)dead + 1);
        Assert.Equal([[], [gone], [gone], [gone]], Excluded);
    }

    [Fact]
    public async Task A_stream_that_cant_be_set_back_is_sent_again_as_far_as_it_is_remembered()
    {
        await _ports.Ports[0].DisposeAsync();
        await _client.PutAsync(Path, new OneWay(Bytes));   // the server refuses before anything was taken
        Assert.Equal(Bytes, await GetAsync());

        var second = _ports.Ports[1].Gate;
        second.Verdict = _ => new EosException(Errno.InputOutput, "the disk failed in the end");
        var failure = await Assert.ThrowsAsync<EosException>(() => _client.PutAsync(Path, new OneWay(Bytes)));
        Assert.Equal(Errno.InputOutput, failure.Why);
        Assert.Contains("can't be read again", failure.Message);
    }

    [Fact]
    public async Task A_small_stream_that_cant_be_set_back_survives_a_late_failure()
    {
        var tries = 0;
        _ports.Ports[0].Gate.Verdict = _ => tries++ == 0 ? new EosException(Errno.InputOutput, "the disk failed in the end") : null;
        await _client.PutAsync(Path, new OneWay(Bytes[..100_000]));
        Assert.Equal(Bytes[..100_000], await GetAsync());
    }

    [Fact]
    public async Task Only_as_many_places_are_tried_as_the_settings_say_and_the_last_failure_is_told()
    {
        foreach (var port in _ports.Ports) port.Gate.Admission = c => c.Operation == CapabilityOperation.Write ? new EosException(Errno.NoDevice, "no disk") : null;
        var failure = await Assert.ThrowsAsync<EosException>(() => _client.PutAsync(Path, new MemoryStream(Bytes)));
        Assert.Equal(Errno.NoDevice, failure.Why);
        Assert.Empty(_ports.OnDisks);
    }

    [Fact]
    public async Task What_is_wrong_with_the_file_itself_is_not_tried_again()
    {
        foreach (var port in _ports.Ports) port.Gate.Verdict = _ => new EosException(Errno.Busy, "another upload came later");
        Assert.Equal(Errno.Busy, (await Assert.ThrowsAsync<EosException>(() => _client.PutAsync(Path, new MemoryStream(Bytes)))).Why);
        Assert.Single(_ports.Opened);
    }

    [Fact]
    public async Task A_file_whose_answer_was_lost_is_not_stored_twice()
    {
        var gate = _ports.Ports[0].Gate;
        gate.AfterCommit = _ => new EosException(Errno.TryAgain, "the outcome is not known");
        var stored = await _client.PutAsync(Path, new MemoryStream(Bytes), new PutOptions(Overwrite: false));
        Assert.Equal(gate.Committed.Single().File, stored.File);
        Assert.Single(_ports.Opened);
    }

    [Fact]
    public async Task A_failing_source_is_the_callers_failure()
    {
        var failure = await Assert.ThrowsAsync<IOException>(() => _client.PutAsync(Path, new OneWay(Bytes, breaksAtEnd: true), new PutOptions(Size: 6 << 20)));
        Assert.Equal("the source broke", failure.Message);
        Assert.Single(_ports.Opened);
    }

    [Fact]
    public async Task Where_one_replica_breaks_off_the_next_goes_on()
    {
        var stored = await _client.PutAsync(Path, new MemoryStream(Bytes));
        _ports.Flip(0, stored.File, Bytes.Length - 1);   // held back and never sent: what came before is right
        Assert.Equal(Bytes, await GetAsync());
        Assert.Equal([[], [], [new FsId(1)]], Excluded);

        var oneWay = new OneWayTarget();
        await _client.GetAsync(Path, oneWay);
        Assert.Equal(Bytes, oneWay.Taken.ToArray());
    }

    [Fact]
    public async Task Wrong_bytes_that_came_already_are_fetched_anew_or_are_an_error()
    {
        var stored = await _client.PutAsync(Path, new MemoryStream(Bytes));
        _ports.Flip(0, stored.File, 5);
        Assert.Equal(Bytes, await GetAsync());
        Assert.Equal(Errno.InputOutput, (await Assert.ThrowsAsync<EosException>(() => _client.GetAsync(Path, new OneWayTarget()))).Why);
    }

    [Fact]
    public async Task A_part_of_a_file_is_read_where_it_is_there()
    {
        await _client.PutAsync(Path, new MemoryStream(Bytes));
        await _ports.Ports[0].DisposeAsync();
        Assert.Equal(Bytes[1000..2001], await GetAsync(new ByteRange(1000, 2000)));
        Assert.Equal(Bytes[1000..], await GetAsync(new ByteRange(1000, null)));
    }

    private sealed class OneWay(byte[] bytes, bool breaksAtEnd = false) : MemoryStream(bytes)
    {
        public override bool CanSeek => false;

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            var read = await base.ReadAsync(buffer, cancellationToken);
            return read > 0 || !breaksAtEnd ? read : throw new IOException("the source broke");
        }
    }

    private sealed class OneWayTarget : MemoryStream
    {
        public MemoryStream Taken { get; } = new();

        public override bool CanSeek => false;

        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) => Taken.WriteAsync(buffer, cancellationToken);
    }
}
