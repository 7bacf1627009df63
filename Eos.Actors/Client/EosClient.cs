using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using Eos.Fst;
using Eos.Gateway;
using Eos.Kernel;
using static Eos.Gateway.GatewayProtocol;

namespace Eos.Client;

/// <summary>
/// Talks to an Eos instance: what the CLI and embedding applications use. Every method gives its result or throws <see cref="EosException"/>
/// with the errno and text of the refusal (ENONET when no gateway answered in time). Safe for concurrent use.
/// </summary>
/// <param name="timeout">For each namespace operation; null: for ever. Transfers take as long as they take.</param>
public sealed partial class EosClient(IGatewayLink link, Claim claim, TimeSpan? timeout = null) : IAsyncDisposable
{
    private readonly OpSequence _operations = new();
    private readonly Lazy<Transfer> _transfer = new(() => new Transfer(link.Transfer));
    private readonly Suspects _suspects = new(link.Transfer.Avoid, SystemClock.Instance);

    public Claim Claim => claim;

    /// <summary>A client for somebody else over the same link, which stays this one's: the other is not to be disposed.</summary>
    public EosClient As(Claim other) => new(link, other, timeout);

    /// <summary>Makes a directory; with <paramref name="parents"/> also what is missing above it. Mode null: as the parent's.</summary>
    public Task MakeDirectoryAsync(string path, bool parents = false, uint? mode = null, CancellationToken cancel = default) =>
        AskAsync<Done>(head => new MakeDirectory(head, path, parents, mode), cancel);

    /// <summary>All names of a directory in order, page by page; of a file, itself.</summary>
    public async IAsyncEnumerable<Entry> ListAsync(string path, bool detailed = false, [EnumeratorCancellation] CancellationToken cancel = default)
    {
        var after = "";
        while (true)
        {
            var page = await AskAsync<Listing>(head => new List(head, path, after, detailed), cancel);
            foreach (var entry in page.Entries) yield return entry;
            if (!page.More || page.Entries.Length == 0) yield break;
            after = page.Entries[^1].Name;
        }
    }

    public async Task<Entry> StatAsync(string path, CancellationToken cancel = default) =>
        (await AskAsync<Status>(head => new Stat(head, path), cancel)).Entry;

    /// <summary>The whole record: a <see cref="FileInformation"/> or a <see cref="DirectoryInformation"/>.</summary>
    public Task<IFinal> InfoAsync(string path, CancellationToken cancel = default) =>
        AskAsync<IFinal>(head => new Inform(head, path), cancel);

    /// <param name="forced">Past the recycle bin; root only.</param>
    public Task RemoveAsync(string path, bool forced = false, CancellationToken cancel = default) =>
        AskAsync<Done>(head => new RemoveFile(head, path) { IsForced = forced }, cancel);

    public Task RemoveDirectoryAsync(string path, CancellationToken cancel = default) =>
        AskAsync<Done>(head => new RemoveDirectory(head, path), cancel);

    /// <summary>Another name, in the same directory or another; <paramref name="overwrite"/>: as `mv` does, over a file and into a directory that is there.</summary>
    public Task RenameAsync(string from, string to, bool overwrite = false, CancellationToken cancel = default) =>
        AskAsync<Done>(head => new Rename(head, from, to, overwrite), cancel);

    /// <summary>Makes missing replicas and gives up superfluous and lost ones; what was ordered happens soon.</summary>
    /// <param name="excluded">Filesystems that get no new replica.</param>
    public async Task<ImmutableArray<ReplicaWork>> AdjustReplicasAsync(
        string path, bool keepsAll = false, ImmutableArray<FsId>? excluded = null, CancellationToken cancel = default) =>
        (await AskAsync<Arranged>(head => new AdjustReplicas(head, path, keepsAll) { Excluded = excluded ?? [] }, cancel)).Work;

    /// <summary>Lets one filesystem, or all that have the file, read it and mend what is wrong; soon.</summary>
    /// <param name="glance">They see only whether it is there.</param>
    public async Task<ImmutableArray<ReplicaWork>> VerifyReplicasAsync(
        string path, FsId? fs = null, bool glance = false, FstProtocol.Correction corrects = FstProtocol.Correction.None, ulong rate = 0, CancellationToken cancel = default) =>
        (await AskAsync<Arranged>(head => new VerifyReplicas(head, path, fs) { Glance = glance, Corrects = corrects, Rate = rate }, cancel)).Work;

    /// <summary>Makes a further replica from that of the source; with <paramref name="moves"/> the source is then given up. Soon.</summary>
    public async Task<ImmutableArray<ReplicaWork>> CopyReplicaAsync(string path, FsId source, FsId target, bool moves = false, CancellationToken cancel = default) =>
        (await AskAsync<Arranged>(head => new CopyReplica(head, path, source, target, moves), cancel)).Work;

    /// <summary>Gives a file another layout; what is null stays. No byte is moved.</summary>
    public Task ChangeLayoutAsync(string path, int? stripes = null, LayoutId? type = null, ChecksumType? checksum = null, CancellationToken cancel = default) =>
        AskAsync<Done>(head => new ChangeLayout(head, path, stripes, type, checksum), cancel);

    public Task DropReplicaAsync(string path, FsId fs, CancellationToken cancel = default) => AskAsync<Done>(head => new DropReplica(head, path, fs), cancel);

    /// <summary>Asks the server of every replica what it has, without moving bytes.</summary>
    public async Task<ImmutableArray<ReplicaState>> CheckReplicasAsync(FileInformation file, CancellationToken cancel = default)
    {
        var states = ImmutableArray.CreateBuilder<ReplicaState>();
        var locations = file.File.Content.Locations;
        foreach (var fs in locations)
        {
            try
            {
                var redirect = await OpenReadAsync(file.Path, [.. locations.Where(other => other != fs)], cancel: cancel);
                var (size, sum) = await _transfer.Value.LookAsync(redirect, cancel);
                states.Add(new ReplicaState(fs, size, sum, null));
            }
            catch (TransferFault fault)
            {
                states.Add(new ReplicaState(fs, 0, Checksum.None, new Refusal(fault.Why, fault.Message)));
            }
            catch (EosException offline) when (offline.Why == Errno.NetworkUnreachable)
            {
                states.Add(new ReplicaState(fs, 0, Checksum.None, new Refusal(offline.Why, "the filesystem is offline")));
            }
        }
        return states.ToImmutable();
    }

    /// <summary>Where to read; not from the filesystems that are excluded.</summary>
    /// <param name="options">EOS's query keys, as `eos.excludefsid`.</param>
    public Task<Redirect> OpenReadAsync(
        string path, ImmutableArray<FsId>? excluded = null, ImmutableSortedDictionary<string, string>? options = null, CancellationToken cancel = default) =>
        AskAsync<Redirect>(head => new OpenRead(head, path) { Excluded = excluded ?? [], Options = options ?? NoOptions }, cancel);

    /// <summary>Where to write; not to the filesystems that are excluded.</summary>
    public Task<Redirect> OpenWriteAsync(string path, PutOptions options, ImmutableArray<FsId>? excluded = null, CancellationToken cancel = default) =>
        AskAsync<Redirect>(head => new OpenWrite(head, path, options.Size, options.Overwrite, options.Checksum) { Excluded = excluded ?? [], Options = options.Query }, cancel);

    /// <summary>
    /// Stores all of <paramref name="source"/> under <paramref name="path"/>: complete and durable when it returns, or not there at all. When a server fails, other
    /// places are tried, as long as the source can be set back or not much was taken of it.
    /// </summary>
    public async Task<Stored> PutAsync(
        string path, Stream source, PutOptions? options = null, IProgress<long>? progress = null, CancellationToken cancel = default)
    {
        var (wanted, again) = (options ?? new PutOptions(), new ReplayStream(source, link.Transfer.Replay));
        if (wanted.Size is null && again.Left is { } left) wanted = wanted with { Size = (ulong)left };
        return await new Upload(this, _transfer.Value, _suspects, link.Transfer).RunAsync(path, again, wanted, progress, cancel);
    }

    /// <summary>Writes the bytes of <paramref name="path"/> to <paramref name="target"/>; returns how many. Where a replica breaks off, the next one goes on.</summary>
    /// <param name="options">EOS's query keys, as `eos.excludefsid`.</param>
    public Task<long> GetAsync(
        string path, Stream target, ByteRange? range = null, IProgress<long>? progress = null, ImmutableSortedDictionary<string, string>? options = null,
        CancellationToken cancel = default) =>
        new Download(this, _transfer.Value, _suspects, link.Transfer, options ?? NoOptions).RunAsync(path, target, range, progress, cancel);

    public Task<Filesystems> FilesystemsAsync(CancellationToken cancel = default) => AskAsync<Filesystems>(head => new ListFilesystems(head), cancel);
    public Task<Nodes> NodesAsync(CancellationToken cancel = default) => AskAsync<Nodes>(head => new ListNodes(head), cancel);
    public Task<Groups> GroupsAsync(CancellationToken cancel = default) => AskAsync<Groups>(head => new ListGroups(head), cancel);
    public Task<Spaces> SpacesAsync(CancellationToken cancel = default) => AskAsync<Spaces>(head => new ListSpaces(head), cancel);
    public Task<Statistics> StatisticsAsync(CancellationToken cancel = default) => AskAsync<Statistics>(head => new AskStatistics(head), cancel);

    /// <summary>Gives the master role to that node, by name or "host:port"; done when it has it.</summary>
    public Task<MasterMoved> MoveMasterAsync(string node, CancellationToken cancel = default) => AskAsync<MasterMoved>(head => new MoveMaster(head, node), cancel);

    /// <summary>Whether standbys take the master role by themselves when it is free.</summary>
    public Task SetMasterFailoverAsync(bool on, CancellationToken cancel = default) => AskAsync<Done>(head => new SetMasterFailover(head, on), cancel);
    public Task ClearMasterLogAsync(CancellationToken cancel = default) => AskAsync<Done>(head => new ClearMasterLog(head), cancel);
    public Task<MasterLog> MasterLogAsync(CancellationToken cancel = default) => AskAsync<MasterLog>(head => new ReadMasterLog(head), cancel);
    public Task<InstanceVersion> VersionAsync(CancellationToken cancel = default) =>
        AskAsync<InstanceVersion>(head => new AskVersion(head), cancel);

    /// <summary>An administrator's command; long reports are fetched part by part.</summary>
    public async Task<Report> AdministerAsync(
        string noun, string verb, IEnumerable<string> arguments, IEnumerable<KeyValuePair<string, string>>? options = null, CancellationToken cancel = default)
    {
        var (words, named) = (arguments.ToImmutableArray(), ImmutableSortedDictionary.CreateRange(StringComparer.Ordinal, options ?? []));
        var whole = await AskAsync<Report>(head => new Administer(head, noun, verb, words, named), cancel);
        for (var next = whole.Next; next != 0;)
        {
            var part = await AskAsync<Report>(head => new Administer(head, noun, verb, words, named, next), cancel);
            whole = whole with { Records = whole.Records.AddRange(part.Records), Lines = whole.Lines.AddRange(part.Lines), Next = 0 };
            next = part.Next;
        }
        return whole;
    }

    public async ValueTask DisposeAsync()
    {
        if (_transfer.IsValueCreated) _transfer.Value.Dispose();
        await link.DisposeAsync();
    }

    private async Task<T> AskAsync<T>(Func<Head, IRequest> request, CancellationToken cancel) where T : IFinal
    {
        var lane = _operations.Begin();
        var op = lane.Op;
        using var deadline = new CancellationTokenSource(timeout ?? Timeout.InfiniteTimeSpan);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancel, deadline.Token);
        try
        {
            var proved = await link.ProveAsync(claim, either.Token);
            await foreach (var reply in HearAsync(request(new Head(op, op.Number, proved)), either.Token))
            {
                switch (reply)
                {
                    case Refused refused: throw new EosException(refused.Why, refused.Text);
                    case Elsewhere elsewhere: throw new RoutedException(elsewhere);
                    case T answer: return answer;
                    default: throw new EosException(Errno.BadMessage, $"unexpected answer {reply.GetType().Name}");
                }
            }
            throw new EosException(Errno.NoNetwork, "the connection to the gateway was closed");
        }
        catch (OperationCanceledException) when (deadline.IsCancellationRequested && !cancel.IsCancellationRequested)
        {
            throw new EosException(Errno.NoNetwork, "no gateway answered in time");
        }
        finally
        {
            _operations.End(lane);
        }
    }
}

/// <summary>How to store a file. <paramref name="Size"/>: bytes to come, if known. <paramref name="Checksum"/> null: the directory's default.</summary>
public sealed record PutOptions(ulong? Size = null, bool Overwrite = true, ChecksumType? Checksum = null)
{
    /// <summary>EOS's query keys, as `eos.space` and `eos.layout.nstripes`.</summary>
    public ImmutableSortedDictionary<string, string> Query { get; init; } = NoOptions;
}

/// <summary>What a server says of its replica; the problem is null if it serves it.</summary>
public sealed record ReplicaState(FsId Fs, ulong Size, Checksum Checksum, Refusal? Problem);

/// <summary>What was stored.</summary>
public sealed record Stored(FileId File, ulong Size, Checksum Checksum);

/// <summary>Bytes from <paramref name="First"/> to <paramref name="Last"/>, both included; null: to the end.</summary>
public readonly record struct ByteRange(long First, long? Last);
