using System.Collections.Immutable;
using Akka.Actor;
using Akka.Event;
using Eos.Kernel;
using static Eos.Gateway.GatewayProtocol;

namespace Eos.Gateway;

/// <summary>
/// A service of the master: makes the directories below `/eos/INSTANCE/proc` that every instance has, one after the other, by this node's gateway. What is there stays as it is. An order
/// that is lost is given again.
/// </summary>
public sealed class ProcMaker : ReceiveActor, IWithTimers
{
    public const string Name = "proc-maker";

    private const uint Open = 0x1ed, Closed = 0x1c0, Shared = 0x1f8;

    private readonly OpSource _ops = OpSource.Fresh();
    private readonly Func<bool> _mayAct;
    private readonly TimeSpan _interval;
    private readonly ICanTell _gateway;
    private readonly Queue<(string Path, uint Mode)> _toMake;
    private OpId _asked;

    /// <param name="mayAct">Whether the session of this node holds, asked before each order.</param>
    public ProcMaker(string instance, Func<bool> mayAct, TimeSpan interval)
    {
        (_mayAct, _interval, _toMake, _asked) = (mayAct, interval, new(Directories(instance)), _ops.Next());
        _gateway = Context.System.ActorSelection(GatewayProtocol.Path);
        Receive<Make>(_ => Go());
        Receive<IFinal>(answer => answer.Op == _asked, Hear);
    }

    public ITimerScheduler Timers { get; set; } = null!;

    public static Props Props(string instance, Func<bool> mayAct, TimeSpan interval) => Akka.Actor.Props.Create(() => new ProcMaker(instance, mayAct, interval));

    /// <summary>Those of EOS, each after the one above it; with their permission bits. They are root's.</summary>
    public static ImmutableArray<(string Path, uint Mode)> Directories(string instance)
    {
        var proc = $"/eos/{instance}/proc";
        return
        [
            (proc, Open), ($"{proc}/archive", Shared), ($"{proc}/clone", Closed), ($"{proc}/conversion", Shared), ($"{proc}/devices", Closed), ($"{proc}/recycle", RecycleBin.Mode),
            ($"{proc}/tape-rest-api", Closed), ($"{proc}/tape-rest-api/bulkrequests", Closed), ($"{proc}/tape-rest-api/bulkrequests/stage", Closed),
            ($"{proc}/tape-rest-api/bulkrequests/evict", Closed), ($"{proc}/token", Closed), ($"{proc}/tracker", Closed), ($"{proc}/workflow", Shared),
        ];
    }

    protected override void PreStart() => Timers.StartPeriodicTimer("make", new Make(), TimeSpan.Zero, _interval);

    private void Go()
    {
        if (!_mayAct()) return;
        var (path, mode) = _toMake.Peek();
        _gateway.Tell(new MakeDirectory(new Head(_asked, 0, new Claim(0, 0, "root", "localhost", Name)), path, Parents: true, mode), Self);
    }

    private void Hear(IFinal answer)
    {
        _asked = _ops.Next();
        if (answer is not (Done or Refused)) return; // again, when the time comes
        if (answer is Refused refused) Context.GetLogger().Warning("{0} can't be made: {1}", _toMake.Peek().Path, refused.Text);
        _toMake.Dequeue();
        if (_toMake.Count > 0) Go();
        else Timers.CancelAll();
    }

    private sealed record Make;
}
