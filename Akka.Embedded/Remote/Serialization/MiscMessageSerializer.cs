using Akka.Actor;
using Akka.Serialization;

namespace Akka.Remote.Serialization;

/// <summary>The engine's everyday messages: identity, stopping, status, addresses, references, selections, watch heartbeats.</summary>
internal sealed class MiscMessageSerializer : TableSerializer
{
    private const byte Parent = 0, Name = 1, Pattern = 2;

    public MiscMessageSerializer(ExtendedActorSystem system) : base(system)
    {
        Row<ActorSelectionMessage>("AS", WriteSelection, ReadSelection);
        Row<Identify>("ID", static (w, m) => w.Payload(m.MessageId), static (ref WireReader r) => new Identify(r.Payload()!));
        Row<ActorIdentity>("AID", static (w, m) =>
        {
            w.Payload(m.MessageId);
            w.Ref(m.Subject);
        }, static (ref WireReader r) => new ActorIdentity(r.Payload()!, r.RefOrNull()));
        Row("PP", PoisonPill.Instance);
        Row("K", Kill.Instance);
        Row<Terminated>("TD", static (w, m) =>
        {
            w.Ref(m.ActorRef);
            w.Bool(m.ExistenceConfirmed);
            w.Bool(m.AddressTerminated);
        }, static (ref WireReader r) => new Terminated(r.Ref(), r.Bool(), r.Bool()));
        Row<Status.Success>("SS", static (w, m) => w.Payload(m.Status), static (ref WireReader r) => new Status.Success(r.Payload()!));
        Row<Status.Failure>("SF", static (w, m) =>
        {
            FailureText.Write(w, m.Cause);
            w.Payload(m.State);
        }, static (ref WireReader r) => new Status.Failure(FailureText.Read(ref r)!, r.Payload()!));
        Row<Exception>("EX", FailureText.Write, static (ref WireReader r) => FailureText.Read(ref r)!);
        Row<Address>("AD", static (w, m) => w.Address(m), static (ref WireReader r) => r.Address());
        Row<ActorPath>("AP", static (w, m) => w.Text(m.ToSerializationFormat()), static (ref WireReader r) => ActorPath.Parse(r.Text()));
        Row<IActorRef>("AR", static (w, m) => w.Ref(m), static (ref WireReader r) => r.Ref());
        Row("HB", RemoteHeartbeat.Instance);
        Row<RemoteHeartbeatRsp>("HR", static (w, m) => w.Int(m.AddressUid), static (ref WireReader r) => new RemoteHeartbeatRsp(r.Int()));
    }

    private static void WriteSelection(WireWriter w, ActorSelectionMessage m)
    {
        w.Bool(m.WildCardFanOut);
        w.Each(m.Elements, static (w, element) =>
        {
            switch (element)
            {
                case SelectParent:
                    w.Byte(Parent);
                    break;
                case SelectChildName child:
                    w.Byte(Name);
                    w.Text(child.Name);
                    break;
                case SelectChildPattern pattern:
                    w.Byte(Pattern);
                    w.Text(pattern.PatternStr);
                    break;
                default:
                    throw new System.Runtime.Serialization.SerializationException($"unknown selection element {element}");
            }
        });
        w.Payload(m.Message);
    }

    private static object ReadSelection(ref WireReader r)
    {
        var fanOut = r.Bool();
        var elements = new SelectionPathElement[r.Count()];
        for (var i = 0; i < elements.Length; i++)
            elements[i] = r.Byte() switch
            {
                Parent => SelectParent.Instance,
                Name => new SelectChildName(r.Text()),
                Pattern => new SelectChildPattern(r.Text()),
                _ => throw new System.Runtime.Serialization.SerializationException("unknown selection element"),
            };
        return new ActorSelectionMessage(r.Payload()!, elements, fanOut);
    }
}
