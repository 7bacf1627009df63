using Akka.Actor;
using Akka.Configuration;
using Akka.Event;
using Settings = Eos.Kernel.Settings;

namespace Eos.Host;

/// <summary>One node: starts incarnations of its actor system, one after the other on the same ports, and says how it is.</summary>
public sealed class Node(HostOptions options, DataFolder folder)
{
    private readonly Config _config = NodeConfig.Of(options, folder);
    private readonly HostSettings _settings = HostSettings.From(new Settings(NodeConfig.Of(options, folder), "eos.node"));
    private readonly TaskCompletionSource _failed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly object _saying = new();
    private Task _closing = Task.CompletedTask;
    private bool _cameUp;
    private long _said;
    private NodePorts _ports = new(0, 0, 0, 0);

    /// <summary>Fails when the first incarnation could not come up.</summary>
    public Task Failed => _failed.Task;

    /// <summary>Ends when the doors of the last incarnation are closed.</summary>
    public Task Closed => _closing;

    public TimeSpan RestartPause => _settings.RestartPause;

    /// <summary>Waits until the port by which others know this node is free. Once, before the first incarnation.</summary>
    public async Task TakePortAsync() => _ports = _ports with { Remoting = await RemotingPort.TakeAsync(_config, folder, _settings.PortPatience) };

    /// <summary>Starts the next incarnation; it goes on coming up after this returns.</summary>
    public ActorSystem Start()
    {
        var system = ActorSystem.Create("eos", Pinned().WithFallback(_config));
        _ = RunAsync(system);
        return system;
    }

    /// <summary>The ports of the incarnation before: others know this node by them.</summary>
    private Config Pinned() => ConfigurationFactory.ParseString(string.Join('\n', new[]
    {
        ("akka.remote.dot-netty.tcp.port", _ports.Remoting), ("eos.http.mgm-port", _ports.Mgm), ("eos.http.fst-port", _ports.Fst), ("eos.resp.port", _ports.Redis),
    }.Where(port => port.Item2 != 0).Select(port => $"{port.Item1} = {port.Item2}")));

    private async Task RunAsync(ActorSystem system)
    {
        try
        {
            await _closing;
            Incarnation? incarnation = null;
            incarnation = new Incarnation(system, options, _settings, folder, () => Say(system, incarnation!));
            _closing = CloseAsync(system, incarnation);
            await incarnation.BringUpAsync();
            _cameUp = true;
        }
        catch (Exception e)
        {
            system.Log.Error(e, "the node did not come up");
            if (!_cameUp) _failed.TrySetException(e);
            await system.Terminate();
        }
    }

    private static async Task CloseAsync(ActorSystem system, Incarnation incarnation)
    {
        await system.WhenTerminated;
        await incarnation.CloseAsync();
    }

    /// <summary>One at a time, so that the last that is said is what the file says. A disk without room keeps nobody from serving: what could not be written is written later.</summary>
    /// <param name="late">What was said last when this could not be written: said only if nothing newer has been; null: this is new.</param>
    private void Say(ActorSystem system, Incarnation incarnation, long? late = null)
    {
        lock (_saying)
        {
            if (late is { } last && last != _said) return;
            var turn = ++_said;
            var (host, ports) = (_settings.Host, incarnation.Ports);
            // the port that remoting binds is the one that was taken; others may know this node by another (public-port)
            if (ports.Remoting != 0) _ports = ports with { Remoting = _ports.Remoting };
            try
            {
                folder.WriteStatus(
                    $"{options.Name} roles={string.Join(',', options.Roles)} state={incarnation.State} remoting={Place(ports.Remoting)} " +
                    $"http={Place(ports.Mgm)} fst={Place(ports.Fst)} redis={Place(ports.Redis)}");
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                system.Log.Warning("the status of the node can not be written yet: {0}", e.Message);
                _ = SayLaterAsync(turn, system, incarnation);
            }

            string Place(int port) => port == 0 ? "-" : $"{host}:{port}";
        }
    }

    /// <summary>Also when the actor system has ended; but not when there is something newer to say.</summary>
    private async Task SayLaterAsync(long turn, ActorSystem system, Incarnation incarnation)
    {
        await Task.Delay(RestartPause);
        Say(system, incarnation, turn);
    }
}
