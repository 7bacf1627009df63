using Akka.Actor;
using Akka.Event;

namespace Akka.TestKit;

/// <summary>What event filters tell the listener.</summary>
internal static class TestEvent
{
    internal sealed record Mute(IEventFilter Filter);
    internal sealed record Unmute(IEventFilter Filter);
}

/// <summary>The logger of systems under test: prints like the default one, except what a filter catches.</summary>
public class TestEventListener : DefaultLogger
{
    private readonly List<IEventFilter> _filters = [];

    protected override bool Receive(object message)
    {
        switch (message)
        {
            case InitializeLogger init:
                Context.System.EventStream.Subscribe(Self, typeof(TestEvent.Mute));
                Context.System.EventStream.Subscribe(Self, typeof(TestEvent.Unmute));
                Context.System.EventStream.Subscribe(Self, typeof(AllDeadLetters));
                Context.System.EventStream.Subscribe(Self, typeof(UnhandledMessage));
                return base.Receive(init);
            case TestEvent.Mute mute:
                _filters.Add(mute.Filter);
                return true;
            case TestEvent.Unmute unmute:
                _filters.Remove(unmute.Filter);
                return true;
            case LogEvent logged:
                if (!IsFiltered(logged)) base.Receive(logged);
                return true;
            case DeadLetter letter:
                IsFiltered(new Warning(letter.Recipient.Path.ToString(), letter.Recipient.GetType(), letter));
                return true;
            case UnhandledMessage unhandled:
                IsFiltered(new Warning(unhandled.Recipient.Path.ToString(), unhandled.Recipient.GetType(), $"Unhandled message from {unhandled.Sender}: {unhandled.Message}"));
                return true;
            default:
                return base.Receive(message);
        }
    }

    private bool IsFiltered(LogEvent logged)
    {
        var caught = false;
        foreach (var filter in _filters) caught |= filter.Apply(logged);
        return caught;
    }
}
