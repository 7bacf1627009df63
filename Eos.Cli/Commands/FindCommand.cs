using System.CommandLine;
using System.Globalization;
using Eos.Cli.Render;
using Eos.Kernel;
using Eos.Views;
using static Eos.Gateway.GatewayProtocol;

namespace Eos.Cli.Commands;

/// <summary>`find [path]`, also `newfind` and `oldfind`: walks a tree in the order of names and prints what fits. The gateway walks and filters; nothing else is sent.</summary>
internal static class FindCommand
{
    public static Command Build(Session session)
    {
        var command = new Command("find", "Find files and directories.");
        command.Aliases.Add("newfind");
        command.Aliases.Add("oldfind");
        var path = new Argument<string?>("path") { Arity = ArgumentArity.ZeroOrOne, Description = "root://host//path is the same as /path; file:path is on this machine." };
        command.Add(path);
        var (filter, output, action) = (new FindFilter(command, session.Names), new FindOutput(command), new FindAction(command));
        var printing = Printing.OptionsOf(command);
        command.SetAction(async (parsed, cancel) =>
        {
            var form = printing.Form(parsed, session);
            var query = filter.Query(parsed, Instant.From(TimeProvider.System.GetUtcNow()));
            var typed = parsed.GetValue(path) ?? ".";
            Schemes.Refuse(typed);
            if (LocalFind.IsMeant(typed))
            {
                var isPlain = !action.IsAsked(parsed) && output.Style(parsed) is null or { Shape: FindShape.Path, Keys.IsEmpty: true };
                return LocalFind.Run(session, form, typed, isPlain ? query : null, output.Style(parsed) is null);
            }
            var target = session.Path(typed.StartsWith("root://", StringComparison.Ordinal) && typed.IndexOf('/', 7) is var begin and > 0 ? typed[begin..] : typed);
            if (action.IsAsked(parsed)) return await action.RunAsync(parsed, session, target, query, cancel);
            if (output.Style(parsed) is not { } style) return await CountAsync(session, form, target, query, cancel);

            var views = style.NeedsViews ? (await session.Client.FilesystemsAsync(cancel)).Rows : [];
            query = query with { Files = query.Files && !style.DirectoriesOnly };
            var printer = FindPrinter.Of(session.Out, form, style, views, session.Options.Endpoints[0]);
            var done = await session.Client.FindAsync(
                target, query with { Detail = style.NeedsRecords(form) ? FindDetail.Records : FindDetail.Paths }, part => Print(session, printer, part), cancel);
            printer.End((int)done.First);
            return (int)done.First;
        });
        return command;
    }

    private static ValueTask Print(Session session, FindPrinter printer, TreePart part)
    {
        foreach (var row in part.Rows) printer.Print(row);
        session.Out.Flush();
        Complain(session, part);
        return ValueTask.CompletedTask;
    }

    /// <summary>What failed on the way is told on standard error; the walk goes on.</summary>
    internal static void Complain(Session session, TreePart part)
    {
        foreach (var fault in part.Faults) session.Terminal.Error.WriteLine(Failure.Line(fault.Why, fault.Text));
    }

    private static async Task<int> CountAsync(Session session, Form form, string path, FindQuery query, CancellationToken cancel)
    {
        var progress = new TreeProgress(session, "found");
        try
        {
            var done = await session.Client.FindAsync(path, query with { Detail = FindDetail.Counts }, part =>
            {
                progress.Take(part);
                return ValueTask.CompletedTask;
            }, cancel);
            progress.Clear();
            var counts = new Pairs().Add("nfiles", done.Files).Add("ndirectories", done.Directories);
            session.Out.WriteLine(form == Form.Json ? Pairs.Envelope([counts], (int)done.First) : counts.Line());
            return (int)done.First;
        }
        finally
        {
            progress.Clear();
        }
    }
}
