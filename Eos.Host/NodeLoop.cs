using Akka.Actor;
using Akka.Remote;

namespace Eos.Host;

/// <summary>
/// Keeps a node alive: starts an actor system, and starts another when it ended without having been asked to, because the node
/// was downed, quarantined by others, or failed. Each is a new incarnation that joins the cluster anew.
/// </summary>
/// <param name="start">Starts one incarnation with everything in it; called again for the next.</param>
/// <param name="pause">The wait before the next incarnation; long enough that a node which can't start doesn't spin.</param>
/// <param name="failed">Hears why a further incarnation could not start; it is tried again after the pause.</param>
public sealed class NodeLoop(Func<ActorSystem> start, TimeSpan pause, Action<Exception> failed)
{
    private volatile ActorSystem? _current;
    private int _incarnations;

    /// <summary>The present incarnation; null between two and before the first.</summary>
    public ActorSystem? Current => _current;

    /// <summary>How many have been started.</summary>
    public int Incarnations => _incarnations;

    /// <summary>Runs until asked to stop; then lets the node leave in good order and ends with it.</summary>
    /// <exception cref="Exception">What <c>start</c> throws the first time: a node that never ran is not tried again.</exception>
    public async Task Run(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            if (Start(stop) is { } system) await Live(system, stop).ConfigureAwait(false);
            await Rest(stop).ConfigureAwait(false);
        }
    }

    private ActorSystem? Start(CancellationToken stop)
    {
        try
        {
            var system = start();
            Interlocked.Increment(ref _incarnations);
            return _current = system;
        }
        catch (Exception e) when (_incarnations > 0 && !stop.IsCancellationRequested)
        {
            // perhaps the port is still held by the incarnation before
            failed(e);
            return null;
        }
    }

    private async Task Live(ActorSystem system, CancellationToken stop)
    {
        try
        {
            system.ActorOf(Props.Create(() => new QuarantineWatcher()), "quarantine-watcher");
        }
        catch (InvalidOperationException)
        {
            // it is ending already
        }
        await using (stop.Register(() => _ = CoordinatedShutdown.Get(system).Run(CoordinatedShutdown.ClrExitReason.Instance)))
        {
            await system.WhenTerminated.ConfigureAwait(false);
        }
        _current = null;
    }

    private async Task Rest(CancellationToken stop)
    {
        if (stop.IsCancellationRequested) return;
        using var timer = new PeriodicTimer(pause);
        try
        {
            await timer.WaitForNextTickAsync(stop).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // asked to stop while resting
        }
    }

    /// <summary>Ends the incarnation when another node says that it does not talk to it any more.</summary>
    private sealed class QuarantineWatcher : ReceiveActor
    {
        public QuarantineWatcher() => Receive<ThisActorSystemQuarantinedEvent>(_ =>
        {
            Akka.Cluster.Cluster.Get(Context.System).Down(Akka.Cluster.Cluster.Get(Context.System).SelfAddress);
        });

        protected override void PreStart() => Context.System.EventStream.Subscribe(Self, typeof(ThisActorSystemQuarantinedEvent));

        protected override void PostStop() => Context.System.EventStream.Unsubscribe(Self);
    }
}
