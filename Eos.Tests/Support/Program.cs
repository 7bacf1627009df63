namespace Eos.Tests.Support;

/// <summary>What this assembly does when it is started as a program: it plays a part in a process test.</summary>
internal static class Program
{
    private static async Task<int> Main(string[] arguments)
    {
        switch (arguments)
        {
            case ["engine-node", .. var rest]:
                await EngineNode.Run(rest);
                return 0;
            case ["journal-writer", var file, var name, var actors]:
                await JournalWriter.Run(file, name, int.Parse(actors));
                return 0;
            case ["raft-log", var file]:
                await RaftLogWriter.Run(file);
                return 0;
            case ["chaos", .. var rest]:
                return await Chaos.ChaosCommand.RunAsync(rest);
            case ["state", var file]:
                await StateFeeder.Run(file);
                return 0;
            default:
                await Console.Error.WriteLineAsync("usage: engine-node <port> <seed ports> | journal-writer <file> <name> <actors> | raft-log <file> | state <file> | chaos …");
                return 2;
        }
    }
}
