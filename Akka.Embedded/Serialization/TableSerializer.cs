using System.Collections.Concurrent;
using System.Runtime.Serialization;
using Akka.Actor;

namespace Akka.Serialization;

/// <summary>
/// A serializer made of rows: message type, manifest, writer, reader. Its areas list their rows in the constructor:
/// <code>
///   Row("hb", static (w, m) => w.Long(m.Sequence), static (ref WireReader r) => new Heartbeat(r.Long()));
/// </code>
/// and are bound in the area's reference.conf (<c>serializers</c>, <c>serialization-bindings</c>, <c>serialization-identifiers</c>).
/// </summary>
internal abstract class TableSerializer(ExtendedActorSystem system) : SerializerWithStringManifest(system), IDirectSerializer
{
    /// <summary>Reads one body.</summary>
    protected delegate object ReadBody(ref WireReader reader);

    private readonly record struct Entry(Type Type, string Manifest, Action<WireWriter, object> Write);

    private readonly List<Entry> _rows = [];
    private readonly Dictionary<string, ReadBody> _readers = [];
    private readonly ConcurrentDictionary<Type, Entry> _byType = new();

    /// <summary>Adds a row; also for subtypes of <typeparamref name="T"/> that have none of their own.</summary>
    protected void Row<T>(string manifest, Action<WireWriter, T> write, ReadBody read) where T : notnull
    {
        _rows.Add(new Entry(typeof(T), manifest, (w, o) => write(w, (T)o)));
        _readers.Add(manifest, read);
    }

    /// <summary>A row for a message without fields.</summary>
    protected void Row<T>(string manifest, T instance) where T : notnull =>
        Row<T>(manifest, static (_, _) => { }, (ref WireReader _) => instance);

    public sealed override string Manifest(object o) => Find(o).Manifest;

    public sealed override byte[] ToBinary(object obj)
    {
        var writer = new WireWriter(system);
        try
        {
            Find(obj).Write(writer, obj);
            return writer.ToArray();
        }
        finally
        {
            writer.Release();
        }
    }

    public sealed override object FromBinary(byte[] bytes, string manifest)
    {
        var reader = new WireReader(system, bytes);
        return Read(manifest, ref reader);
    }

    public void Write(object message, WireWriter writer) => Find(message).Write(writer, message);

    public object Read(string manifest, ref WireReader reader) => _readers.TryGetValue(manifest, out var read)
        ? read(ref reader)
        : throw new SerializationException($"{GetType().Name} does not know the manifest [{manifest}]");

    private Entry Find(object message) => _byType.GetOrAdd(message.GetType(), static (type, self) =>
    {
        foreach (var row in self._rows)
            if (row.Type == type) return row;
        foreach (var row in self._rows)
            if (row.Type.IsAssignableFrom(type)) return row;
        throw new SerializationException($"{self.GetType().Name} has no row for {type.FullName}");
    }, this);
}
