namespace Akka.Configuration.Hocon;

/// <summary>Keys and their values, in the order they were first written.</summary>
public sealed class HoconObject
{
    /// <summary>An object without keys.</summary>
    public HoconObject() => Items = [];

    private HoconObject(Dictionary<string, HoconValue> items) => Items = items;

    public Dictionary<string, HoconValue> Items { get; }

#nullable disable annotations // as in Akka.NET, whose readers of this are not asked to think of null
    /// <summary>The value at a key (one key, not a path), or null.</summary>
    public HoconValue GetKey(string key) => Items.GetValueOrDefault(key);
#nullable restore annotations

    /// <summary>True if every key is a number: such an object may be read as an array.</summary>
    public bool IsArray() => Items.Count > 0 && Items.Keys.All(k => int.TryParse(k, out _));

    public IList<HoconValue> GetArray()
    {
        if (Items.Count > 0 && !IsArray())
            throw new ConfigurationException($"Expected an array instead of an object with key '{Items.Keys.First()}'");
        return [.. Items.OrderBy(i => int.Parse(i.Key)).Select(i => i.Value)];
    }

    public override string ToString() => HoconRenderer.Render(HoconValue.Of(this));

    /// <summary>Writes a value over whatever the key held: objects merge, anything else replaces.</summary>
    internal void Set(string key, HoconValue value) =>
        Items[key] = Items.TryGetValue(key, out var old) ? Over(value, old, inPlace: true) : value;

    /// <summary>The value at a path of keys, written where the parser may change objects in place.</summary>
    internal void SetPath(List<string> path, HoconValue value)
    {
        var at = this;
        for (var i = 0; i < path.Count - 1; i++)
        {
            if (at.Items.TryGetValue(path[i], out var next) && next.Kind == HoconKind.Object) at = next.Object!;
            else
            {
                var child = new HoconObject();
                at.Set(path[i], HoconValue.Of(child));
                at = child;
            }
        }
        at.Set(path[^1], value);
    }

    /// <summary>These keys over those of the fallback. Neither object changes.</summary>
    internal HoconObject WithFallback(HoconObject fallback)
    {
        var merged = new Dictionary<string, HoconValue>(Items);
        foreach (var (key, below) in fallback.Items)
            merged[key] = merged.TryGetValue(key, out var above) ? Over(above, below, inPlace: false) : below;
        return new HoconObject(merged);
    }

    internal void MergeInPlace(HoconObject later)
    {
        foreach (var (key, value) in later.Items) Set(key, value);
    }

    internal HoconObject Clone() =>
        new(Items.ToDictionary(i => i.Key, i => i.Value.Kind == HoconKind.Object ? HoconValue.Of(i.Value.Object!.Clone()) : i.Value));

    internal static HoconValue Over(HoconValue above, HoconValue below, bool inPlace)
    {
        if (above.IsOpen || above.Kind == HoconKind.Object && below.IsOpen)
            return HoconValue.Layers([.. LayersOf(below), .. LayersOf(above)]);
        if (above.Kind != HoconKind.Object || below.Kind != HoconKind.Object) return above;
        if (!inPlace) return HoconValue.Of(above.Object!.WithFallback(below.Object!));
        below.Object!.MergeInPlace(above.Object!);
        return below;
    }

    private static IEnumerable<HoconValue> LayersOf(HoconValue value) => value.Kind == HoconKind.Layers ? value.Parts : [value];
}
