using System.CommandLine;
using System.Globalization;
using Eos.Cli.Render;
using Eos.Kernel;
using static Eos.Gateway.GatewayProtocol;

namespace Eos.Cli.Commands;

/// <summary>`du [-a] [-h] [-s] [--si] path`: the sizes of trees, as their directories know them; late by some seconds.</summary>
internal static class DuCommand
{
    public static Command Build(Session session)
    {
        var files = new Option<bool>("-a", "--all") { Description = "Files too." };
        var human = new Option<bool>("-h") { Description = "Sizes for people, in powers of 1024." };
        var si = new Option<bool>("--si") { Description = "Sizes for people, in powers of 1000." };
        var summary = new Option<bool>("-s", "--summarize") { Description = "Only the sum." };
        var path = new Argument<string?>("path") { Arity = ArgumentArity.ZeroOrOne };
        var command = new Command("du", "Sizes of trees.") { files, human, si, summary, path };
        var printing = Printing.OptionsOf(command);
        command.SetAction(async (parsed, cancel) =>
        {
            var form = printing.Form(parsed, session);
            var query = new FindQuery { Files = parsed.GetValue(files), Detail = FindDetail.Records, MaxDepth = parsed.GetValue(summary) ? 0 : null };
            var target = session.Path(parsed.GetValue(path) ?? ".");
            if ((await session.Client.StatAsync(target, cancel)).Kind != EntryKind.Directory) query = query with { Files = true };
            string Size(ulong bytes) => parsed.GetValue(si) ? HumanSize.Of((long)bytes)
                : parsed.GetValue(human) ? HumanSize.Of((long)bytes, factor: 1024)
                : bytes.ToString(CultureInfo.InvariantCulture);

            var rows = new List<Pairs>();
            var done = await session.Client.FindAsync(target, query, part =>
            {
                foreach (var row in part.Rows)
                {
                    var bytes = row.File?.Content.Size ?? row.Tree.Bytes;
                    var pairs = new Pairs().Add("path", row.Path).Add("size", bytes);
                    if (form == Form.Human) session.Out.WriteLine($"{Size(bytes),16}  {row.Path}");
                    else if (form == Form.Monitoring) session.Out.WriteLine(pairs.Line());
                    else rows.Add(pairs);
                }
                FindCommand.Complain(session, part);
                return ValueTask.CompletedTask;
            }, cancel);
            if (form == Form.Json) session.Out.WriteLine(Pairs.Envelope(rows, (int)done.First));
            return (int)done.First;
        });
        return command;
    }
}
