using System.Collections.Immutable;
using Akka.Actor;

namespace Akka.Cluster.Tools.PublishSubscribe;

/// <summary>To all subscribers of a topic that are in no group, or with <see cref="SendOneMessageToEachGroup"/> to one of each group.</summary>
public sealed class Publish : IDistributedPubSubMessage, IWrappedMessage
{
    public Publish(string topic, object message, bool sendOneMessageToEachGroup = false)
    {
        Topic = topic;
        Message = message;
        SendOneMessageToEachGroup = sendOneMessageToEachGroup;
    }

    public string Topic { get; }

    public object Message { get; }

    public bool SendOneMessageToEachGroup { get; }

    public override bool Equals(object? obj) =>
        obj is Publish p && p.Topic == Topic && p.SendOneMessageToEachGroup == SendOneMessageToEachGroup && Equals(p.Message, Message);

    public override int GetHashCode() => HashCode.Combine(Topic, Message, SendOneMessageToEachGroup);

    public override string ToString() => $"Publish({Topic}, {Message}, {SendOneMessageToEachGroup})";
}

/// <summary>To one actor registered under the path, on this node if it is here and <see cref="LocalAffinity"/> is set.</summary>
public sealed class Send : IDistributedPubSubMessage, IWrappedMessage
{
    public Send(string path, object message, bool localAffinity = false)
    {
        Path = path;
        Message = message;
        LocalAffinity = localAffinity;
    }

    public string Path { get; }

    public object Message { get; }

    public bool LocalAffinity { get; }

    public override bool Equals(object? obj) => obj is Send s && s.Path == Path && s.LocalAffinity == LocalAffinity && Equals(s.Message, Message);

    public override int GetHashCode() => HashCode.Combine(Path, Message, LocalAffinity);

    public override string ToString() => $"Send({Path}, {Message}, {LocalAffinity})";
}

/// <summary>To the actors registered under the path on every node, or on every other node.</summary>
public sealed class SendToAll : IDistributedPubSubMessage, IWrappedMessage
{
    public SendToAll(string path, object message, bool excludeSelf = false)
    {
        Path = path;
        Message = message;
        ExcludeSelf = excludeSelf;
    }

    public string Path { get; }

    public object Message { get; }

    public bool ExcludeSelf { get; }

    public override bool Equals(object? obj) => obj is SendToAll s && s.Path == Path && s.ExcludeSelf == ExcludeSelf && Equals(s.Message, Message);

    public override int GetHashCode() => HashCode.Combine(Path, Message, ExcludeSelf);

    public override string ToString() => $"SendToAll({Path}, {Message}, {ExcludeSelf})";
}

/// <summary>Asks the mediator for the topics that it knows of: <see cref="CurrentTopics"/>.</summary>
public sealed class GetTopics
{
    private GetTopics() { }

    public static GetTopics Instance { get; } = new();
}

/// <summary>Topics with a subscriber somewhere in the cluster.</summary>
public sealed class CurrentTopics
{
    public CurrentTopics(IImmutableSet<string> topics) => Topics = topics;

    public IImmutableSet<string> Topics { get; }

    public override bool Equals(object? obj) => obj is CurrentTopics t && t.Topics.SetEquals(Topics);

    public override int GetHashCode() => Topics.Aggregate(0, (h, t) => h ^ t.GetHashCode(StringComparison.Ordinal));

    public override string ToString() => $"CurrentTopics({string.Join(", ", Topics)})";
}
