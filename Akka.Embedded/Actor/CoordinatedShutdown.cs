using System.Collections.Concurrent;
using Akka.Configuration;
using Akka.Event;

namespace Akka.Actor;

/// <summary>Makes <see cref="CoordinatedShutdown"/>.</summary>
public sealed class CoordinatedShutdownExtension : ExtensionIdProvider<CoordinatedShutdown>
{
    public override CoordinatedShutdown CreateExtension(ExtendedActorSystem system) => new(system);
}

/// <summary>Ends a system in an orderly way: tasks in phases, once, for a reason.</summary>
public sealed partial class CoordinatedShutdown : IExtension
{
    public const string PhaseBeforeServiceUnbind = "before-service-unbind";
    public const string PhaseServiceUnbind = "service-unbind";
    public const string PhaseServiceRequestsDone = "service-requests-done";
    public const string PhaseServiceStop = "service-stop";
    public const string PhaseBeforeClusterShutdown = "before-cluster-shutdown";
    public const string PhaseClusterShardingShutdownRegion = "cluster-sharding-shutdown-region";
    public const string PhaseClusterLeave = "cluster-leave";
    public const string PhaseClusterExiting = "cluster-exiting";
    public const string PhaseClusterExitingDone = "cluster-exiting-done";
    public const string PhaseClusterShutdown = "cluster-shutdown";
    public const string PhaseBeforeActorSystemTerminate = "before-actor-system-terminate";
    public const string PhaseActorSystemTerminate = "actor-system-terminate";

    private readonly IReadOnlyList<ShutdownPhase> _phases;
    private readonly ConcurrentDictionary<string, ConcurrentQueue<(string Name, Func<Task<Done>> Run)>> _tasks = new();
    private readonly TaskCompletionSource<Done> _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ILoggingAdapter _log;
    private Reason? _reason;

    internal CoordinatedShutdown(ExtendedActorSystem system)
    {
        System = system;
        _log = Logging.GetLogger(system, GetType());
        var config = system.Settings.Config.GetConfig("akka.coordinated-shutdown");
        _phases = ShutdownPhases.Read(config);
        if (system.Settings.CoordinatedShutdownTerminateActorSystem) AddLastTask((ActorSystemImpl)system, config.GetBoolean("exit-clr"));
        if (config.GetBoolean("run-by-clr-shutdown-hook")) HookProcessExit(system);
    }

    public ExtendedActorSystem System { get; }

    /// <summary>Why the system is being shut down; null while it is not.</summary>
    public Reason ShutdownReason => _reason!;

    /// <summary>The most that all phases together may take.</summary>
    public TimeSpan TotalTimeout => _phases.Aggregate(TimeSpan.Zero, (sum, phase) => sum + phase.Timeout);

    public static CoordinatedShutdown Get(ActorSystem sys) => new CoordinatedShutdownExtension().Apply(sys);

    /// <summary>How long the tasks of a phase may take.</summary>
    public TimeSpan Timeout(string phase) => Phase(phase).Timeout;

    /// <summary>Adds a task to a phase. While shutdown runs, it is still run if its phase has not begun.</summary>
    public void AddTask(string phase, string taskName, Func<Task<Done>> task)
    {
        ArgumentException.ThrowIfNullOrEmpty(taskName);
        _tasks.GetOrAdd(Phase(phase).Name, _ => new()).Enqueue((taskName, task));
    }

    /// <summary>Runs the phases, from the named one on. Later calls answer with the run that is under way.</summary>
    public Task<Done> Run(Reason reason, string? fromPhase = null)
    {
        if (Interlocked.CompareExchange(ref _reason, reason, null) is null)
        {
            _log.Debug("Running CoordinatedShutdown with reason [{0}]", reason.GetType().Name);
            var phases = fromPhase is null ? _phases : [.. _phases.Skip(Index(fromPhase))];
            _ = Task.Run(() => RunPhases(phases));
        }
        return _done.Task;
    }

    private async Task RunPhases(IEnumerable<ShutdownPhase> phases)
    {
        try
        {
            foreach (var phase in phases) await RunPhase(phase).ConfigureAwait(false);
            _done.TrySetResult(Done.Instance);
        }
        catch (Exception e)
        {
            _done.TrySetException(e);
        }
    }

    private async Task RunPhase(ShutdownPhase phase)
    {
        if (!_tasks.TryGetValue(phase.Name, out var tasks)) return;
        if (!phase.Enabled)
        {
            _log.Info("Phase [{0}] disabled through configuration, skipping [{1}] tasks", phase.Name, tasks.Count);
            return;
        }
        _log.Debug("Performing phase [{0}] with [{1}] tasks", phase.Name, tasks.Count);
        var all = Task.WhenAll(tasks.Select(task => RunTask(phase, task.Name, task.Run)));
        try
        {
            await all.WaitAsync(phase.Timeout).ConfigureAwait(false);
        }
        catch (TimeoutException) when (!all.IsFaulted)
        {
            // Done after all, while the time-out was on its way here.
            if (all.IsCompletedSuccessfully) return;
            var what = $"Coordinated shutdown phase [{phase.Name}] timed out after {phase.Timeout}";
            if (!phase.Recover) throw new TimeoutException(what);
            _log.Warning(what);
        }
    }

    private async Task RunTask(ShutdownPhase phase, string name, Func<Task<Done>> run)
    {
        try
        {
            await run().ConfigureAwait(false);
        }
        catch (Exception e) when (phase.Recover)
        {
            _log.Warning("Task [{0}] failed in phase [{1}]: {2}", name, phase.Name, e.Message);
        }
    }

    private void AddLastTask(ActorSystemImpl system, bool exit) => AddTask(PhaseActorSystemTerminate, "terminate-system", async () =>
    {
        await system.FinalTerminate().ConfigureAwait(false);
        if (exit) _ = Task.Run(() => Environment.Exit(0));
        return Done.Instance;
    });

    private void HookProcessExit(ExtendedActorSystem system)
    {
        AppDomain.CurrentDomain.ProcessExit += OnExit;
        system.RegisterOnTermination(() => AppDomain.CurrentDomain.ProcessExit -= OnExit);

        void OnExit(object? sender, EventArgs e) => Run(ClrExitReason.Instance).Wait(TotalTimeout);
    }

    private ShutdownPhase Phase(string name) => _phases[Index(name)];

    private int Index(string name)
    {
        for (var i = 0; i < _phases.Count; i++)
            if (_phases[i].Name == name) return i;
        throw new ArgumentException($"Unknown phase [{name}], known phases [{string.Join(", ", _phases.Select(p => p.Name))}]. "
            + "All phases (along with their optional dependencies) must be defined in configuration.", nameof(name));
    }
}
