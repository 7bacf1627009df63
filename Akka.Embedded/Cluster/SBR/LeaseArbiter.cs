using Akka.Actor;
using Akka.Coordination;
using Akka.Event;

namespace Akka.Cluster.SBR;

/// <summary>
/// Takes the lease that decides which side stays, for the strategy lease-majority. The smaller side waits before it tries, so that
/// the larger one is first; whoever holds the lease keeps it for <c>release-after</c>, so that the other side has decided before.
/// </summary>
internal sealed class LeaseArbiter
{
    private static readonly string Keys = SplitBrainResolverSettings.LeaseMajority;

    private readonly Lease _lease;
    private readonly IActorRef _asker;
    private readonly ITimerScheduler _timers;
    private readonly ILoggingAdapter _log;
    private readonly TimeSpan _minorityWaits;
    private readonly TimeSpan _releaseAfter;
    private bool _asking;

    public LeaseArbiter(Cluster cluster, SplitBrainResolverSettings settings, IActorRef asker, ITimerScheduler timers, ILoggingAdapter log)
    {
        var section = settings.Section;
        var name = section.GetString($"{Keys}.lease-name") is { Length: > 0 } given ? given : $"{cluster.System.Name}-akka-sbr";
        _lease = LeaseProvider.Get(cluster.System).GetLease(name, section.GetString($"{Keys}.lease-implementation")!, cluster.SelfAddress.HostPort());
        _minorityWaits = section.GetTimeSpan($"{Keys}.acquire-lease-delay-for-minority");
        _releaseAfter = section.GetTimeSpan($"{Keys}.release-after");
        _asker = asker;
        _timers = timers;
        _log = log;
    }

    /// <summary>Asks for the lease; the answer comes as <see cref="Answer"/>.</summary>
    public void Ask(bool minority)
    {
        if (_asking) return;
        _asking = true;
        _timers.StartSingleTimer("lease-ask", Now.Instance, minority ? _minorityWaits : TimeSpan.Zero);
    }

    /// <summary>It is time to take the lease.</summary>
    public void Take() => _lease.Acquire().PipeTo(_asker, success: held => new Answer(held), failure: e =>
    {
        _log.Error(e, "SBR: the lease could not be taken");
        return new Answer(false);
    });

    /// <summary>The answer was acted upon.</summary>
    public void Settle(Answer answer)
    {
        _asking = false;
        if (answer.Held) _timers.StartSingleTimer("lease-release", Free.Instance, _releaseAfter);
    }

    /// <summary>Gives the lease back unless it is being asked for again.</summary>
    public void Release()
    {
        if (!_asking) _ = _lease.Release();
    }

    /// <summary>Whether this side has the lease.</summary>
    public sealed record Answer(bool Held);

    /// <summary>Take the lease now.</summary>
    public sealed class Now
    {
        public static readonly Now Instance = new();
    }

    /// <summary>Give the lease back.</summary>
    public sealed class Free
    {
        public static readonly Free Instance = new();
    }
}
