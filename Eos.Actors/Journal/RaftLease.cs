using Akka.Actor;
using Akka.Coordination;
using static Eos.Kv.SystemProtocol;

namespace Eos.Journal;

/// <summary>
/// A lease of the engine's, for shards and singletons: a row in the group that lasts as long as the node's session. It costs no renewal of its own; the node's
/// renewal keeps all of them. One request of a lease is under way at a time, until it is answered: whoever asks has given up long before in the worst case, and what
/// is granted then is given back before anything else, because no other node would ever get it.
/// </summary>
public sealed class RaftLease : Lease
{
    /// <summary>Its name as a plugin, for `use-lease`.</summary>
    public const string Id = "eos.coordination.lease.raft";

    private readonly KvGroup _group;
    private Task _turn = Task.CompletedTask;
    private long _token;
    private CancellationTokenRegistration _onLoss;

    public RaftLease(LeaseSettings settings, ExtendedActorSystem system) : base(settings) => _group = KvGroup.Get(system);

    public override Task<bool> Acquire() => Acquire(_ => { });

    /// <summary>False while another node has it; fails when that can't be found out in time.</summary>
    public override async Task<bool> Acquire(Action<Exception?> leaseLostCallback)
    {
        var attempt = new Attempt();
        var asked = InTurnAsync(() => AskAsync(attempt, leaseLostCallback));
        try
        {
            return await asked.WaitAsync(Settings.TimeoutSettings.OperationTimeout).ConfigureAwait(false);
        }
        catch (TimeoutException e)
        {
            if (attempt.Abandon()) throw new LeaseTimeoutException($"{Settings.LeaseName}: not known in time whether it was granted", e);
            return await asked.ConfigureAwait(false);
        }
    }

    /// <summary>True when it is certain that this node does not have it any more. What asks for it again comes after that: it must not find it held under a token that is about to go.</summary>
    public override async Task<bool> Release()
    {
        try
        {
            return await InTurnAsync(GiveUpAsync).WaitAsync(Settings.TimeoutSettings.OperationTimeout).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            return false;
        }
    }

    public override bool CheckLease() => Interlocked.Read(ref _token) != 0 && _group.Session.Holds;

    private async Task<bool> AskAsync(Attempt attempt, Action<Exception?> lost)
    {
        if (attempt.IsAbandoned) return false;
        var session = _group.Session;
        var fence = await session.Begun.ConfigureAwait(false);
        switch (await _group.Client.DoAsync(new AcquireBound(Settings.LeaseName, session.Holder, fence)).ConfigureAwait(false))
        {
            case LeaseGranted granted when attempt.Succeed():
                Keep(session, granted.Token, lost);
                return true;
            case LeaseGranted late:
                await GiveBackAsync(late.Token).ConfigureAwait(false);
                return false;
            case LeaseHeld:
                return false;
            case Refused refused:
                throw new LeaseException($"{Settings.LeaseName}: {refused.Text}");
            default:
                throw new LeaseTimeoutException($"{Settings.LeaseName}: the node ends");
        }
    }

    private async Task<bool> GiveUpAsync()
    {
        var token = (ulong)Interlocked.Exchange(ref _token, 0);
        if (token == 0) return true;
        await _onLoss.DisposeAsync().ConfigureAwait(false);
        _group.Session.Unbind(Settings.LeaseName, token);
        return await GiveBackAsync(token).ConfigureAwait(false);
    }

    private async Task<bool> GiveBackAsync(ulong token) =>
        await _group.Client.DoAsync(new ReleaseLease(Settings.LeaseName, token)).ConfigureAwait(false) is Done;

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

    private async Task<bool> InTurnAsync(Func<Task<bool>> work)
    {
        var mine = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await Interlocked.Exchange(ref _turn, mine.Task).ConfigureAwait(false);
        try
        {
            return await work().ConfigureAwait(false);
        }
        finally
        {
            mine.SetResult();
        }
    }

    /// <summary>Ends once: by a grant, or by whoever waited for it and does not any more.</summary>
    private sealed class Attempt
    {
        private int _end;

        public bool IsAbandoned => Volatile.Read(ref _end) == 2;

        public bool Succeed() => Interlocked.CompareExchange(ref _end, 1, 0) == 0;

        public bool Abandon() => Interlocked.CompareExchange(ref _end, 2, 0) == 0;
    }
}
