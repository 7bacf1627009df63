using System.Collections.Immutable;
using Eos.Fst;
using Eos.Kernel;

namespace Eos.Namespace;

/// <summary>What a directory's rules need of the world, read once a turn.</summary>
public sealed record Facts(Instant Now, DirectorySettings Settings);

/// <summary>Something to do when the events are stored.</summary>
public abstract record Effect
{
    /// <summary>Tell a filesystem to delete replicas. May be lost: repeated by the tick and by the filesystem's sweep.</summary>
    public sealed record Drop(FstProtocol.DropReplicas Order) : Effect;

    /// <summary>Tell another directory. May be lost: repeated when the question comes up again.</summary>
    public sealed record Tell(DirectoryProtocol.ICommand Command) : Effect;

    /// <summary>Tell another directory about amounts. May be lost: repeated until it is answered.</summary>
    public sealed record Pass(IForDirectory Message) : Effect;

    /// <summary>A file has arrived where it went: answers that waited for that leave.</summary>
    public sealed record Settled(ulong Handover) : Effect;
}

/// <summary>What the rules decided: events to store, then the reply (null: none), then effects.</summary>
public sealed record Decision(ImmutableArray<DirectoryProtocol.IEvent> Events, object? Reply, ImmutableArray<Effect> Effects)
{
    /// <summary>The reply waits until this file of the outbox has arrived; null: it leaves when the events are stored.</summary>
    public ulong? Until { get; init; }

    public static readonly Decision Nothing = new([], null, []);

    public static Decision Answer(object reply, params ImmutableArray<Effect> effects) => new([], reply, effects);

    public static Decision Accept(DirectoryProtocol.IEvent e, object? reply, params ImmutableArray<Effect> effects) => new([e], reply, effects);
}
