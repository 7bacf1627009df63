namespace Akka.Configuration.Hocon;

/// <summary>What a <see cref="HoconValue"/> is made of.</summary>
internal enum HoconKind { Null, Literal, Array, Object, Concatenation, Substitution, Layers, Undefined }

/// <summary>One value of a configuration: text, array or object. Read-only once its text has been parsed.</summary>
/// <remarks>
/// Before resolution a value may also be a concatenation of parts, a substitution, or layers: the assignments of one key, oldest first,
/// kept apart because one of them waits for a substitution. <see cref="HoconResolver"/> turns these into plain values;
/// a required substitution that nothing defines stays <see cref="HoconKind.Undefined"/> and fails when somebody reads it.
/// </remarks>
public sealed class HoconValue
{
    private HoconValue(HoconKind kind) => Kind = kind;

    /// <summary>An empty value.</summary>
    public HoconValue() : this(HoconKind.Object) => Object = new HoconObject();

    internal HoconKind Kind { get; }
    internal string? Text { get; private init; }
    internal bool Quoted { get; private init; }
    internal bool Optional { get; private init; }
    internal int Line { get; private init; }
    internal List<HoconValue> Parts { get; private init; } = [];
    internal HoconObject? Object { get; private init; }

    internal static readonly HoconValue Nothing = new(HoconKind.Null);
    internal static HoconValue Literal(string text, bool quoted) => new(HoconKind.Literal) { Text = text, Quoted = quoted };
    internal static HoconValue Array(List<HoconValue> items) => new(HoconKind.Array) { Parts = items };
    internal static HoconValue Of(HoconObject value) => new(HoconKind.Object) { Object = value };
    internal static HoconValue Concatenation(List<HoconValue> parts) => new(HoconKind.Concatenation) { Parts = parts };
    internal static HoconValue Layers(List<HoconValue> layers) => new(HoconKind.Layers) { Parts = layers };
    internal static HoconValue Substitution(string path, bool optional, int line) =>
        new(HoconKind.Substitution) { Text = path, Optional = optional, Line = line };
    internal static HoconValue Undefined(HoconValue substitution) =>
        new(HoconKind.Undefined) { Text = substitution.Text, Line = substitution.Line };

    /// <summary>True while a substitution decides what this value is. (One deep inside an object or array does not count.)</summary>
    internal bool IsOpen => Kind is HoconKind.Concatenation or HoconKind.Substitution or HoconKind.Layers;

    /// <summary>True for an object without keys and for null.</summary>
    public bool IsEmpty => Kind == HoconKind.Null || Kind == HoconKind.Object && Object!.Items.Count == 0;

    public bool IsString() => Kind is HoconKind.Literal;
    public bool IsObject() => Kind is HoconKind.Object;
    public bool IsArray() => Kind is HoconKind.Array || Kind is HoconKind.Object && Object!.IsArray();

#nullable disable annotations // as in Akka.NET, whose readers of these are not asked to think of null
    /// <summary>The text, or null if this is null, an array or an object.</summary>
    public string GetString() => Kind == HoconKind.Undefined ? throw Missing() : Text;

    /// <summary>The object, or null if this is something else.</summary>
    public HoconObject GetObject() => Kind == HoconKind.Undefined ? throw Missing() : Object;

    /// <summary>The value at a key of this object, or null.</summary>
    public HoconValue GetChildObject(string key) => GetObject()?.GetKey(key);
#nullable restore annotations

    /// <summary>The elements of an array; an object whose keys are numbers counts as one. Anything else that is not empty is an error.</summary>
    public IList<HoconValue> GetArray() => Kind switch
    {
        HoconKind.Undefined => throw Missing(),
        HoconKind.Array => Parts,
        HoconKind.Object => Object!.GetArray(),
        HoconKind.Literal when Text!.Length > 0 => throw new ConfigurationException($"Expected an array instead of '{Text}'"),
        _ => [],
    };

    public bool GetBoolean() => HoconScalars.Boolean(Scalar());
    public int GetInt() => HoconScalars.Number<int>(Scalar());
    public long GetLong() => HoconScalars.Number<long>(Scalar());
    public byte GetByte() => HoconScalars.Number<byte>(Scalar());
    public float GetFloat() => HoconScalars.Number<float>(Scalar());
    public double GetDouble() => HoconScalars.Number<double>(Scalar());
    public decimal GetDecimal() => HoconScalars.Number<decimal>(Scalar());
    public long? GetByteSize() => HoconScalars.ByteSize(Scalar());
    public TimeSpan GetTimeSpan(bool allowInfinite = true) => HoconScalars.Duration(Scalar(), allowInfinite);
    public IList<string> GetStringList() => List(x => x.GetString() ?? "");
    public IList<bool> GetBooleanList() => List(x => x.GetBoolean());
    public IList<int> GetIntList() => List(x => x.GetInt());
    public IList<long> GetLongList() => List(x => x.GetLong());
    public IList<byte> GetByteList() => List(x => x.GetByte());
    public IList<float> GetFloatList() => List(x => x.GetFloat());
    public IList<double> GetDoubleList() => List(x => x.GetDouble());
    public IList<decimal> GetDecimalList() => List(x => x.GetDecimal());

    /// <summary>This value as the root of a configuration.</summary>
    public Config ToConfig() => new(new HoconRoot(this));

    /// <summary>HOCON text that parses to this value.</summary>
    public override string ToString() => HoconRenderer.Render(this);

    private string Scalar() => GetString() ?? throw new FormatException(
        Kind == HoconKind.Null ? "Expected a value instead of null" : $"Expected a simple value instead of an {Kind.ToString().ToLowerInvariant()}");

    private List<T> List<T>(Func<HoconValue, T> read) => [.. GetArray().Select(read)];

    private FormatException Missing() => new($"Unresolved substitution: ${{{Text}}} (line {Line})");
}
