using Eos.Kernel;
using Eos.Namespace;

namespace Eos.Gateway;

/// <summary>What the cleaner of the recycle bin does next.</summary>
public enum CleaningStep
{
    Nothing = 0,

    /// <summary>Look what is too old.</summary>
    Count = 1,

    /// <summary>Remove it.</summary>
    Remove = 2,
}

/// <summary>When the cleaner looked and removed, and whether the last look found something. Pure: a new master begins with a look.</summary>
public sealed record CleaningPlan(Instant? Looked, Instant? Removed, bool Found)
{
    public static readonly CleaningPlan Begin = new(null, null, false);

    public CleaningStep Next(RecyclePolicy policy, Instant now) =>
        Found && (Removed is null || now - Removed >= policy.RemoveInterval) ? CleaningStep.Remove
        : Looked is null || now - Looked >= policy.CollectInterval ? CleaningStep.Count
        : CleaningStep.Nothing;

    /// <summary>A step is done.</summary>
    /// <param name="found">Things that were found or removed.</param>
    public CleaningPlan After(CleaningStep step, ulong found, Instant now) => step switch
    {
        CleaningStep.Count => this with { Looked = now, Found = found > 0 },
        CleaningStep.Remove => this with { Removed = now, Found = false },
        _ => this,
    };
}
