namespace Akka.Pattern;

/// <summary>How long to wait before the next start.</summary>
internal static class BackoffDelay
{
    /// <summary>The minimum doubled with every restart, at most the maximum, plus up to <paramref name="randomFactor"/> of itself.</summary>
    /// <param name="chance">A number in [0, 1).</param>
    public static TimeSpan After(int restarts, TimeSpan min, TimeSpan max, double randomFactor, double chance)
    {
        var grown = min.TotalMilliseconds * Math.Pow(2, Math.Min(restarts, 62));
        var ms = Math.Min(max.TotalMilliseconds, grown) * (1 + chance * randomFactor);
        return ms >= int.MaxValue ? max : TimeSpan.FromMilliseconds(ms);
    }
}
