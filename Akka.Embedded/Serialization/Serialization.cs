using System.Collections.Concurrent;
using System.Runtime.Serialization;
using Akka.Actor;

namespace Akka.Serialization;

/// <summary>
/// The serializers of one actor system and which types they are for. Configured by <c>akka.actor.serializers</c> (alias to class),
/// <c>serialization-bindings</c> (type to alias) and <c>serialization-identifiers</c> (class to number). The most specific binding wins.
/// A type without a binding is an error here: nothing travels by reflection.
/// </summary>
public class Serialization
{
    [ThreadStatic]
    private static Information? t_transport;

    private readonly ConcurrentDictionary<Type, Serializer> _known = new();
    private readonly SerializerTable _table = new();

    public Serialization(ExtendedActorSystem system)
    {
        System = system;
        AddSerializer(new NullSerializer(system));
        SerializerConfig.Apply(this, system);
    }

    public ExtendedActorSystem System { get; }

    /// <summary>Makes a serializer known by its identifier.</summary>
    public void AddSerializer(Serializer serializer) => _table.Add(serializer);

    /// <summary>Makes a serializer known by its identifier and an alias.</summary>
    public void AddSerializer(string name, Serializer serializer) => _table.Add(name, serializer);

    /// <summary>Binds a type, and all that is assignable to it and has no nearer binding, to a serializer.</summary>
    public void AddSerializationMap(Type type, Serializer serializer)
    {
        _table.Bind(type, serializer);
        _known.Clear();
    }

    /// <summary>The serializer for an object's type; for null the <see cref="NullSerializer"/>.</summary>
    /// <exception cref="SerializationException">No binding fits, and no default serializer of that name exists.</exception>
    public Serializer FindSerializerFor(object? obj, string? defaultSerializerName = null) =>
        obj is null ? _table.ById(0)! : FindSerializerForType(obj.GetType(), defaultSerializerName);

    public Serializer FindSerializerForType(Type objectType, string? defaultSerializerName = null)
    {
        if (_known.TryGetValue(objectType, out var known)) return known;
        var found = _table.ForType(objectType);
        if (found is null && defaultSerializerName is not null) return _table.ByName(defaultSerializerName) ?? throw Unbound(objectType);
        return _known[objectType] = found ?? throw Unbound(objectType);
    }

    /// <summary>Serializes with the serializer that is bound to the object's type.</summary>
    public byte[] Serialize(object o) => WithTransport(System, () => FindSerializerFor(o).ToBinary(o));

    /// <param name="bytes">What the serializer wrote.</param>
    /// <param name="serializerId">Its identifier.</param>
    /// <param name="manifest">What <see cref="ManifestFor"/> said; may be empty.</param>
    public object Deserialize(byte[] bytes, int serializerId, string manifest)
    {
        var serializer = ById(serializerId, manifest);
        return WithTransport(System, () => serializer is SerializerWithStringManifest named
            ? named.FromBinary(bytes, manifest)
            : serializer.FromBinary(bytes, string.IsNullOrEmpty(manifest) ? null! : TypeManifest.Find(manifest)));
    }

    public object Deserialize(byte[] bytes, int serializerId, Type type)
    {
        var serializer = ById(serializerId, type?.FullName ?? "");
        return WithTransport(System, () => serializer.FromBinary(bytes, type!));
    }

    /// <summary>The reference that <see cref="SerializedActorPath"/> wrote.</summary>
    public IActorRef DeserializeActorRef(string path) => System.Provider.ResolveActorRef(path);

    /// <summary>What has to travel beside the bytes so that the serializer can read them.</summary>
    public static string ManifestFor(Serializer s, object msg) => s switch
    {
        SerializerWithStringManifest named => named.Manifest(msg),
        { IncludeManifest: true } => TypeManifest.Of(msg.GetType()),
        _ => "",
    };

    /// <summary>The path of a reference with the address by which a reader elsewhere finds it; "" for no reference.</summary>
    public static string SerializedActorPath(IActorRef? actorRef)
    {
        if (actorRef is null) return "";
        var path = actorRef.Path;
        if (path.Address.HasGlobalScope) return path.ToSerializationFormat();
        return t_transport is { } transport ? path.ToSerializationFormatWithAddress(transport.Address) : path.ToSerializationFormat();
    }

    /// <summary>Runs the action with references of that system written with that address.</summary>
    public static T WithTransport<T>(ActorSystem system, Address address, Func<T> action) =>
        With(new Information(address, system), action);

    public static T WithTransport<T>(ExtendedActorSystem system, Func<T> action) =>
        t_transport is { } current && ReferenceEquals(current.System, system)
            ? action()
            : With(new Information(system.Provider.DefaultAddress, system), action);

    /// <summary>Who serializes on this thread now.</summary>
    /// <exception cref="InvalidOperationException">Nobody does.</exception>
    public static Information GetCurrentTransportInformation() =>
        t_transport ?? throw new InvalidOperationException("There is no serialization in progress on this thread");

    /// <summary>For the connection's writer, which sets it once for a whole batch.</summary>
    internal static Information? Swap(Information? transport)
    {
        var before = t_transport;
        t_transport = transport;
        return before;
    }

    internal Serializer ById(int serializerId, string manifest) => _table.ById(serializerId) ?? throw new SerializationException(
        $"Cannot find a serializer with identifier [{serializerId}] (manifest [{manifest}]): it is not in akka.actor.serializers here");

    internal Serializer? ByName(string alias) => _table.ByName(alias);

    private static T With<T>(Information transport, Func<T> action)
    {
        var before = Swap(transport);
        try
        {
            return action();
        }
        finally
        {
            t_transport = before;
        }
    }

    private static SerializationException Unbound(Type type) => new(
        $"No serializer is bound to {type.FullName}: add it, or an interface of it, to akka.actor.serialization-bindings");
}
