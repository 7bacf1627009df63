namespace Eos.Kernel;

/// <summary>
/// A limit of a rate: each byte takes a token, tokens come back at the rate, and never are more than go in a burst. Bytes that have gone count even if there were no tokens: whoever
/// is in debt waits. Pure: time is given.
/// </summary>
/// <param name="Rate">Tokens a second, above 0.</param>
/// <param name="Burst">The most tokens.</param>
/// <param name="Tokens">Below 0: debt.</param>
/// <param name="At">When there were so many.</param>
public readonly record struct TokenBucket(double Rate, double Burst, double Tokens, TimeSpan At)
{
    /// <summary>A full one.</summary>
    public static TokenBucket Full(double rate, TimeSpan burst, TimeSpan now) => new(rate, rate * burst.TotalSeconds, rate * burst.TotalSeconds, now);

    /// <summary>Bytes have gone: what is left, and how long nothing more may go.</summary>
    public (TokenBucket Next, TimeSpan Wait) Take(long bytes, TimeSpan now)
    {
        var since = Math.Max(0, (now - At).TotalSeconds);
        var tokens = Math.Min(Burst, Tokens + since * Rate) - bytes;
        return (this with { Tokens = tokens, At = now }, tokens < 0 ? TimeSpan.FromSeconds(-tokens / Rate) : TimeSpan.Zero);
    }
}
