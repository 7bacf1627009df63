using Akka.Configuration.Hocon;

namespace Akka.Configuration;

/// <summary>
/// An immutable configuration, read by dotted paths, with a fallback that answers for what it does not say.
/// Objects of both merge; any other value of this one hides the fallback's. Substitutions see the whole.
/// </summary>
public class Config
{
    public static readonly Config Empty = new();

    private readonly HoconObject _own;
    private readonly Lazy<HoconValue> _root;

    /// <summary>A configuration that says nothing.</summary>
    public Config() : this(new HoconObject()) { }

    public Config(HoconRoot root) : this(root.Value.GetObject() ?? throw new ConfigurationException($"'{root.Value}' is no object")) { }

    public Config(Config source, Config? fallback) : this(source._own, source.Fallback.SafeWithFallback(fallback)) { }

    internal Config(HoconObject own, Config? fallback = null)
    {
        _own = own;
        Fallback = fallback;
        _root = new Lazy<HoconValue>(() => HoconValue.Of(HoconResolver.Resolve(Merged)));
    }

    /// <summary>What stands behind this configuration, or null.</summary>
    public Config? Fallback { get; }

    /// <summary>Everything that this configuration and its fallbacks say.</summary>
    public HoconValue Root => _root.Value;

    public bool IsEmpty => _own.Items.Count == 0 && Fallback.IsNullOrEmpty();

    private HoconObject Merged => Fallback is null ? _own : _own.WithFallback(Fallback.Merged);

    public Config WithFallback(Config? fallback)
    {
        if (ReferenceEquals(fallback, this)) throw new ArgumentException("A configuration cannot be its own fallback", nameof(fallback));
        return fallback.IsNullOrEmpty() ? this : IsEmpty ? fallback : new Config(this, fallback);
    }

    public bool HasPath(string path) => Find(path) is not null;

#nullable disable annotations // as in Akka.NET, whose readers of these are not asked to think of null
    /// <summary>The value at a path, or null.</summary>
    public HoconValue GetValue(string path) => Find(path);

    /// <summary>The object at a path as a configuration of its own, or null.</summary>
    public Config GetConfig(string path) => Find(path)?.GetObject() is { } found ? new Config(found) : null;

    /// <summary>The text at a path; the default, or null, if nothing is said.</summary>
    public string GetString(string path, string @default = null) => Find(path) is { } v ? v.GetString() : @default;
#nullable restore annotations

    public bool GetBoolean(string path, bool @default = false) => Read(path, v => v.GetBoolean(), @default);
    public int GetInt(string path, int @default = 0) => Read(path, v => v.GetInt(), @default);
    public long GetLong(string path, long @default = 0) => Read(path, v => v.GetLong(), @default);
    public float GetFloat(string path, float @default = 0) => Read(path, v => v.GetFloat(), @default);
    public double GetDouble(string path, double @default = 0) => Read(path, v => v.GetDouble(), @default);
    public decimal GetDecimal(string path, decimal @default = 0) => Read(path, v => v.GetDecimal(), @default);
    public long? GetByteSize(string path) => GetByteSize(path, null);
    public long? GetByteSize(string path, long? def = null) => Read(path, v => v.GetByteSize(), def);

    /// <summary>A duration; the default, or zero, if nothing is said.</summary>
    public TimeSpan GetTimeSpan(string path, TimeSpan? @default = null, bool allowInfinite = true) =>
        Read(path, v => v.GetTimeSpan(allowInfinite), @default.GetValueOrDefault());

    public IList<string> GetStringList(string path) => Read(path, v => v.GetStringList(), []);
    public IList<string> GetStringList(string path, string[] @default) => Read(path, v => v.GetStringList(), @default);
    public IList<bool> GetBooleanList(string path) => Read(path, v => v.GetBooleanList(), []);
    public IList<int> GetIntList(string path) => Read(path, v => v.GetIntList(), []);
    public IList<long> GetLongList(string path) => Read(path, v => v.GetLongList(), []);
    public IList<byte> GetByteList(string path) => Read(path, v => v.GetByteList(), []);
    public IList<float> GetFloatList(string path) => Read(path, v => v.GetFloatList(), []);
    public IList<double> GetDoubleList(string path) => Read(path, v => v.GetDoubleList(), []);
    public IList<decimal> GetDecimalList(string path) => Read(path, v => v.GetDecimalList(), []);

    /// <summary>The keys of the first level with their values.</summary>
    public IEnumerable<KeyValuePair<string, HoconValue>> AsEnumerable() => Root.GetObject()!.Items;

    /// <summary>What this configuration itself says, as HOCON text.</summary>
    public override string ToString() => ToString(false);

    public string ToString(bool includeFallback) => (includeFallback ? Merged : _own).ToString();

    public static implicit operator Config(string str) => ConfigurationFactory.ParseString(str);

    private T Read<T>(string path, Func<HoconValue, T> read, T @default)
    {
        if (Find(path) is not { } value) return @default;
        try
        {
            return read(value);
        }
        catch (Exception e) when (e is FormatException or ConfigurationException)
        {
            throw e is FormatException
                ? new FormatException($"{path}: {e.Message}", e)
                : new ConfigurationException($"{path}: {e.Message}", e);
        }
    }

    private HoconValue? Find(string path)
    {
        var at = Root;
        foreach (var key in HoconPath.Split(path))
        {
            if (at.GetObject() is not { } here || !here.Items.TryGetValue(key, out var next)) return null;
            at = next;
        }
        return at;
    }
}
