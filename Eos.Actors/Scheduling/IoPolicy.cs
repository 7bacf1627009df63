using System.Globalization;
using Eos.Kernel;

namespace Eos.Scheduling;

/// <summary>How the bytes of one transfer go.</summary>
/// <param name="Bandwidth">MB (1 000 000 bytes) a second at most; 0: as fast as it goes.</param>
/// <param name="Type">EOS's word of how the file is written; empty: as always.</param>
public sealed record IoPlan(uint Bandwidth, string Type)
{
    public static readonly IoPlan None = new(0, "");

    /// <summary>Each block is on stable storage before the next one is taken.</summary>
    public bool SyncsEach => Type is "sync" or "dsync";
}

/// <summary>What an I/O policy is chosen from.</summary>
/// <param name="Writes">A transfer to the instance; else from it.</param>
/// <param name="Space">A key of the space; null: not set.</param>
/// <param name="Attributes">The directory's.</param>
/// <param name="Asked">What the client asks for.</param>
/// <param name="App">The application that the client names.</param>
/// <param name="IsUser">Whether the caller is that user, by name or number.</param>
/// <param name="IsGroup">Whether that is the caller's group.</param>
public sealed record IoQuestion(
    bool Writes, Func<string, string?> Space, IReadOnlyDictionary<string, string> Attributes, RequestOptions Asked, string App, Func<string, bool> IsUser, Func<string, bool> IsGroup)
{
    /// <summary>All keys that are set for the space.</summary>
    public IEnumerable<string> SpaceKeys { get; init; } = [];
}

/// <summary>
/// Which of the I/O policies `bandwidth`, `iotype`, `iopriority` and `schedule` counts for a transfer, by EOS's order, the weakest first: the space (`policy.bandwidth`, then
/// `policy.bandwidth:r`), its word for the caller's group, user, application (`bandwidth:r.app:name`), the directory's `sys.forced.bandwidth:r`, the client.
/// </summary>
public static class IoPolicy
{
    public static readonly string[] Names = ["bandwidth", "iotype", "iopriority", "schedule"];

    /// <summary>The keys by which clients ask.</summary>
    public const string BandwidthKey = "eos.iobw", TypeKey = "eos.iotype";

    private static readonly string[] Types = ["direct", "sync", "csync", "dsync"];

    public static IoPlan Of(IoQuestion q) => new(
        uint.TryParse(q.Asked.Bandwidth is { } own ? own : Word(q, "bandwidth"), NumberStyles.None, CultureInfo.InvariantCulture, out var rate) ? rate : 0,
        q.Asked.IoType ?? Word(q, "iotype") ?? "");

    /// <summary>Why a policy may not have this value; null: it may. EINVAL.</summary>
    /// <param name="name">`bandwidth`, `bandwidth:r`, `bandwidth:w.app:name`; others are not judged here.</param>
    public static Refusal? Check(string name, string value)
    {
        var plain = name.Split(':', 2)[0];
        var isGood = plain switch
        {
            "bandwidth" => uint.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out _),
            "iotype" => Types.Contains(value),
            "iopriority" => value.Split(':') is ["idle"] or ["rt" or "be", [>= '0' and <= '7']],
            "schedule" => value is "0" or "1",
            _ => true,
        };
        return isGood ? null : new Refusal(Errno.Invalid, plain switch
        {
            "bandwidth" => $"bandwidth is a number of MB/s, not '{value}'",
            "iotype" => $"iotype is one of {string.Join(' ', Types)}, not '{value}'",
            "iopriority" => $"iopriority is idle, rt:0 to rt:7 or be:0 to be:7, not '{value}'",
            _ => $"schedule is 0 or 1, not '{value}'",
        });
    }

    private static string? Word(IoQuestion q, string policy)
    {
        var way = q.Writes ? $"{policy}:w" : $"{policy}:r";
        return q.Attributes.GetValueOrDefault($"sys.forced.{way}") ?? q.Attributes.GetValueOrDefault($"sys.forced.{policy}")
            ?? Scoped(q, way, "app", name => name == q.App) ?? Scoped(q, way, "user", q.IsUser) ?? Scoped(q, way, "group", q.IsGroup)
            ?? q.Space($"policy.{way}") ?? q.Space($"policy.{policy}");
    }

    private static string? Scoped(IoQuestion q, string way, string scope, Func<string, bool> isMeant)
    {
        foreach (var prefix in (string[])[$"{way}.{scope}:", $"policy.{way}.{scope}:"])
            if (q.SpaceKeys.FirstOrDefault(key => key.StartsWith(prefix, StringComparison.Ordinal) && isMeant(key[prefix.Length..])) is { } key) return q.Space(key);
        return null;
    }
}
