using System.CommandLine;
using System.Globalization;
using Eos.Cli.Render;
using Eos.Kernel;

namespace Eos.Cli.Commands;

/// <summary>`rm [-r] path…`: files, with -r whole trees. A tree near the root is removed only after a question, if there is somebody to ask.</summary>
internal static class RmCommand
{
    private const int ShallowDepth = 3;

    public static Command Build(Session session)
    {
        var recursive = new Option<bool>("-r", "--recursive", "-rf") { Description = "Directories with all below them." };
        var sure = new Option<bool>("--no-confirmation") { Description = "Do not ask before a tree near the root." };
        var force = new Option<bool>("-F", "--no-recycle-bin", "-rF", "-Fr") { Description = "Past the recycle bin, for good; root only." };
        var noWorkflow = new Option<bool>("-n", "--no-workflow") { Description = "As EOS has it; here no workflow follows a removal." };
        var literal = new Option<bool>("--no-globbing") { Description = "Take * ? [ ] as they are." };
        var paths = new Argument<string[]>("path") { Arity = ArgumentArity.OneOrMore };
        var command = new Command("rm", "Remove files or trees.") { recursive, force, sure, noWorkflow, literal, paths };
        command.SetAction(async (parsed, cancel) =>
        {
            var code = 0;
            foreach (var typed in parsed.GetValue(paths)!)
            {
                try
                {
                    foreach (var path in await Expansion.PathsAsync(session.Client, session.Path(typed), !parsed.GetValue(literal), cancel))
                    {
                        var forced = parsed.GetValue(force);
                        var isTree = parsed.GetValue(recursive) || parsed.GetResult(force)?.IdentifierToken?.Value is "-rF" or "-Fr";
                        if (isTree) code = await RemoveTreeAsync(session, path, forced, parsed.GetValue(sure), cancel) is var failed and not 0 ? failed : code;
                        else await session.Client.RemoveAsync(path, forced, cancel);
                    }
                }
                catch (EosException failure) when (failure.Why != Errno.NoNetwork)
                {
                    code = Failure.Report(session.Terminal, session.Options.Form, failure); // the other paths go on
                }
            }
            return code;
        });
        return command;
    }

    private static async Task<int> RemoveTreeAsync(Session session, string path, bool forced, bool sure, CancellationToken cancel)
    {
        var shallow = path.TrimEnd('/').Count(c => c == '/') < ShallowDepth;
        if (shallow && !sure && session.Terminal.InputIsTerminal && !session.Options.Batch) Confirm(session, path);
        var key = "";
        var code = await TreeProgress.ShowAsync(session, "removed", async take =>
        {
            var done = await session.Client.RemoveTreeAsync(path, take, forced, cancel);
            key = done.RestoreKey;
            return done;
        });
        if (key.Length > 0) session.Out.WriteLine($"success: you can recycle this deletion using 'recycle restore {key}'");
        return code;
    }

    private static void Confirm(Session session, string path)
    {
        var code = Random.Shared.Next(1_000_000_000, int.MaxValue).ToString(CultureInfo.InvariantCulture);
        session.Out.WriteLine($"Do you really want to delete ALL files starting at {path} ?");
        session.Out.Write($"Confirm the deletion by typing => {code}\n                               => ");
        session.Out.Flush();
        if (Console.ReadLine()?.Trim() != code) throw new EosException(Errno.Invalid, "deletion aborted");
    }
}
