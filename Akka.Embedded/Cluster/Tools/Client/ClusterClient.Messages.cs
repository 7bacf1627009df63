using Akka.Actor;

namespace Akka.Cluster.Tools.Client;

public sealed partial class ClusterClient
{
    /// <summary>To one of the services registered under the path, preferably on the receptionist's node if <see cref="LocalAffinity"/> is set.</summary>
    public sealed class Send : IClusterClientMessage, IWrappedMessage
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
    }

    /// <summary>To the services registered under the path on all nodes.</summary>
    public sealed class SendToAll : IClusterClientMessage, IWrappedMessage
    {
        public SendToAll(string path, object message)
        {
            Path = path;
            Message = message;
        }

        public string Path { get; }

        public object Message { get; }

        public override bool Equals(object? obj) => obj is SendToAll s && s.Path == Path && Equals(s.Message, Message);

        public override int GetHashCode() => HashCode.Combine(Path, Message);
    }

    /// <summary>To all subscribers of the topic in the cluster.</summary>
    public sealed class Publish : IClusterClientMessage, IWrappedMessage
    {
        public Publish(string topic, object message)
        {
            Topic = topic;
            Message = message;
        }

        public string Topic { get; }

        public object Message { get; }

        public override bool Equals(object? obj) => obj is Publish p && p.Topic == Topic && Equals(p.Message, Message);

        public override int GetHashCode() => HashCode.Combine(Topic, Message);
    }
}
