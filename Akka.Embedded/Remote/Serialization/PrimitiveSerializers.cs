using Akka.Actor;
using Akka.Serialization;

namespace Akka.Remote.Serialization;

/// <summary>Strings and whole numbers.</summary>
internal sealed class PrimitiveSerializers : TableSerializer
{
    public PrimitiveSerializers(ExtendedActorSystem system) : base(system)
    {
        Row<string>("S", static (w, m) => w.Utf8(m), static (ref WireReader r) => r.Utf8());
        Row<int>("I", static (w, m) => w.Int(m), static (ref WireReader r) => r.Int());
        Row<long>("L", static (w, m) => w.Long(m), static (ref WireReader r) => r.Long());
    }
}
