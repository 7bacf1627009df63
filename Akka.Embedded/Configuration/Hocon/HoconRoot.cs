namespace Akka.Configuration.Hocon;

/// <summary>The outcome of parsing one text; what an include callback hands back.</summary>
public sealed class HoconRoot(HoconValue value)
{
    public HoconValue Value { get; } = value;
}
