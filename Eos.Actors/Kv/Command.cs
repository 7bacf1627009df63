namespace Eos.Kv;

/// <summary>Whether a command goes through the log.</summary>
public enum Access
{
    Read = 1,
    Write = 2,
}

/// <summary>How many words a command may have, its name included: from Min to Max in steps.</summary>
public readonly record struct Arity(int Min, int Max, int Step)
{
    public static Arity Exactly(int words) => new(words, words, 1);
    public static Arity Between(int min, int max) => new(min, max, 1);
    public static Arity AtLeast(int min, int step = 1) => new(min, int.MaxValue, step);

    public bool Allows(int words) => words >= Min && words <= Max && (words - Min) % Step == 0;
}

/// <summary>A row of the command table.</summary>
public sealed class Command
{
    internal Command(string name, Arity arity, Access access, Func<UserSpace, Request, Reply> run) => (Name, Arity, Access, Run, Yields) = (name, arity, access, run, Kv.Yields.Of(name, access));

    public string Name { get; }
    public Arity Arity { get; }
    public Access Access { get; }

    /// <summary>What its reply takes in memory at most, when it is part of an entry; 0: next to nothing.</summary>
    public long Yields { get; }
    internal Func<UserSpace, Request, Reply> Run { get; }
}

/// <summary>Every data command, by name.</summary>
public static class CommandTable
{
    private static readonly Dictionary<string, Command> ByName = new[]
    {
        Strings.Commands, AnyKey.Commands, Hashes.Commands, HashSums.Commands, Sets.Commands, Deques.Commands, LocalityHashes.Commands,
        LocalityFallbacks.Commands, VersionedHashes.Commands, UserLeases.Commands, Configuration.Commands,
    }.SelectMany(commands => commands).ToDictionary(c => c.Name, CommandName.Comparer);

    private static readonly Dictionary<string, Command>.AlternateLookup<ReadOnlySpan<byte>> ByBytes = ByName.GetAlternateLookup<ReadOnlySpan<byte>>();

    public static IReadOnlyCollection<Command> All => ByName.Values;

    public static Command? Find(Request request) => request.Count > 0 && ByBytes.TryGetValue(request[0], out var command) ? command : null;

    /// <summary>Runs one command; what is wrong with it is its reply.</summary>
    internal static Reply Run(UserSpace space, Request request, Access allowed)
    {
        if (Find(request) is not { } command) return Reply.Err($"unknown command '{(request.Count == 0 ? "" : request.Text(0))}'");
        if (command.Access > allowed) return Reply.Err($"command '{request.Text(0)}' writes and was sent as a read");
        if (KvLimits.Refusal(request) is { } refusal) return refusal;
        return command.Arity.Allows(request.Count) ? command.Run(space, request) : Reply.Err($"wrong number of arguments for '{request.Text(0)}' command");
    }
}
