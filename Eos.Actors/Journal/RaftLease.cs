using Akka.Actor;
using Akka.Coordination;
using static Eos.Kv.SystemProtocol;

namespace Eos.Journal;

/// <summary>
/// A lease of the engine's, for shards and singletons: a row in the group that lasts as long as the node's session. It costs no renewal of its own; the node's
/// renewal keeps all of them.
/// </summary>
public sealed class RaftLease : Lease
{
    /// <summary>Its name as a plugin, for `use-lease`.</summary>
    public const string Id = "eos.coordination.lease.raft";

    private readonly KvGroup _group;
    private long _token;
    private Task<IAnswer> _release = Task.FromResult<IAnswer>(Done.Instance);
    private CancellationTokenRegistration _onLoss;

    public RaftLease(LeaseSettings settings, ExtendedActorSystem system) : base(settings) => _group = KvGroup.Get(system);

    public override Task<bool> Acquire() => Acquire(_ => { });

    /// <summary>False while another node has it; fails when that can't be found out in time.</summary>
    public override async Task<bool> Acquire(Action<Exception?> leaseLostCallback)
    {
        var (session, patience) = (_group.Session, Settings.TimeoutSettings.OperationTimeout);
        if (!await IsReleasedAsync(patience).ConfigureAwait(false)) throw new LeaseTimeoutException($"{Settings.LeaseName}: not known in time whether it was given back");
        var fence = await BegunAsync(session, patience).ConfigureAwait(false);
        var answer = await _group.Client.DoAsync(new AcquireBound(Settings.LeaseName, session.Holder, fence), patience).ConfigureAwait(false);
        switch (answer)
        {
            case LeaseGranted granted:
                Keep(session, granted.Token, leaseLostCallback);
                return true;
            case LeaseHeld:
                return false;
            case Refused refused:
                throw new LeaseException($"{Settings.LeaseName}: {refused.Text}");
            default:
                throw new LeaseTimeoutException($"{Settings.LeaseName}: not known in time whether it was granted");
        }
    }

    /// <summary>True when it is certain that this node does not have it any more. Until it is, asking for it again might find it still held, under a token that is about to go.</summary>
    public override async Task<bool> Release()
    {
        var token = (ulong)Interlocked.Exchange(ref _token, 0);
        if (token == 0) return true;
        await _onLoss.DisposeAsync().ConfigureAwait(false);
        _group.Session.Unbind(Settings.LeaseName, token);
        _release = _group.Client.DoAsync(new ReleaseLease(Settings.LeaseName, token));
        return await IsReleasedAsync(Settings.TimeoutSettings.OperationTimeout).ConfigureAwait(false);
    }

    public override bool CheckLease() => Interlocked.Read(ref _token) != 0 && _group.Session.Holds;

    private async Task<bool> IsReleasedAsync(TimeSpan patience)
    {
        try
        {
            return await _release.WaitAsync(patience).ConfigureAwait(false) is Done;
        }
        catch (TimeoutException)
        {
            return false;
        }
    }

    private async Task<Fence> BegunAsync(NodeSession session, TimeSpan patience)
    {
        try
        {
            return await session.Begun.WaitAsync(patience).ConfigureAwait(false);
        }
        catch (TimeoutException e)
        {
            throw new LeaseTimeoutException($"{Settings.LeaseName}: the node's session has not begun", e);
        }
    }

    private void Keep(NodeSession session, ulong token, Action<Exception?> lost)
    {
        Interlocked.Exchange(ref _token, (long)token);
        session.Bind(Settings.LeaseName, token);
        _onLoss.Dispose();
        _onLoss = session.Over.Register(() =>
        {
            if (Interlocked.Exchange(ref _token, 0) != 0) lost(new LeaseException($"{Settings.LeaseName}: the node's session is over"));
        });
    }
}
