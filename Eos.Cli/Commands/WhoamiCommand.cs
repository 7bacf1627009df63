using System.CommandLine;
using System.Globalization;
using Eos.Cli.Render;

namespace Eos.Cli.Commands;

/// <summary>`whoami`: as whom the instance sees the caller.</summary>
internal static class WhoamiCommand
{
    public static Command Build(Session session)
    {
        var command = new Command("whoami", "Print my identity as the instance sees it.");
        var printing = Printing.OptionsOf(command);
        command.SetAction(async (parsed, cancel) =>
        {
            var form = printing.Form(parsed, session);
            var me = await session.Client.WhoAmIAsync(cancel);
            var (uid, gid) = (me.Uid.ToString(CultureInfo.InvariantCulture), me.Gid.ToString(CultureInfo.InvariantCulture));
            var record = new Pairs()
                .Add("uid", me.Uid).Add("uids", uid).Add("gid", me.Gid).Add("gids", gid)
                .Add("authz", me.Proof).Add("sudo", me.Sudoer ? "true" : "false");
            if (Printing.Rows(session, form, [record])) return 0;
            var domain = me.Host.IndexOf('.', StringComparison.Ordinal) is var dot and > 0 ? me.Host[(dot + 1)..] : "localdomain";
            session.Out.WriteLine(
                $"Virtual Identity: uid={uid} ({uid}) gid={gid} ({gid}) [authz:{me.Proof}]{(me.Sudoer ? " sudo*" : "")} host={me.Host} domain={domain}");
            return 0;
        });
        return command;
    }
}
