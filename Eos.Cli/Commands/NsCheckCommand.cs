using System.CommandLine;
using Eos.Cli.Render;

namespace Eos.Cli.Commands;

/// <summary>`ns check`: compares everything with what is said of it elsewhere. Exit code 1 if anything differs.</summary>
internal static class NsCheckCommand
{
    public static Command Build(Session session)
    {
        var command = new Command("check", "Compare all directories, indexes, quota and replicas; exit code 1 if anything differs (run it again to see whether that stays).");
        var printing = Printing.OptionsOf(command);
        command.SetAction(async (parsed, cancel) =>
        {
            var form = printing.Form(parsed, session);
            var done = await session.Client.CheckNamespaceAsync(
                part =>
                {
                    foreach (var fault in part.Faults) session.Out.WriteLine(form == Form.Monitoring ? $"difference=\"{fault.Text}\"" : fault.Text);
                }, cancel);
            var sums = new Pairs().Add("files", done.Files).Add("directories", done.Directories).Add("differences", done.Faults);
            if (!Printing.Rows(session, form, [sums])) session.Out.WriteLine($"ns check: {done.Files} files, {done.Directories} directories, {done.Faults} differences");
            return done.Faults == 0 ? 0 : 1;
        });
        return command;
    }
}
