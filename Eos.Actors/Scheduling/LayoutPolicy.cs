using System.Collections.Immutable;
using System.Globalization;
using Eos.Kernel;

namespace Eos.Scheduling;

/// <summary>How new files are stored: the layout with its number of replicas and its checksum, and the space.</summary>
public sealed record LayoutChoice(LayoutType Type, int Stripes, ChecksumType Checksum, int BlockSizeCode, string Space)
{
    /// <summary>Only this group of the space; empty: any.</summary>
    public string Group { get; init; } = "";

    /// <summary>How the replicas stand to each other.</summary>
    public PlacementPolicy Placement { get; init; } = PlacementPolicy.Scattered;

    /// <summary>Bytes to reserve.</summary>
    public ulong Booking { get; init; }

    public LayoutId Layout => LayoutId.Of(Type, Stripes, Checksum, BlockSizeCode);
}

/// <summary>What a layout is chosen from.</summary>
/// <param name="Usual">What the instance does where nobody says anything.</param>
/// <param name="Asked">What the client asks for.</param>
/// <param name="Attributes">The directory's.</param>
/// <param name="Spaces">What is configured for each space, and how full it is.</param>
/// <param name="MayPass">A sudoer: may write into full spaces.</param>
public sealed record LayoutQuestion(
    LayoutChoice Usual, RequestOptions Asked, IReadOnlyDictionary<string, string> Attributes, ImmutableDictionary<string, SpaceFacts> Spaces, bool MayPass);

/// <summary>A space as policies see it.</summary>
/// <param name="Policies">Values by the key behind `policy.`: `layout`, `space`, `altspaces`.</param>
/// <param name="IsFull">Its bytes are more than its nominal size.</param>
/// <param name="Takes">A filesystem of it takes new bytes now.</param>
public sealed record SpaceFacts(ImmutableDictionary<string, string> Policies, bool IsFull, bool Takes);

/// <summary>
/// What decides how a new file is stored. From the weakest to the strongest: the instance's default, what the client asks for, the policies of the space, the directory's
/// `sys.forced.*`, the directory's `user.forced.*` unless a `nouserlayout` is set. EOS's order (`Policy::GetLayoutAndSpace`): what a space says counts only where
/// the directory says nothing.
/// </summary>
public static class LayoutPolicy
{
    /// <summary>The largest number of replicas.</summary>
    public const int MaxStripes = 16;

    /// <summary>The space whose policies count where nothing else is chosen.</summary>
    public const string DefaultSpace = "default";

    private const int ReplicasOfReplica = 2;
    private static readonly string[] BlockSizes = ["4k", "64k", "128k", "512k", "1M", "4M", "16M", "64M"];
    private static readonly string[] Names = ["layout", "nstripes", "checksum", "blocksize"];   // the layout first: it sets the number of replicas

    /// <summary>The choice for a file. EINVAL: a word that says nothing; ENOTSUP: a layout that is not built here; ENOSPC: the space has its nominal size.</summary>
    public static (LayoutChoice Choice, Refusal? Refusal) Of(LayoutQuestion q)
    {
        var passes = q.Asked.NoForce && q.MayPass;
        var forced = passes ? ImmutableDictionary<string, string>.Empty : Forced(q.Attributes);
        var (choice, refusal) = (q.Usual, default(Refusal));
        (choice, refusal) = WithSpace(q, forced, choice);
        foreach (var name in Names)
        {
            var word = forced.GetValueOrDefault(name) ?? (passes ? null : Policy(q, choice.Space, name)) ?? q.Asked.Layout.GetValueOrDefault(name);
            if (name == "checksum" && q.Asked.ChecksumNoForce) word = q.Asked.Layout.GetValueOrDefault(name) ?? word;
            if (word is null) continue;
            (choice, var bad) = With(choice, name, word);
            refusal ??= bad;
        }
        choice = choice with
        {
            Group = forced.GetValueOrDefault("group") ?? q.Asked.Group ?? "",
            Placement = PlacementPolicy.Parse(forced.GetValueOrDefault("placementpolicy") ?? "") ?? q.Asked.Placement ?? PlacementPolicy.Scattered,
            Booking = ulong.TryParse(forced.GetValueOrDefault("bookingsize"), NumberStyles.None, CultureInfo.InvariantCulture, out var booking) ? booking : q.Asked.Booking ?? 0,
        };
        return (choice.Type == LayoutType.Plain ? choice with { Stripes = 1 } : choice, refusal);
    }

    /// <summary>Why a directory may not have this attribute; null: it may, or it is none that is obeyed here.</summary>
    public static Refusal? Check(string key, string value)
    {
        var name = key.StartsWith("sys.forced.", StringComparison.Ordinal) ? key["sys.forced.".Length..]
            : key.StartsWith("user.forced.", StringComparison.Ordinal) ? key["user.forced.".Length..] : "";
        return CheckWord(name, value);
    }

    /// <summary>Why a space may not have this policy, by the key behind `policy.`.</summary>
    public static Refusal? CheckWord(string name, string value) => name switch
    {
        "placementpolicy" => PlacementPolicy.Parse(value) is null ? Invalid($"placement policy '{value}' is none of scattered, hybrid:<geotag> and gathered:<geotag>") : null,
        "bookingsize" => ulong.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out _) ? null : Invalid($"bookingsize '{value}' is not a number of bytes"),
        _ => With(new LayoutChoice(LayoutType.Plain, 1, ChecksumType.Adler32, 0, ""), name, value).Refusal,
    };

    /// <summary>What the directory forces, by the key behind `forced.`: the user's word over the system's, where users may.</summary>
    private static ImmutableDictionary<string, string> Forced(IReadOnlyDictionary<string, string> attributes)
    {
        var forced = ImmutableDictionary.CreateBuilder<string, string>();
        foreach (var authority in (string[])["sys.forced.", "user.forced."])
        {
            var isUser = authority[0] == 'u';
            if (isUser && (IsOn(attributes, "sys.forced.nouserlayout") || IsOn(attributes, "user.forced.nouserlayout"))) break;
            foreach (var (key, value) in attributes.Where(a => a.Key.StartsWith(authority, StringComparison.Ordinal)))
            {
                var name = key[authority.Length..];
                if (isUser && name == "placementpolicy" && (IsOn(attributes, "sys.forced.nouserplacementpolicy") || IsOn(attributes, "user.forced.nouserplacementpolicy"))) continue;
                forced[name] = value;
            }
        }
        return forced.ToImmutable();
    }

    /// <summary>The client's space, else the default space's policy, else the default; then the directory's; then another that stands in for one that is full or takes nothing.</summary>
    private static (LayoutChoice Choice, Refusal? Refusal) WithSpace(LayoutQuestion q, ImmutableDictionary<string, string> forced, LayoutChoice choice)
    {
        var space = forced.GetValueOrDefault("space") ?? q.Asked.Space ?? Policy(q, q.Usual.Space, "space") ?? q.Usual.Space;
        if (space.Length == 0) return (choice, Invalid("the space has no name"));
        if (!Serves(q, space))
        {
            var others = Of(q, space)?.Policies.GetValueOrDefault("altspaces") ?? "";
            space = others.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).FirstOrDefault(other => Serves(q, other)) ?? space;
        }
        var isRefused = Of(q, space) is { IsFull: true } && !q.MayPass;
        return (choice with { Space = space }, isRefused ? new Refusal(Errno.NoSpace, $"space '{space}' has reached its nominal size") : null);
    }

    private static bool Serves(LayoutQuestion q, string space) => Of(q, space) is { Takes: true } facts && (!facts.IsFull || q.MayPass);

    private static SpaceFacts? Of(LayoutQuestion q, string space) => q.Spaces.GetValueOrDefault(space);

    /// <summary>The space's own policy, else that of the default space.</summary>
    private static string? Policy(LayoutQuestion q, string space, string name) =>
        Of(q, space)?.Policies.GetValueOrDefault(name) ?? Of(q, DefaultSpace)?.Policies.GetValueOrDefault(name);

    private static (LayoutChoice Choice, Refusal? Refusal) With(LayoutChoice choice, string name, string value)
    {
        switch (name)
        {
            case "layout" when value == "plain": return (choice with { Type = LayoutType.Plain }, null);
            case "layout" when value == "replica":
                return (choice with { Type = LayoutType.Replica, Stripes = choice.Type == LayoutType.Replica ? choice.Stripes : ReplicasOfReplica }, null);
            case "layout": return (choice, new Refusal(Errno.NotSupported, $"layout '{value}' is not supported: plain and replica are"));
            case "nstripes":
                return int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var stripes) && stripes is >= 1 and <= MaxStripes
                    ? (choice with { Stripes = stripes }, null)
                    : (choice, Invalid($"nstripes '{value}' is not a number from 1 to {MaxStripes}"));
            case "checksum":
                return ChecksumNames.TryParse(value, out var type) ? (choice with { Checksum = type }, null) : (choice, Invalid($"unknown checksum '{value}'"));
            case "blocksize":
                return Array.IndexOf(BlockSizes, value) is var code and >= 0
                    ? (choice with { BlockSizeCode = code }, null)
                    : (choice, Invalid($"blocksize '{value}' is not one of {string.Join(' ', BlockSizes)}"));
            case "space": return value.Length > 0 ? (choice, null) : (choice, Invalid("the space has no name"));
            default: return (choice, null);
        }
    }

    private static bool IsOn(IReadOnlyDictionary<string, string> attributes, string key) => attributes.TryGetValue(key, out var value) && value == "1";

    private static Refusal Invalid(string text) => new(Errno.Invalid, text);
}
