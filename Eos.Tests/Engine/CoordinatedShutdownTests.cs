using Akka;
using Akka.Actor;
using Akka.Configuration;
using Eos.Tests.Support;

namespace Eos.Tests.Engine;

/// <summary>Shutting down in phases. Phases of the tests: first, then second, then third; some more without order, of which some are in a hurry.</summary>
public class CoordinatedShutdownTests : ActorTest
{
    private const string Phases = """
        akka.coordinated-shutdown {
          terminate-actor-system = off
          run-by-actor-system-terminate = off
          run-by-clr-shutdown-hook = off
          default-phase-timeout = 60 s
          phases {
            third { depends-on = [second] }
            second { depends-on = [first] }
            first { }
            hasty { timeout = 200 ms }
            after-hasty { depends-on = [hasty] }
            strict { recover = off, timeout = 200 ms }
            after-strict { depends-on = [strict] }
            off { enabled = off }
          }
        }
        """;

    private readonly CoordinatedShutdown _shutdown;

    public CoordinatedShutdownTests() : base(Phases) => _shutdown = CoordinatedShutdown.Get(Sys);

    private sealed class Wanted : CoordinatedShutdown.Reason
    {
        public static readonly Wanted Instance = new();
    }

    private void Task(string phase, string name, Func<Task>? work = null) => _shutdown.AddTask(phase, name, async () =>
    {
        if (work is not null) await work();
        TestActor.Tell(name);
        return Done.Instance;
    });

    [Fact]
    public async Task Phases_run_in_the_order_of_what_they_depend_on()
    {
        Task("third", "c");
        Task("second", "b");
        Task("first", "a");
        await _shutdown.Run(Wanted.Instance);
        Assert.Equal(["a", "b", "c"], ReceiveN(3).Cast<string>());
    }

    [Fact]
    public async Task A_phase_waits_for_all_tasks_of_the_one_before()
    {
        var slow = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Task("first", "slow", () => slow.Task);
        Task("first", "quick");
        Task("second", "after");
        var run = _shutdown.Run(Wanted.Instance);
        ExpectMsg("quick");
        ExpectNoMsg(100);
        slow.SetResult();
        await run;
        Assert.Equal(["slow", "after"], ReceiveN(2).Cast<string>());
    }

    [Fact]
    public async Task It_runs_once_whoever_asks_and_remembers_the_first_reason()
    {
        Task("first", "a");
        await System.Threading.Tasks.Task.WhenAll(_shutdown.Run(Wanted.Instance), _shutdown.Run(CoordinatedShutdown.UnknownReason.Instance));
        ExpectMsg("a");
        ExpectNoMsg(50);
        Assert.Same(Wanted.Instance, _shutdown.ShutdownReason);
    }

    [Fact]
    public void Before_it_runs_there_is_no_reason() => Assert.Null(_shutdown.ShutdownReason);

    [Fact]
    public async Task It_may_begin_in_the_middle()
    {
        Task("first", "a");
        Task("second", "b");
        Task("third", "c");
        await _shutdown.Run(Wanted.Instance, "second");
        Assert.Equal(["b", "c"], ReceiveN(2).Cast<string>());
    }

    [Fact]
    public async Task A_failed_task_does_not_hinder_the_next_phase()
    {
        Task("first", "bad", () => throw new Oops());
        Task("second", "b");
        await _shutdown.Run(Wanted.Instance);
        ExpectMsg("b");
    }

    [Fact]
    public async Task A_task_that_takes_too_long_does_not_hinder_the_next_phase()
    {
        Task("hasty", "endless", () => new TaskCompletionSource().Task);
        Task("after-hasty", "c");
        await _shutdown.Run(Wanted.Instance, "hasty");
        ExpectMsg("c");
    }

    [Fact]
    public async Task Without_recovery_a_failure_ends_the_run()
    {
        Task("strict", "bad", () => throw new Oops());
        Task("after-strict", "never");
        await Assert.ThrowsAnyAsync<Exception>(() => _shutdown.Run(Wanted.Instance, "strict"));
        ExpectNoMsg(50);
    }

    [Fact]
    public async Task A_phase_that_is_switched_off_is_skipped()
    {
        Task("off", "never");
        Task("third", "c");
        await _shutdown.Run(Wanted.Instance);
        ExpectMsg("c");
        ExpectNoMsg(50);
    }

    [Fact]
    public async Task Tasks_can_be_added_to_a_later_phase_while_it_runs()
    {
        Task("first", "a", () =>
        {
            Task("third", "added");
            return System.Threading.Tasks.Task.CompletedTask;
        });
        await _shutdown.Run(Wanted.Instance);
        Assert.Equal(["a", "added"], ReceiveN(2).Cast<string>());
    }

    [Fact]
    public void An_unknown_phase_is_an_error() =>
        Assert.Throws<ArgumentException>(() => _shutdown.AddTask("no such phase", "x", () => System.Threading.Tasks.Task.FromResult(Done.Instance)));

    [Fact]
    public void Each_phase_has_a_timeout_of_its_own_or_the_default()
    {
        Assert.Equal(TimeSpan.FromMilliseconds(200), _shutdown.Timeout("hasty"));
        Assert.Equal(TimeSpan.FromSeconds(60), _shutdown.Timeout("first"));
        Assert.Equal(TimeSpan.FromSeconds(10), _shutdown.Timeout(CoordinatedShutdown.PhaseClusterExiting));
    }

    [Fact]
    public async Task Phases_in_a_circle_are_an_error()
    {
        var config = ConfigurationFactory.ParseString("""
            akka.coordinated-shutdown {
              run-by-clr-shutdown-hook = off
              run-by-actor-system-terminate = off
              phases.a.depends-on = [b]
              phases.b.depends-on = [a]
            }
            """);
        ActorSystem? system = null;
        Assert.ThrowsAny<ArgumentException>(() => CoordinatedShutdown.Get(system = ActorSystem.Create("circle", config)));
        if (system is not null) await system.Terminate();
    }

    [Fact]
    public async Task By_default_terminating_a_system_runs_the_phases_and_running_them_terminates_it()
    {
        var system = ActorSystem.Create("terminated");
        CoordinatedShutdown.Get(system).AddTask(CoordinatedShutdown.PhaseServiceStop, "tell", () =>
        {
            TestActor.Tell("stopping");
            return System.Threading.Tasks.Task.FromResult(Done.Instance);
        });
        await system.Terminate();
        ExpectMsg("stopping");
        Assert.Same(CoordinatedShutdown.ActorSystemTerminateReason.Instance, CoordinatedShutdown.Get(system).ShutdownReason);

        var other = ActorSystem.Create("other");
        await CoordinatedShutdown.Get(other).Run(Wanted.Instance);
        await other.WhenTerminated.WaitAsync(TimeSpan.FromSeconds(60));
    }
}
