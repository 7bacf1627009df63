using Eos.Kv;

namespace Eos.Host.Resp;

/// <summary>What a client must have done before a command.</summary>
internal enum CommandNeeds
{
    Nothing,
    Authentication,
}

/// <summary>A command that the door knows.</summary>
/// <param name="Data">Set for commands of the machine, which run there.</param>
/// <param name="WhileSubscribed">Allowed to a subscriber of version 2.</param>
/// <param name="RunsInTransaction">Not queued between MULTI and EXEC but done.</param>
/// <param name="IsAlone">A command of the machine that is not gathered with others outside of a transaction: <paramref name="Run"/> does it.</param>
internal sealed record DoorCommand(
    string Name, Arity Arity, string Group, Func<Session, Request, Turn> Run, Command? Data = null, CommandNeeds Needs = CommandNeeds.Authentication,
    bool WhileSubscribed = false, bool RunsInTransaction = false, bool IsAlone = false)
{
    /// <summary>The number of words as Redis counts: negative when it is the least.</summary>
    public int RedisArity => Arity.Min == Arity.Max ? Arity.Min : -Arity.Min;
}

/// <summary>Every command, by name.</summary>
internal static class DoorCommands
{
    private static readonly Dictionary<string, DoorCommand> ByName = Table();
    private static readonly Dictionary<string, DoorCommand>.AlternateLookup<ReadOnlySpan<byte>> ByBytes = ByName.GetAlternateLookup<ReadOnlySpan<byte>>();

    public static IReadOnlyCollection<DoorCommand> All => ByName.Values;

    public static DoorCommand? Find(Request request) => Find(request[0]);

    public static DoorCommand? Find(ReadOnlySpan<byte> name) => ByBytes.TryGetValue(name, out var command) ? command : null;

    private static Dictionary<string, DoorCommand> Table()
    {
        var table = new Dictionary<string, DoorCommand>(CommandName.Comparer);
        foreach (var data in CommandTable.All)
            table.Add(data.Name, new DoorCommand(data.Name, data.Arity, "generic", (_, r) => Session.Error(RespErrors.Arity(r)), data));
        table["flushall"] = table["flushall"] with { Run = FlushTurn.Begin, IsAlone = true };
        DoorCommand[][] own =
        [
            ConnectionCommands.All, Authentication.All, Transaction.All, ClientCommands.All, ServerCommands.All, PubSubCommands.All, AdminCommands.All,
        ];
        foreach (var command in own.SelectMany(c => c)) table.Add(command.Name, command);
        return table;
    }
}
