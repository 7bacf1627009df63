using System.Collections.Immutable;
using Akka.Actor;
using Akka.Serialization;

namespace Akka.Cluster.Tools.Client.Serialization;

/// <summary>What clients and receptionists send each other.</summary>
internal sealed class ClusterClientMessageSerializer : TableSerializer
{
    public ClusterClientMessageSerializer(ExtendedActorSystem system) : base(system)
    {
        Row<Contacts>("A", static (w, m) => w.Each(m.Paths, static (w, p) => w.Text(p)), ReadContacts);
        Row("B", new GetContacts());
        Row("C", new Heartbeat());
        Row("D", new HeartbeatRsp());
        Row("E", new ReceptionistShutdown());
        Row<ClusterClient.Send>("F", static (w, m) =>
        {
            w.Text(m.Path);
            w.Bool(m.LocalAffinity);
            w.Payload(m.Message);
        }, static (ref WireReader r) =>
        {
            var (path, local) = (r.Text(), r.Bool());
            return new ClusterClient.Send(path, r.Payload()!, local);
        });
        Row<ClusterClient.SendToAll>("G", static (w, m) =>
        {
            w.Text(m.Path);
            w.Payload(m.Message);
        }, static (ref WireReader r) => new ClusterClient.SendToAll(r.Text(), r.Payload()!));
        Row<ClusterClient.Publish>("H", static (w, m) =>
        {
            w.Text(m.Topic);
            w.Payload(m.Message);
        }, static (ref WireReader r) => new ClusterClient.Publish(r.Text(), r.Payload()!));
    }

    private static object ReadContacts(ref WireReader r)
    {
        var paths = ImmutableList.CreateBuilder<string>();
        for (var n = r.Count(); n > 0; n--) paths.Add(r.Text());
        return new Contacts(paths.ToImmutable());
    }
}
