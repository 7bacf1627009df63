using System.Globalization;
using Eos.Identity;
using Eos.Instance;
using Eos.Kernel;
using static Eos.Gateway.AdminVerdict;

namespace Eos.Gateway;

/// <summary>`vid`: who is who, and who may act for whom. The rules stand in the configuration's section `vid`.</summary>
internal static class VidVerbs
{
    private const string Section = VidBook.Section;

    /// <summary>Ways of proof that rules may be about. Those that no door of this instance offers yet are stored and never met.</summary>
    private static readonly string[] Protocols = ["krb5", "gsi", "https", "sss", "unix", "tident", "voms", "grpc", "oauth2", "ztn"];

    public static readonly AdminVerb[] All =
    [
        new("vid", "ls", AdminRight.Administrator, f => VidListing.Of(VidBook.Of(f.Instance.Section(Section)), f)),
        new("vid", "set", AdminRight.Root, f => f.Word(0) switch
        {
            "membership" => Membership(f),
            "map" => Map(f),
            "geotag" => Geotag(f),
            var other => Bad($"vid set '{other}': membership, map and geotag can be set"),
        }),
        new("vid", "rm", AdminRight.Root, Remove),
        new("vid", "enable", AdminRight.Root, f => Switch(f, isOn: true)),
        new("vid", "disable", AdminRight.Root, f => Switch(f, isOn: false)),
        new("vid", "add", AdminRight.Root, f => Gateway(f, isAdded: true)),
        new("vid", "remove", AdminRight.Root, f => Gateway(f, isAdded: false)),
        new("vid", "publicaccesslevel", AdminRight.Root, f => uint.TryParse(f.Word(0), NumberStyles.None, CultureInfo.InvariantCulture, out var level) && level <= VidBook.UsualPublicAccessLevel
            ? Set("publicaccesslevel", f.Word(0))
            : Bad($"'{f.Word(0)}' is no level from 0 to {VidBook.UsualPublicAccessLevel}")),
        new("vid", "tokensudo", AdminRight.Root, f => Enum.TryParse<TokenSudo>(f.Word(0), ignoreCase: true, out var sudo) && Enum.IsDefined(sudo)
            ? Set("tokensudo", sudo.ToString().ToLowerInvariant())
            : Bad($"'{f.Word(0)}': tokensudo is always, encrypted, strong or never")),
    ];

    /// <summary>`vid set membership uid -uids a,b | -gids a,b | +sudo | -sudo`.</summary>
    private static AdminVerdict Membership(AdminFacts f)
    {
        if (f.Users.Uid(f.Word(1)) is not { } uid) return Bad($"no such user: '{f.Word(1)}'");
        switch (f.Word(2))
        {
            case "+sudo": return Set($"{uid}:root", "true");
            case "-sudo": return Set($"{uid}:root", null);
            case "-uids" or "-gids":
                var ids = f.Word(3).Split(',', StringSplitOptions.RemoveEmptyEntries).Select(w => f.Word(2) == "-uids" ? f.Users.Uid(w) : f.Users.Gid(w)).ToList();
                return ids.Count == 0 || ids.Contains(null) ? Bad($"'{f.Word(3)}' is no list of users or groups") : Set($"{uid}:{f.Word(2)[1..]}", string.Join(',', ids));
            default: return Bad("vid set membership USER needs -uids, -gids, +sudo or -sudo");
        }
    }

    /// <summary>`vid set map -sss name vuid:7 vgid:8`.</summary>
    private static AdminVerdict Map(AdminFacts f)
    {
        var (protocol, pattern) = (f.Word(1).TrimStart('-'), f.Word(2).Trim('"'));
        if (!Protocols.Contains(protocol) || pattern.Length == 0 || pattern.Contains('"')) return Bad($"vid set map -{string.Join("|-", Protocols)} PATTERN [vuid:UID] [vgid:GID]");
        var changes = new Dictionary<string, string?>();
        foreach (var word in f.Request.Arguments.Skip(3))
        {
            var half = word.StartsWith("vuid:", StringComparison.Ordinal) ? "uid" : word.StartsWith("vgid:", StringComparison.Ordinal) ? "gid" : "";
            var id = half == "uid" ? f.Users.Uid(word[5..]) : half == "gid" ? f.Users.Gid(word[5..]) : null;
            if (id is null) return Bad($"'{word}' is neither vuid:<user> nor vgid:<group>");
            changes[$"{protocol}:\"{pattern}\":{half}"] = id.Value.ToString(CultureInfo.InvariantCulture);
        }
        return changes.Count == 0 ? Bad("neither vuid: nor vgid: is given") : Set(changes);
    }

    private static AdminVerdict Geotag(AdminFacts f) => f.Request.Arguments.Length == 3 && f.Word(1).Length > 0 && f.Word(2).Split("::").All(t => t.Length is > 0 and <= 8)
        ? Set($"geotag:{f.Word(1)}", f.Word(2))
        : Bad("vid set geotag ADDRESS-PREFIX TAG, where each part of a tag between :: has 1 to 8 characters");

    /// <summary>`vid rm key`, as `vid ls` shows it, or `vid rm membership uid`.</summary>
    private static AdminVerdict Remove(AdminFacts f)
    {
        var keys = f.Word(0) == "membership"
            ? f.Users.Uid(f.Word(1)) is { } uid ? [$"{uid}:uids", $"{uid}:gids", $"{uid}:root"] : []
            : new[] { f.Word(0), f.Word(0).StartsWith("vid:", StringComparison.Ordinal) ? f.Word(0)[4..] : "" };
        return Change(
            now => keys.Where(k => now[Section, k] is not null).Aggregate(Revision.None, (all, key) => all.And(Section, key, null)) is { Values.IsEmpty: false } found
                ? found
                : Revision.Refuse(Errno.NoEntry, $"vid has nothing like '{f.Word(0)}'"),
            $"success: rm vid [ {f.Word(0)} ]");
    }

    private static AdminVerdict Switch(AdminFacts f, bool isOn)
    {
        var protocol = f.Word(0);
        if (!Protocols.Contains(protocol)) return Bad($"'{protocol}' is none of {string.Join(' ', Protocols)}");
        var usual = VidBook.Usual.IsEnabled(protocol);
        var value = isOn ? usual ? null : "0" : usual ? VidBook.NotEnabled.ToString(CultureInfo.InvariantCulture) : null;
        return Set(new() { [$"{protocol}:\"{MapRule.ByName}\":uid"] = value, [$"{protocol}:\"{MapRule.ByName}\":gid"] = value });
    }

    /// <summary>`vid add|remove gateway host [prot]`: users of that machine are believed who they are.</summary>
    private static AdminVerdict Gateway(AdminFacts f, bool isAdded)
    {
        var (host, protocol) = (f.Word(1), f.Word(2).Length > 0 ? f.Word(2) : "*");
        if (f.Word(0) != "gateway" || host.Length == 0 || host.Contains('"') || (protocol != "*" && !Protocols.Contains(protocol)))
            return Bad($"vid {(isAdded ? "add" : "remove")} gateway HOST [{string.Join('|', Protocols)}]");
        var value = isAdded ? "0" : null;
        return Set(new() { [$"tident:\"{protocol}@{host}\":uid"] = value, [$"tident:\"{protocol}@{host}\":gid"] = value });
    }

    private static AdminVerdict Set(string key, string? value) => Set(new() { [key] = value });

    private static AdminVerdict Set(Dictionary<string, string?> changes) =>
        Change(_ => changes.Aggregate(Revision.None, (all, c) => all.And(Section, c.Key, c.Value)), [.. changes.Select(c => $"success: {(c.Value is null ? "removed" : "set")} vid [ {c.Key} ]")]);

    private static AdminVerdict Bad(string text) => Refuse(Errno.Invalid, text);
}
