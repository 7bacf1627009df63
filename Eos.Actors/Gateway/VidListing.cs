using System.Globalization;
using Eos.Identity;
using static Eos.Gateway.AdminVerdict;
using static Eos.Gateway.GatewayProtocol;

namespace Eos.Gateway;

/// <summary>`vid ls`: the rules as lines, all of them or those that the options name.</summary>
internal static class VidListing
{
    private const string Gateways = "tident";

    public static AdminVerdict Of(VidBook book, AdminFacts f)
    {
        var all = !"usgUGyaNl".Any(o => f.Has(o.ToString()));
        var lines = new List<string>();
        if (all || f.Has("u")) lines.AddRange(book.Uids.Select(u => $"membership uid: {User(u.Key)} => uids({string.Join(',', u.Value.Select(User))})"));
        if (all || f.Has("g")) lines.AddRange(book.Gids.Select(g => $"membership uid: {User(g.Key)} => gids({string.Join(',', g.Value.Select(Group))})"));
        if (all || f.Has("s")) lines.Add($"sudoer                 => uids({string.Join(',', book.Sudoers.Select(User))})");
        var rules = book.Maps.Where(r => r.Value.Uid is not VidBook.NotEnabled).ToList();
        if (all || f.Has("U")) lines.AddRange(rules.Where(r => r.Value.Uid is not null).Select(r => $"{r.Key.Protocol}:\"{r.Key.Pattern}\":uid => {Half(r.Key, User(r.Value.Uid!.Value))}"));
        if (all || f.Has("G")) lines.AddRange(rules.Where(r => r.Value.Gid is not null).Select(r => $"{r.Key.Protocol}:\"{r.Key.Pattern}\":gid => {Half(r.Key, Group(r.Value.Gid!.Value))}"));
        if (all || f.Has("N")) lines.Add($"publicaccesslevel: => {book.PublicAccessLevel}");
        if (all || f.Has("l")) lines.AddRange(book.Geotags.Select(g => $"geotag:\"{g.Key}\" => \"{g.Value}\""));
        if (all) lines.Add($"tokensudo              => {book.TokenSudo.ToString().ToLowerInvariant()}");
        if (f.Has("y")) lines.AddRange(rules.Where(r => r.Key.Protocol == Gateways).Select(r => Gateway(r.Key)));
        if (f.Has("a")) lines.AddRange(new[] { "sss", "unix", "https", "krb5", "gsi", "grpc", "ztn" }.Where(book.IsEnabled).Select(p => $"auth={p}"));
        return Rows(f.Has("y") || f.Has("a") ? [] : lines.Select(l => l.Split("=>", 2, StringSplitOptions.TrimEntries)).Select(l => AdminRecord.Empty.Add("rule", l[0]).Add("value", l[1])), lines);

        string User(uint uid) => f.Has("n") ? uid.ToString(CultureInfo.InvariantCulture) : f.Users.User(uid);
        string Group(uint gid) => f.Has("n") ? gid.ToString(CultureInfo.InvariantCulture) : f.Users.Group(gid);
    }

    /// <summary>A rule by the name that the node has for the user names no one in particular.</summary>
    private static string Half(MapRule rule, string id) => rule.Pattern == MapRule.ByName || rule.Protocol == Gateways ? "<pwd>" : id;

    private static string Gateway(MapRule rule) => rule.Pattern.Split('@', 2) is [var protocol, var host]
        ? $"gateway={host} auth={(protocol == "*" ? "all" : protocol)}"
        : $"gateway={rule.Pattern} auth=all";
}
