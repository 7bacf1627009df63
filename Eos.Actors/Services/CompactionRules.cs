namespace Eos.Services;

/// <summary>When to compact. Pure.</summary>
public static class CompactionRules
{
    public static CompactionState Set(CompactionState s, UpkeepProtocol.Set wish, TimeSpan now) => wish.On
        ? s with { Due = now + wish.Delay, Interval = wish.Interval, HasRun = false, Trouble = "" }
        : s with { Due = null, Interval = TimeSpan.Zero };

    /// <summary>Whether a run begins now.</summary>
    public static (CompactionState State, bool Begins) Tick(CompactionState s, TimeSpan now) =>
        s is { IsMaster: true, IsRunning: false, Due: { } due } && due <= now ? (s with { IsRunning = true, Trouble = "" }, true) : (s, false);

    /// <param name="before">Bytes of all files that were compacted, and what became of them.</param>
    public static CompactionState Ended(CompactionState s, ulong before, ulong after, string trouble, TimeSpan now) => s with
    {
        IsRunning = false,
        HasRun = true,
        Due = s.Due is null || s.Interval == TimeSpan.Zero ? null : now + s.Interval,
        Ratio = after > 0 ? (double)before / after : 1,
        Trouble = trouble,
    };
}
