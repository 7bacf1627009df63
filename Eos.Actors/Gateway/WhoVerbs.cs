using System.Globalization;
using Eos.Identity;
using static Eos.Gateway.AdminVerdict;
using static Eos.Gateway.GatewayProtocol;

namespace Eos.Gateway;

/// <summary>`who`, `whoami` and `member`: callers of the node that answers, the caller itself, and who is in a group.</summary>
internal static class WhoVerbs
{
    public static readonly AdminVerb[] All =
    [
        new("who", "", AdminRight.Everybody, Who),
        new("whoami", "", AdminRight.Everybody, WhoAmI),
        new("member", "", AdminRight.Everybody, Member),
    ];

    private static AdminVerdict WhoAmI(AdminFacts f)
    {
        var who = f.Who;
        var (uids, gids) = (string.Join(',', who.Uids), string.Join(',', who.Gids));
        var domain = who.Host.IndexOf('.', StringComparison.Ordinal) is var dot and > 0 ? who.Host[(dot + 1)..] : "localdomain";
        var line = $"Virtual Identity: uid={who.Uid} ({uids}) gid={who.Gid} ({gids}) [authz:{who.Protocol}]{(who.IsSudoer ? " sudo*" : "")} host={who.Host} domain={domain}"
            + (who.Geotag.Length > 0 ? $" geo-location={who.Geotag}" : "") + (who.Caller.Key.Length > 0 ? $" key={who.Caller.Key}" : "");
        var record = AdminRecord.Empty.Add("uid", who.Uid).Add("uids", uids).Add("gid", who.Gid).Add("gids", gids).Add("authz", who.Protocol).Add("sudo", who.IsSudoer ? "true" : "false");
        return Rows([record], who.Token is null ? [line] : [line, .. TokenText.Lines(who.Token)]);
    }

    private static AdminVerdict Who(AdminFacts f)
    {
        var all = !"czas".Any(o => f.Has(o.ToString()));
        var (lines, records, sessions) = (new List<string>(), new List<AdminRecord>(), f.Sessions());
        if (all || f.Has("z") || f.Has("a"))
        {
            foreach (var protocol in sessions.GroupBy(s => s.Protocol).OrderBy(g => g.Key, StringComparer.Ordinal))
            {
                lines.Add($"auth   : {protocol.Key,-24} := {protocol.Count()} sessions");
                records.Add(AdminRecord.Empty.Add("auth", protocol.Key).Add("nsessions", (ulong)protocol.Count()));
            }
        }
        if (all || f.Has("a"))
        {
            foreach (var user in sessions.GroupBy(s => s.Uid))
            {
                lines.Add($"user   : {User(user.Key),-24} := {user.Count()} sessions");
                records.Add(AdminRecord.Empty.Add("uid", User(user.Key)).Add("nsessions", (ulong)user.Count()));
            }
        }
        if (f.Has("c") || f.Has("a"))
        {
            foreach (var s in sessions)
            {
                var idle = (ulong)s.Idle.TotalSeconds;
                lines.Add($"client : {User(s.Uid),-10}               := {s.Host,-40} ({s.Protocol,5}) [  ] {{ {s.App,-8} }} {idle}s idle time");
                records.Add(AdminRecord.Empty.Add("client", s.Host).Add("uid", User(s.Uid)).Add("auth", s.Protocol).Add("idle", idle).Add("gateway", "\"\"").Add("app", s.App));
            }
        }
        if (f.Has("s"))
        {
            lines.Add($"sum(clients) : {sessions.Length}");
            records.Add(AdminRecord.Empty.Add("nclients", (ulong)sessions.Length));
        }
        return Rows(records, lines);

        string User(uint uid) => f.Has("n") ? uid.ToString(CultureInfo.InvariantCulture) : f.Users.User(uid);
    }

    /// <summary>An egroup is a group of the node's: so there is nothing that could be out of date.</summary>
    private static AdminVerdict Member(AdminFacts f)
    {
        var (group, user) = (f.Word(0), f.Users.User(f.Who.Uid));
        var isMember = f.Who.Caller.Groups.Contains(group) ? "true" : "false";
        return Rows(
            [AdminRecord.Empty.Add("egroup", group).Add("user", user).Add("member", isMember).Add("lifetime", (ulong)f.Settings.UsersRefresh.TotalSeconds)],
            [$"egroup={group} user={user} member={isMember} lifetime={(ulong)f.Settings.UsersRefresh.TotalSeconds}"]);
    }
}
