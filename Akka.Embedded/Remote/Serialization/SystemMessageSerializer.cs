using Akka.Actor;
using Akka.Dispatch.SysMsg;
using Akka.Serialization;

namespace Akka.Remote.Serialization;

/// <summary>The system messages that may cross the wire: death watch, and stopping a remote actor.</summary>
internal sealed class SystemMessageSerializer : TableSerializer
{
    public SystemMessageSerializer(ExtendedActorSystem system) : base(system)
    {
        Row<Watch>("W", static (w, m) => Pair(w, m.Watchee, m.Watcher), static (ref WireReader r) => new Watch(Read(ref r), Read(ref r)));
        Row<Unwatch>("U", static (w, m) => Pair(w, m.Watchee, m.Watcher), static (ref WireReader r) => new Unwatch(Read(ref r), Read(ref r)));
        Row<DeathWatchNotification>("D", static (w, m) =>
        {
            w.Ref(m.Actor);
            w.Bool(m.ExistenceConfirmed);
            w.Bool(m.AddressTerminated);
        }, static (ref WireReader r) => new DeathWatchNotification(r.Ref(), r.Bool(), r.Bool()));
        Row("T", Terminate.Instance);
    }

    private static void Pair(WireWriter writer, IActorRef watchee, IActorRef watcher)
    {
        writer.Ref(watchee);
        writer.Ref(watcher);
    }

    private static IInternalActorRef Read(ref WireReader reader) => (IInternalActorRef)reader.Ref();
}
