using System.Collections.Immutable;

namespace Akka.Persistence.Journal;

/// <summary>What became of a stored event when it was read.</summary>
public interface IEventSequence
{
    IEnumerable<object> Events { get; }
}

/// <summary>Makes sequences of events.</summary>
public static class EventSequence
{
    public static readonly IEventSequence Empty = new EventSequence<object>([]);

    public static IEventSequence Single(object @event) => new SingleEventSequence(@event);

    public static IEventSequence Create(params object[] events) => new EventSequence<object>(events);

    public static IEventSequence Create(IEnumerable<object> events) => new EventSequence<object>([.. events]);
}

/// <summary>Several events, or none.</summary>
public class EventSequence<T> : IEventSequence
{
    public EventSequence(IEnumerable<object> events)
    {
        Events = events;
    }

    public IEnumerable<object> Events { get; }
}

/// <summary>One event.</summary>
public struct SingleEventSequence : IEventSequence
{
    private readonly object _event;

    public SingleEventSequence(object @event)
    {
        _event = @event;
    }

    public readonly IEnumerable<object> Events => [_event];
}

/// <summary>An event with words to find it by; only the event itself is replayed.</summary>
public struct Tagged
{
    public Tagged(object payload, IEnumerable<string> tags) : this(payload, tags.ToImmutableHashSet())
    {
    }

    public Tagged(object payload, IImmutableSet<string> tags)
    {
        Payload = payload;
        Tags = tags;
    }

    public object Payload { get; }
    public IImmutableSet<string> Tags { get; }
}
