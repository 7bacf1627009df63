using System.CommandLine;
using Eos.Kernel;

namespace Eos.Cli.Commands;

/// <summary>`ns master [node|--log|--log-clear|--enable|--disable]`: who acts for the instance. Without anything: the log of its changes.</summary>
internal static class NsMasterCommand
{
    public static Command Build(Session session)
    {
        var node = new Argument<string?>("node") { Description = "The node that shall be master: its name, or host:port.", Arity = ArgumentArity.ZeroOrOne };
        var log = new Option<bool>("--log") { Description = "Print the changes of the role, boots included." };
        var clear = new Option<bool>("--log-clear") { Description = "Empty that log." };
        var enable = new Option<bool>("--enable") { Description = "Standbys take the role when the master is lost. The default." };
        var disable = new Option<bool>("--disable") { Description = "They do not; `ns master NODE` still moves the role." };
        var command = new Command("master", "Show or move the master role.") { node, log, clear, enable, disable };
        command.SetAction(async (parsed, cancel) =>
        {
            var words = new[] { log, clear, enable, disable }.Count(parsed.GetValue);
            if (words + (parsed.GetValue(node) is null ? 0 : 1) > 1) throw new EosException(Errno.Invalid, "ns master takes one of: a node, --log, --log-clear, --enable, --disable");
            if (parsed.GetValue(node) is { } to)
            {
                var moved = await session.Client.MoveMasterAsync(to, cancel);
                session.Out.WriteLine(moved.WasThere ? $"success: {to} is the master already" : $"success: the master has stepped down, {to} is master now");
            }
            else if (parsed.GetValue(clear))
            {
                await session.Client.ClearMasterLogAsync(cancel);
                session.Out.WriteLine("success: cleaned the master log");
            }
            else if (parsed.GetValue(enable) || parsed.GetValue(disable))
            {
                await session.Client.SetMasterFailoverAsync(parsed.GetValue(enable), cancel);
                session.Out.WriteLine($"success: {(parsed.GetValue(enable) ? "enabled" : "disabled")} the supervision of the master");
            }
            else
            {
                foreach (var line in (await session.Client.MasterLogAsync(cancel)).Lines) session.Out.WriteLine(line);
            }
            return 0;
        });
        return command;
    }
}
