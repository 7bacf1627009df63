using Akka.Actor;

namespace Akka.TestKit;

/// <summary>Says that what a test kit tells has no sender unless one is named.</summary>
public interface INoImplicitSender;

/// <summary>Makes a kit's test actor the sender of what its test tells, on the thread that the test runs on now and after every await.</summary>
internal sealed class ImplicitSender : SynchronizationContext
{
    private readonly ActorCell _cell;
    private readonly SynchronizationContext? _outer;

    private ImplicitSender(ActorCell cell, SynchronizationContext? outer)
    {
        _cell = cell;
        _outer = outer;
    }

    public static void Enter(TestKitBase kit)
    {
        if (kit is INoImplicitSender || kit.TestActor is not LocalActorRef { Cell: { } cell }) return;
        ActorCell.CurrentCell = cell;
        SetSynchronizationContext(new ImplicitSender(cell, Current is ImplicitSender i ? i._outer : Current));
    }

    public static void Leave()
    {
        ActorCell.CurrentCell = null;
        if (Current is ImplicitSender i) SetSynchronizationContext(i._outer);
    }

    /// <summary>A callback that sees, on whatever thread it runs, the sender that its caller sees now.</summary>
    public static Func<TIn, TOut> Keep<TIn, TOut>(Func<TIn, TOut> callback)
    {
        if (ActorCell.CurrentCell is not { } cell) return callback;
        return value =>
        {
            var outer = ActorCell.CurrentCell;
            ActorCell.CurrentCell = cell;
            try
            {
                return callback(value);
            }
            finally
            {
                ActorCell.CurrentCell = outer;
            }
        };
    }

    public override SynchronizationContext CreateCopy() => new ImplicitSender(_cell, _outer);

    public override void Send(SendOrPostCallback d, object? state) => RunWith(d, state);

    public override void Post(SendOrPostCallback d, object? state)
    {
        if (_outer is null) ThreadPool.QueueUserWorkItem(_ => RunWith(d, state));
        else _outer.Post(_ => RunWith(d, state), null);
    }

    private void RunWith(SendOrPostCallback d, object? state)
    {
        var (cell, context) = (ActorCell.CurrentCell, Current);
        ActorCell.CurrentCell = _cell;
        SetSynchronizationContext(this);
        try
        {
            d(state);
        }
        finally
        {
            ActorCell.CurrentCell = cell;
            SetSynchronizationContext(context);
        }
    }
}
