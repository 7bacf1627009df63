using System.Globalization;
using Eos.Instance;
using Eos.Kernel;
using static Eos.Gateway.AdminVerdict;
using static Eos.Gateway.GatewayProtocol;

namespace Eos.Gateway;

/// <summary>`access`: bans, allowances, redirections, stalls and limits.</summary>
internal static class AccessVerbs
{
    private const string Section = AccessBook.Section;
    private static readonly string[] Types = ["r", "w", "ENOENT", "ENONET", "ENETUNREACH"];

    public static readonly AdminVerb[] All =
    [
        new("access", "ban", AdminRight.Administrator, f => List(f, "ban", isAdded: true)),
        new("access", "unban", AdminRight.Administrator, f => List(f, "ban", isAdded: false)),
        new("access", "allow", AdminRight.Administrator, f => List(f, "allow", isAdded: true)),
        new("access", "unallow", AdminRight.Administrator, f => List(f, "allow", isAdded: false)),
        new("access", "set", AdminRight.Administrator, Set),
        new("access", "rm", AdminRight.Administrator, Remove),
        new("access", "stallhosts", AdminRight.Administrator, StallHosts),
        new("access", "ls", AdminRight.Administrator, Ls),
    ];

    private static AdminVerdict List(AdminFacts f, string list, bool isAdded)
    {
        var (kind, typed) = (f.Word(0), f.Word(1));
        if (!AccessBook.Kinds.Contains(kind) || typed.Length == 0 || f.Request.Arguments.Length != 2) return Bad($"access {f.Request.Verb} {string.Join('|', AccessBook.Kinds)} <name>");
        var name = kind switch
        {
            "user" => f.Users.Uid(typed)?.ToString(CultureInfo.InvariantCulture),
            "group" => f.Users.Gid(typed)?.ToString(CultureInfo.InvariantCulture),
            _ => typed,
        };
        if (name is null) return Bad($"no such {kind}: '{typed}'");
        var key = $"{list}:{kind}:{name}";
        return Change(
            now => isAdded ? Revision.Set(Section, key, "true") : now[Section, key] is null ? Revision.Refuse(Errno.NoEntry, $"{kind} '{typed}' is not in the list") : Revision.Remove(Section, key),
            $"success: {f.Request.Verb} {kind} '{typed}'");
    }

    private static AdminVerdict Set(AdminFacts f)
    {
        var (what, value, type) = (f.Word(0), f.Word(1), f.Word(2));
        switch (what)
        {
            case "redirect" when AccessBook.ParseRedirect(value) is not null && TypeKey(type) is { } key:
                return Change(_ => Revision.Set(Section, $"redirect:{key}", value), $"success: setting redirection for {key} to '{value}'");
            case "stall" when int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) && seconds > 0 && TypeKey(type) is { } key:
                return Change(_ => Revision.Set(Section, $"stall:{key}", value), $"success: setting stall for {key} to {value} seconds");
            case "limit" when ulong.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out _) && IsLimit(type):
                return Change(_ => Revision.Set(Section, $"limit:{type}", value), $"success: setting limit {type} to {value}");
            default: return Bad("access set redirect <host[:port[:ms]]> [r|w|ENOENT|ENONET|ENETUNREACH] | stall <seconds> [type] | limit <n> rate:{user,group}:<name>:<counter>|threads:<name>");
        }
    }

    private static AdminVerdict Remove(AdminFacts f)
    {
        var (what, which) = (f.Word(0), f.Word(1));
        var key = what is "redirect" or "stall" && TypeKey(which) is { } type ? $"{what}:{type}" : what == "limit" && which.Length > 0 ? $"limit:{which}" : null;
        return key is null
            ? Bad("access rm redirect [type] | stall [type] | limit <key>")
            : Change(now => now[Section, key] is null ? Revision.Refuse(Errno.NoEntry, $"there is no {what} for '{which}'") : Revision.Remove(Section, key), $"success: removed {what} {which}".TrimEnd());
    }

    private static AdminVerdict StallHosts(AdminFacts f)
    {
        var (verb, list, host) = (f.Word(0), f.Word(1), f.Word(2));
        if (verb is not ("add" or "remove") || list is not ("stall" or "nostall") || host.Length == 0) return Bad("access stallhosts add|remove stall|nostall <host pattern>");
        var key = $"stallhosts:{list}:{host}";
        return Change(
            now => verb == "add" ? Revision.Set(Section, key, "true") : now[Section, key] is null ? Revision.Refuse(Errno.NoEntry, $"'{host}' is not in the list") : Revision.Remove(Section, key),
            $"success: {verb} {list} host '{host}'");
    }

    /// <summary>Headings as EOS has them, its spelling too.</summary>
    private static AdminVerdict Ls(AdminFacts f)
    {
        var book = AccessBook.Of(f.Instance);
        var (lines, record) = (new List<string>(), AdminRecord.Empty);
        foreach (var (heading, kind) in new[] { ("Banned Users", "user"), ("Banned Groups", "group"), ("Banned Hosts", "host"), ("Banned Domains", "domain"), ("Banned Tokens", "token") })
            Block(heading, $"{kind}{(kind == "token" ? "s" : "")}.banned", book.Banned.Where(b => b.Kind == kind).Select(b => Name(kind, b.Name)));
        foreach (var (heading, kind) in new[] { ("Allowd Users", "user"), ("Allowed Groups", "group"), ("Allowed Hosts", "host"), ("Allowed Domains", "domain"), ("Allowed Tokens", "token") })
            Block(heading, $"{kind}{(kind == "token" ? "s" : "")}.allowed", book.Allowed.Where(b => b.Kind == kind).Select(b => Name(kind, b.Name)));
        Rules("Redirection Rules", "redirect", book.Redirects.Select(r => (r.Key, $"{r.Value.Host}:{r.Value.Port}" + (r.Value.Delay > TimeSpan.Zero ? $":{r.Value.Delay.TotalMilliseconds:0}" : ""))));
        Rules("Stall Rules", "stall", book.Stalls.Select(s => (s.Key, s.Value.TotalSeconds.ToString("0", CultureInfo.InvariantCulture))).Concat(book.Limits.Select(l => (l.Key, l.Value.ToString(CultureInfo.InvariantCulture)))));
        Block("Hosts in the stall white list", "host.stallhosts", book.StallHosts);
        Block("Hosts in the no-stall black list", "host.nostallhosts", book.NoStallHosts);
        return Rows(record.Pairs.IsEmpty ? [] : [record], lines);

        string Name(string kind, string id) => f.Has("n") || kind is not ("user" or "group") ? id
            : kind == "user" ? f.Users.User(uint.Parse(id, CultureInfo.InvariantCulture)) : f.Users.Group(uint.Parse(id, CultureInfo.InvariantCulture));

        void Block(string heading, string key, IEnumerable<string> names)
        {
            var rows = names.ToList();
            if (rows.Count == 0) return;
            Head(heading);
            for (var i = 0; i < rows.Count; i++)
            {
                lines.Add($"[ {i + 1:00} ] {rows[i]}");
                record = record.Add(key, rows[i]);
            }
        }

        void Rules(string heading, string key, IEnumerable<(string Key, string Value)> rules)
        {
            var rows = rules.ToList();
            if (rows.Count == 0) return;
            Head(heading);
            for (var i = 0; i < rows.Count; i++)
            {
                lines.Add($"[ {i + 1:00} ] {rows[i].Key,32} => {rows[i].Value}");
                record = record.Add($"{key}.{rows[i].Key}", rows[i].Value);
            }
        }

        void Head(string heading)
        {
            const string rule = "# ....................................................................................";
            lines.AddRange([rule, $"# {heading} ...", rule]);
        }
    }

    /// <summary>`*` for all, `r:*`, and so on; null: there is no such type.</summary>
    private static string? TypeKey(string type) => type.Length == 0 ? "*" : Types.Contains(type) ? $"{type}:*" : null;

    private static bool IsLimit(string key) => key.Split(':') switch
    {
        ["threads", { Length: > 0 }] => true,
        ["rate", "user" or "group", { Length: > 0 }, { Length: > 0 }] => true,
        _ => false,
    };

    private static AdminVerdict Bad(string text) => Refuse(Errno.Invalid, text);
}
