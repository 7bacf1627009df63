using Akka.Actor;
using Eos.Kernel;
using static Eos.Fst.FilesystemProtocol;

namespace Eos.Fst;

/// <summary>The gate of a filesystem whose actor runs in this process: the edge where a door may ask and wait.</summary>
/// <param name="answerTimeout">For what the actor answers by itself.</param>
/// <param name="commitTimeout">For what it answers when the directory has spoken.</param>
public sealed class ActorGate(FsId id, IDisk disk, FilesystemMeter meter, IActorRef actor, TimeSpan answerTimeout, TimeSpan commitTimeout) : IFilesystemGate
{
    public FsId Id => id;

    public IDisk Disk => disk;

    public FilesystemMeter Meter => meter;

    public async Task<TransferId> BeginAsync(Capability capability, CancellationToken cancel) =>
        await AskAsync(new Begin(capability), answerTimeout, cancel) switch
        {
            Begun begun => begun.Transfer,
            NotBegun refused => throw new EosException(refused.Refusal.Why, refused.Refusal.Text),
            var other => throw new InvalidOperationException($"unexpected answer {other.GetType().Name}"),
        };

    public async Task CommitAsync(TransferId transfer, ReplicaRecord record)
    {
        if (await AskAsync(new Finish(transfer, record), commitTimeout, CancellationToken.None) is NotStored refused)
            throw new EosException(refused.Refusal.Why, refused.Refusal.Text);
    }

    /// <summary>Tells the directory that a replica was made from others and is on stable storage; returns when it has accepted that and the bytes are kept.</summary>
    /// <param name="replaces">The place that it takes over, if one is lost.</param>
    public async Task AttachAsync(TransferId transfer, ReplicaRecord record, FsId? replaces)
    {
        if (await AskAsync(new Finish(transfer, record) { Replaces = replaces }, commitTimeout, CancellationToken.None) is NotStored refused)
            throw new EosException(refused.Refusal.Why, refused.Refusal.Text);
    }

    public async Task HoldAsync(TransferId transfer, ReplicaRecord record)
    {
        if (await AskAsync(new Hold(transfer, record), answerTimeout, CancellationToken.None) is NotStored refused)
            throw new EosException(refused.Refusal.Why, refused.Refusal.Text);
    }

    public void Settle(FileId file, OpenId open, Settlement settlement) => actor.Tell(new Settle(file, open, settlement));

    public void FoundBad(ChainGrant replica, ReplicaFault fault) => actor.Tell(new FoundBad(replica, fault));

    public void End(TransferId transfer) => actor.Tell(new End(transfer));

    private async Task<object> AskAsync(object question, TimeSpan timeout, CancellationToken cancel)
    {
        try
        {
            return await actor.Ask<object>(question, timeout, cancel);
        }
        catch (AskTimeoutException)
        {
            throw new EosException(Errno.TryAgain, $"filesystem {id} did not answer in time; the outcome is not known");
        }
    }
}
