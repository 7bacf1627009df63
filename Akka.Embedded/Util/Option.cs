namespace Akka.Util;

/// <summary>A value that may be absent.</summary>
public struct Option<T>
{
    /// <summary>No value.</summary>
    public static readonly Option<T> None = default;

    public Option(T value)
    {
        Value = value;
        HasValue = true;
    }

    public static Option<T> Create(T value) => value is null ? None : new Option<T>(value);

    public bool HasValue { get; }

    public T Value { get; }

    public bool IsEmpty => !HasValue;

    public T GetOrElse(T fallbackValue) => HasValue ? Value : fallbackValue;

    public override string ToString() => HasValue ? $"Some<{Value}>" : "None";
}
