using System.CommandLine;

namespace Eos.Cli.Commands;

/// <summary>`cat path…`: the bytes, verified by the data server, to standard output.</summary>
internal static class CatCommand
{
    public static Command Build(Session session)
    {
        var paths = new Argument<string[]>("path") { Arity = ArgumentArity.OneOrMore };
        var command = new Command("cat", "Print files.") { paths };
        command.SetAction(async (parsed, cancel) =>
        {
            var output = session.Terminal.RawOutput;
            foreach (var path in parsed.GetValue(paths)!) await session.Client.GetAsync(session.Path(path), output, cancel: cancel);
            await output.FlushAsync(cancel);
            return 0;
        });
        return command;
    }
}
