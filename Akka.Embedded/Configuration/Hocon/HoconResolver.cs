namespace Akka.Configuration.Hocon;

/// <summary>Replaces the substitutions of one configuration by what they name: in the same configuration, else in the environment.</summary>
internal sealed class HoconResolver
{
    private readonly HoconObject _root;

    /// <summary>The values being resolved, with the layer that is at work: a reference to itself sees the layers below it.</summary>
    private readonly Dictionary<HoconValue, int> _active = new(ReferenceEqualityComparer.Instance);

    private HoconResolver(HoconObject root) => _root = root;

    public static HoconObject Resolve(HoconObject root) => HasOpen(root) ? new HoconResolver(root).Object(root) : root;

    private static bool HasOpen(HoconObject value)
    {
        foreach (var item in value.Items.Values)
            if (HasOpen(item)) return true;
        return false;
    }

    private static bool HasOpen(HoconValue value) => value.Kind switch
    {
        HoconKind.Object => HasOpen(value.Object!),
        HoconKind.Array => value.Parts.Exists(HasOpen),
        _ => value.IsOpen,
    };

    private HoconObject Object(HoconObject value)
    {
        var resolved = new HoconObject();
        foreach (var (key, item) in value.Items)
            if (Value(item) is { } v) resolved.Items[key] = v;
        return resolved;
    }

    /// <summary>The plain value, or null where an optional substitution leaves nothing.</summary>
    private HoconValue? Value(HoconValue value) => value.Kind switch
    {
        HoconKind.Object => HasOpen(value) ? HoconValue.Of(Object(value.Object!)) : value,
        HoconKind.Array => HasOpen(value) ? HoconValue.Array([.. value.Parts.Select(Value).OfType<HoconValue>()]) : value,
        HoconKind.Layers or HoconKind.Concatenation or HoconKind.Substitution => Open(value),
        _ => value,
    };

    private HoconValue? Open(HoconValue value)
    {
        var layers = value.Kind == HoconKind.Layers ? value.Parts : [value];
        var isWithin = _active.TryGetValue(value, out var at);
        var resolved = Upto(value, layers, isWithin ? at : layers.Count);
        if (isWithin) _active[value] = at; else _active.Remove(value);
        return resolved;
    }

    private HoconValue? Upto(HoconValue value, List<HoconValue> layers, int count)
    {
        HoconValue? above = null;
        for (var i = count - 1; i >= 0; i--)
        {
            _active[value] = i;
            if (Layer(layers[i]) is not { } layer) continue;
            if (above is null) above = layer;
            else if (layer.Kind == HoconKind.Object) return HoconValue.Of(above.Object!.WithFallback(Below(value, layers, i, layer)));
            if (above.Kind != HoconKind.Object || layer.Kind != HoconKind.Object) return above;
        }
        return above;
    }

    private HoconObject Below(HoconValue value, List<HoconValue> layers, int at, HoconValue layer) =>
        at > 0 && Upto(value, layers, at) is { Kind: HoconKind.Object } rest ? layer.Object!.WithFallback(rest.Object!) : layer.Object!;

    private HoconValue? Layer(HoconValue layer) => layer.Kind switch
    {
        HoconKind.Substitution => Named(layer),
        HoconKind.Concatenation => Join(layer.Parts),
        _ => Value(layer),
    };

    private HoconValue? Join(List<HoconValue> parts)
    {
        var known = new List<HoconValue>(parts.Count);
        foreach (var part in parts)
        {
            var value = part.Kind == HoconKind.Substitution ? Named(part) : Value(part);
            if (value?.Kind == HoconKind.Undefined) return value;
            if (value is not null) known.Add(value);
        }
        return HoconConcatenation.Join(known);
    }

    private HoconValue? Named(HoconValue substitution)
    {
        var found = Find(HoconPath.Split(substitution.Text!));
        if (found is not null) return found;
        if (Environment.GetEnvironmentVariable(substitution.Text!) is { } text) return HoconValue.Literal(text, quoted: true);
        return substitution.Optional ? null : HoconValue.Undefined(substitution);
    }

    private HoconValue? Find(List<string> path)
    {
        var at = _root;
        for (var i = 0; i < path.Count; i++)
        {
            if (at.GetKey(path[i]) is not { } next) return null;
            if (i == path.Count - 1) return Value(next);
            var parent = next.Kind == HoconKind.Object ? next : Value(next);
            if (parent?.Kind != HoconKind.Object) return null;
            at = parent.Object!;
        }
        return null;
    }
}
