namespace Eos.Tests.Support.Raft;

/// <summary>Chance that a seed decides: the same seed is the same film.</summary>
internal sealed class Chances(ulong seed)
{
    private ulong _state = seed * 0x9E3779B97F4A7C15 + 0x1234567;

    public ulong Next()
    {
        _state += 0x9E3779B97F4A7C15;
        var z = _state;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }

    public int Below(int bound) => (int)(Next() % (ulong)bound);

    public double Unit() => (Next() >> 11) / (double)(1UL << 53);

    public bool Of(double probability) => Unit() < probability;

    public TimeSpan Between(double fromMs, double toMs) => TimeSpan.FromMilliseconds(fromMs + (toMs - fromMs) * Unit());

    public T Pick<T>(IReadOnlyList<T> list) => list[Below(list.Count)];
}
