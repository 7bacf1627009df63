using System.Globalization;
using Eos.Identity;
using Eos.Kernel;

namespace Eos.Gateway;

/// <summary>What becomes of a request before it is looked at.</summary>
public abstract record AccessVerdict
{
    /// <summary>The caller waits and asks again.</summary>
    public sealed record Stall(TimeSpan Pause, string Text) : AccessVerdict;

    public sealed record No(Refusal Why) : AccessVerdict;

    /// <summary>The caller is to ask elsewhere.</summary>
    public sealed record Away(AccessRedirect To) : AccessVerdict;
}

/// <summary>One request, as far as access depends on it.</summary>
/// <param name="Running">Requests of this user that run now.</param>
/// <param name="RunningAll">Of all users.</param>
/// <param name="Rates">Requests a second of this command, lately: of the user, of the group.</param>
/// <param name="Chance">0 to 1: those that are stalled do not come back all at once.</param>
public readonly record struct AccessQuestion(
    VirtualIdentity Who, string Command, bool IsWrite, int Running, int RunningAll, (double User, double Group) Rates, UserBook Users, double Chance);

/// <summary>
/// Whether a request is let in, in EOS's order: too many at once; banned; stalled altogether, for reading, for writing; too fast; then redirected; then whether the caller is among those who are
/// allowed, if anybody is. Users up to 3 are never held up.
/// </summary>
public static class AccessJudge
{
    private const uint LastExempt = 3;

    /// <summary>So much above its limit a user is stalled, and before that slowed down.</summary>
    private const double CutOff = 1.33;

    private static readonly TimeSpan BanPause = TimeSpan.FromSeconds(300);
    private static readonly TimeSpan RatePause = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan MostDelay = TimeSpan.FromSeconds(40);
    private static readonly TimeSpan Spread = TimeSpan.FromSeconds(5);

    /// <summary>Null: it is let in.</summary>
    public static AccessVerdict? Of(AccessBook book, AccessQuestion q)
    {
        if (book.IsEmpty || q.Who.Uid <= LastExempt) return null;
        return Held(book, q) ?? Sent(book, q) ?? Kept(book, q);
    }

    /// <summary>Where a refused read is to be asked again, for errnos that have a rule.</summary>
    public static AccessRedirect? After(AccessBook book, VirtualIdentity who, Errno why) =>
        who.Uid <= LastExempt ? null
        : why switch
        {
            Errno.NoEntry => book.Redirects.GetValueOrDefault("ENOENT:*"),
            Errno.NoNetwork => book.Redirects.GetValueOrDefault("ENONET:*"),
            Errno.NetworkUnreachable => book.Redirects.GetValueOrDefault("ENETUNREACH:*"),
            _ => null,
        };

    private static AccessVerdict? Held(AccessBook book, AccessQuestion q)
    {
        var host = q.Who.Host;
        if (book.NoStallHosts.Any(h => Fits(h, host)) || (!book.StallHosts.IsEmpty && !book.StallHosts.Any(h => Fits(h, host)))) return null;
        var user = q.Users.User(q.Who.Uid);
        if (Limit("threads:max") is { } most && (ulong)q.RunningAll > most) return Stall(RatePause, "too many requests run at once");
        if (book.ThreadsOf(user, q.Who.Uid) is { } own && (ulong)q.Running > own) return Stall(RatePause, $"too many requests of {user} run at once");
        if (IsListed(book.Banned, q)) return Stall(BanPause, "you are banned from this instance: contact its administrator");
        foreach (var key in new[] { "*", q.IsWrite ? "w:*" : "r:*" })
            if (book.Stalls.TryGetValue(key, out var pause) && pause > TimeSpan.Zero) return Stall(pause, q.IsWrite && key != "*" ? "writing is stalled by a rule" : "requests are stalled by a rule");
        var group = q.Users.Group(q.Who.Gid);
        return TooFast(Limit($"rate:user:{user}:{q.Command}") ?? Limit($"rate:user:*:{q.Command}"), q.Rates.User)
            ?? TooFast(Limit($"rate:group:{group}:{q.Command}") ?? Limit($"rate:group:*:{q.Command}"), q.Rates.Group);

        ulong? Limit(string key) => book.Limits.TryGetValue(key, out var limit) ? limit : null;

        AccessVerdict Stall(TimeSpan pause, string text) => new AccessVerdict.Stall(pause + Spread * q.Chance, text);

        AccessVerdict? TooFast(ulong? limit, double rate)
        {
            if (limit is not { } allowed || rate <= allowed) return null;
            if (rate > allowed * CutOff) return Stall(RatePause, $"more than {allowed} {q.Command} a second");
            var delay = TimeSpan.FromSeconds(rate / Math.Max(1, allowed) - 1);
            return new AccessVerdict.Stall(delay < MostDelay ? delay : MostDelay, $"more than {allowed} {q.Command} a second");
        }
    }

    private static AccessVerdict? Sent(AccessBook book, AccessQuestion q) =>
        (book.Redirects.GetValueOrDefault("*") ?? book.Redirects.GetValueOrDefault(q.IsWrite ? "w:*" : "r:*")) is { } to ? new AccessVerdict.Away(to) : null;

    private static AccessVerdict? Kept(AccessBook book, AccessQuestion q) => book.Allowed.IsEmpty || IsListed(book.Allowed, q)
        ? null
        : new AccessVerdict.No(new Refusal(Errno.AccessDenied, "give access - user access restricted - contact your instance administrator"));

    private static bool IsListed(IEnumerable<(string Kind, string Name)> list, AccessQuestion q)
    {
        var (who, host) = (q.Who, q.Who.Host);
        var domain = host.IndexOf('.', StringComparison.Ordinal) is var dot and > 0 ? host[(dot + 1)..] : "localdomain";
        return list.Any(row => row.Kind switch
        {
            "user" => row.Name == who.Uid.ToString(CultureInfo.InvariantCulture),
            "group" => who.Gids.Any(g => row.Name == g.ToString(CultureInfo.InvariantCulture)),
            "host" => row.Name == host,
            "domain" => row.Name == domain || row.Name == "-",
            "token" => who.Token?.Voucher == row.Name,
            _ => false,
        });
    }

    /// <summary>`*` stands for any part of a host's name.</summary>
    private static bool Fits(string pattern, string host)
    {
        var (at, parts) = (0, pattern.Split('*'));
        for (var i = 0; i < parts.Length; i++)
        {
            var found = i == 0 ? (host.StartsWith(parts[0], StringComparison.Ordinal) ? 0 : -1)
                : i == parts.Length - 1 ? (host.Length - at >= parts[i].Length && host.EndsWith(parts[i], StringComparison.Ordinal) ? host.Length - parts[i].Length : -1)
                : host.IndexOf(parts[i], at, StringComparison.Ordinal);
            if (found < at) return false;
            at = found + parts[i].Length;
        }
        return parts.Length > 1 || host.Length == pattern.Length;
    }
}
