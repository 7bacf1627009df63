using System.Collections.Concurrent;

namespace Akka.Serialization;

/// <summary>Serializers by identifier and alias, and bindings in the order of their declaration.</summary>
internal sealed class SerializerTable
{
    private readonly ConcurrentDictionary<int, Serializer> _byId = new();
    private readonly ConcurrentDictionary<string, Serializer> _byName = new();
    private readonly object _gate = new();
    private (Type Type, Serializer Serializer)[] _bindings = [];

    public void Add(Serializer serializer)
    {
        var other = _byId.GetOrAdd(serializer.Identifier, serializer);
        if (!ReferenceEquals(other, serializer) && other.GetType() != serializer.GetType())
            throw new ArgumentException($"Serializer identifier [{serializer.Identifier}] of [{serializer.GetType()}] is also that of [{other.GetType()}]");
        _byId[serializer.Identifier] = serializer;
    }

    public void Add(string name, Serializer serializer)
    {
        Add(serializer);
        _byName[name] = serializer;
    }

    public void Bind(Type type, Serializer serializer)
    {
        lock (_gate) _bindings = [.. _bindings.Where(b => b.Type != type), (type, serializer)];
    }

    public Serializer? ById(int id) => _byId.GetValueOrDefault(id);

    public Serializer? ByName(string name) => _byName.GetValueOrDefault(name);

    /// <summary>The binding of the type itself, else the most specific of those it is assignable to; <c>object</c> comes last by that rule.</summary>
    public Serializer? ForType(Type type)
    {
        (Type Type, Serializer Serializer)? best = null;
        foreach (var binding in Volatile.Read(ref _bindings))
        {
            if (binding.Type == type) return binding.Serializer;
            if (binding.Type.IsAssignableFrom(type) && (best is null || best.Value.Type.IsAssignableFrom(binding.Type))) best = binding;
        }
        return best?.Serializer;
    }
}
