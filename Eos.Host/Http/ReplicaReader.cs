using Eos.Fst;
using Eos.Kernel;

namespace Eos.Host.Http;

/// <summary>
/// The bytes of a file as one data server gives them: from its own disk, and from the replicas of other servers from where its own fails. All replicas have the
/// size and checksum of the capability, so what is read does not depend on where it comes from. Not thread-safe.
/// </summary>
internal sealed class ReplicaReader : IAsyncDisposable
{
    private readonly PeerPort _peers;
    private readonly IFilesystemGate _gate;
    private readonly ChainGrant _here;
    private readonly Queue<ChainGrant> _others;
    private IStoredBytes? _own;
    private HttpResponseMessage? _response;
    private Stream? _remote;
    private ChainGrant? _source;
    private long _remoteAt;

    private ReplicaReader(PeerPort peers, IFilesystemGate gate, ChainGrant here, bool alone)
    {
        (_peers, _gate, _here) = (peers, gate, here);
        _others = new Queue<ChainGrant>(alone ? [] : here.Others);
    }

    /// <summary>What is known of the file.</summary>
    public ReplicaRecord Record { get; private set; } = null!;

    public long Length => (long)Record.Size;

    /// <summary>The bytes come from the disk of this server.</summary>
    public bool IsOwn => _own is not null;

    /// <summary>Opens the server's own replica, else the first other one that can be read.</summary>
    /// <param name="alone">No other replica is to be asked: the asker knows them all.</param>
    /// <param name="refusal">Why this server's own is not to be opened; null: it is.</param>
    public static async Task<ReplicaReader> OpenAsync(PeerPort peers, IFilesystemGate gate, ChainGrant here, bool alone, EosException? refusal, CancellationToken cancel)
    {
        var reader = new ReplicaReader(peers, gate, here, alone);
        if (refusal is not null)
        {
            await reader.SwitchAsync(refusal, 0, cancel);
            return reader;
        }

        try
        {
            reader._own = gate.Disk.Open(here.Capability.File, here.Capability.Open);
            reader.CheckAgainstCapability(reader._own);
            reader.Record = reader._own.Record;
        }
        catch (Exception failure) when (failure is DiskFault or EosException)
        {
            reader.Tell(failure);
            await reader.SwitchAsync(failure, 0, cancel);
        }

        return reader;
    }

    /// <summary>Reads from the offset; never less than one byte. <see cref="EosException"/>, EIO, when no replica has it.</summary>
    public async ValueTask<int> ReadAsync(Memory<byte> into, long at, CancellationToken cancel)
    {
        while (true)
        {
            Exception failure;
            try
            {
                var read = _own is not null ? _own.Read(into.Span, at) : await ReadRemoteAsync(into, at, cancel);
                if (read > 0) return read;
                failure = Broken("it ends early");
            }
            catch (Exception broken) when (broken is DiskFault or PeerFault)
            {
                failure = broken;
            }

            if (_own is not null) Tell(failure);
            await SwitchAsync(failure, at, cancel);
        }
    }

    /// <summary>All bytes were read and they are wrong: goes on with another replica.</summary>
    public Task SwitchFromWrongAsync(EosException failure, CancellationToken cancel)
    {
        if (_own is not null) Tell(failure);
        return SwitchAsync(failure, 0, cancel);
    }

    /// <summary>The replica that is open is not what it should be: goes on with the next one, or throws the failure when there is none.</summary>
    private async Task SwitchAsync(Exception failure, long at, CancellationToken cancel)
    {
        _own?.Dispose();
        _own = null;
        CloseRemote();
        while (_others.TryDequeue(out var other))
        {
            try
            {
                await OpenRemoteAsync(other, at, cancel);
                return;
            }
            catch (PeerFault)
            {
                // the next one
            }
        }

        throw failure switch
        {
            DiskFault disk => new EosException(disk.Why, disk.Message),
            PeerFault peer => new EosException(peer.Why, peer.Message),
            _ => failure,
        };
    }

    /// <summary>All bytes are read and they are wrong, too late to take others: at least it is told, if they were this server's.</summary>
    public void IsWrong(EosException failure)
    {
        if (_own is not null) Tell(failure);
    }

    private void Tell(Exception failure) => _gate.FoundBad(_here, failure is DiskFault { Why: Errno.NoEntry } ? ReplicaFault.Missing : ReplicaFault.Broken);

    public EosException Broken(string why) => new(Errno.InputOutput, $"the replica of file {_here.Capability.File} is broken: {why}");

    public ValueTask DisposeAsync()
    {
        _own?.Dispose();
        CloseRemote();
        return ValueTask.CompletedTask;
    }

    /// <summary>A replica whose size or checksum is not what the directory recorded is broken, whatever it says of itself.</summary>
    private void CheckAgainstCapability(IStoredBytes stored)
    {
        var (record, content) = (stored.Record, _here.Capability.Content);
        if ((ulong)stored.Length != record.Size) throw Broken($"{stored.Length} bytes are on disk, {record.Size} were stored");
        if (content.Size is { } size && size != record.Size) throw Broken($"{record.Size} bytes are stored, the namespace has {size}");
        if (content.Checksum is { Hex.Length: > 0 } sum && sum != record.Checksum) throw Broken($"stored with checksum {record.Checksum.Hex}, the namespace has {sum.Hex}");
    }

    private async Task OpenRemoteAsync(ChainGrant other, long at, CancellationToken cancel)
    {
        _response = await _peers.ReadAsync(other, at, cancel);
        try
        {
            _remote = await _response.Content.ReadAsStreamAsync(cancel);
        }
        catch (Exception broken) when (broken is HttpRequestException or IOException)
        {
            throw PeerPort.Broken(other, broken);
        }

        _remoteAt = at;
        (_source, Record) = (other, Record ?? RecordOf(_response));
    }

    private async ValueTask<int> ReadRemoteAsync(Memory<byte> into, long at, CancellationToken cancel)
    {
        var source = _source!;
        if (at != _remoteAt)
        {
            CloseRemote();
            await OpenRemoteAsync(source, at, cancel);
        }

        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        limit.CancelAfter(_peers.Patience);
        try
        {
            var read = await _remote!.ReadAsync(into, limit.Token);
            _remoteAt += read;
            return read;
        }
        catch (Exception broken) when (broken is HttpRequestException or IOException)
        {
            throw PeerPort.Broken(source, broken);
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            throw new PeerFault(source.Place.Fs, Errno.TimedOut, $"filesystem {source.Place.Fs} gave nothing for {_peers.Patience.TotalSeconds:0} s");
        }
    }

    /// <summary>What the capability says of the file, with the modification time that the other server says.</summary>
    private ReplicaRecord RecordOf(HttpResponseMessage response)
    {
        var c = _here.Capability;
        var modified = response.Content.Headers.LastModified is { } time ? Instant.From(time) : Instant.Epoch;
        return new ReplicaRecord(c.File, c.Directory, c.Open, c.Content.Size ?? 0, c.Content.Checksum, c.Content.Layout, modified, c.Grant.Uid);
    }

    private void CloseRemote()
    {
        _remote?.Dispose();
        _response?.Dispose();
        (_remote, _response) = (null, null);
    }
}
