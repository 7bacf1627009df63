using Akka.Actor;

namespace Akka.Cluster.Tools.PublishSubscribe;

/// <summary>Subscribes an actor of this node to a topic; in a group, one of the group gets what is published to each group. Answer: <see cref="SubscribeAck"/>.</summary>
public sealed class Subscribe
{
    public Subscribe(string topic, IActorRef @ref, string? group = null)
    {
        if (string.IsNullOrEmpty(topic)) throw new ArgumentException("the topic needs a name", nameof(topic));
        Topic = topic;
        Ref = @ref;
        Group = group;
    }

    public string Topic { get; }

    public IActorRef Ref { get; }

    public string? Group { get; }

    public override bool Equals(object? obj) => obj is Subscribe s && s.Topic == Topic && s.Group == Group && Equals(s.Ref, Ref);

    public override int GetHashCode() => HashCode.Combine(Topic, Ref, Group);

    public override string ToString() => $"Subscribe({Topic}, {Ref}, {Group})";
}

/// <summary>Ends a subscription. Answer: <see cref="UnsubscribeAck"/>.</summary>
public sealed class Unsubscribe
{
    public Unsubscribe(string topic, IActorRef @ref, string? group = null)
    {
        if (string.IsNullOrEmpty(topic)) throw new ArgumentException("the topic needs a name", nameof(topic));
        Topic = topic;
        Ref = @ref;
        Group = group;
    }

    public string Topic { get; }

    public IActorRef Ref { get; }

    public string? Group { get; }

    public override bool Equals(object? obj) => obj is Unsubscribe s && s.Topic == Topic && s.Group == Group && Equals(s.Ref, Ref);

    public override int GetHashCode() => HashCode.Combine(Topic, Ref, Group);

    public override string ToString() => $"Unsubscribe({Topic}, {Ref}, {Group})";
}

/// <summary>The subscription holds on this node; other nodes learn of it shortly after.</summary>
public sealed class SubscribeAck
{
    public SubscribeAck(Subscribe subscribe) => Subscribe = subscribe;

    public Subscribe Subscribe { get; }

    public override bool Equals(object? obj) => obj is SubscribeAck a && Equals(a.Subscribe, Subscribe);

    public override int GetHashCode() => Subscribe.GetHashCode();

    public override string ToString() => $"SubscribeAck({Subscribe})";
}

/// <summary>The subscription has ended.</summary>
public sealed class UnsubscribeAck
{
    public UnsubscribeAck(Unsubscribe unsubscribe) => Unsubscribe = unsubscribe;

    public Unsubscribe Unsubscribe { get; }

    public override bool Equals(object? obj) => obj is UnsubscribeAck a && Equals(a.Unsubscribe, Unsubscribe);

    public override int GetHashCode() => Unsubscribe.GetHashCode();

    public override string ToString() => $"UnsubscribeAck({Unsubscribe})";
}

/// <summary>Registers an actor of this node under its path, for <see cref="Send"/> and <see cref="SendToAll"/>. It is forgotten when it ends.</summary>
public sealed class Put
{
    public Put(IActorRef @ref) => Ref = @ref;

    public IActorRef Ref { get; }

    public override bool Equals(object? obj) => obj is Put p && Equals(p.Ref, Ref);

    public override int GetHashCode() => Ref.GetHashCode();

    public override string ToString() => $"Put({Ref})";
}

/// <summary>Forgets what was registered under a path.</summary>
public sealed class Remove
{
    public Remove(string path) => Path = path;

    public string Path { get; }

    public override bool Equals(object? obj) => obj is Remove r && r.Path == Path;

    public override int GetHashCode() => Path.GetHashCode(StringComparison.Ordinal);

    public override string ToString() => $"Remove({Path})";
}
