using System.Collections.Immutable;
using Akka.Actor;
using Eos.Kernel;
using Eos.Namespace;

namespace Eos.Gateway;

/// <summary>What a gateway and its workers say to each other; never leaves the process.</summary>
public static class GatewaySignals
{
    /// <summary>The client asked again, perhaps from another place: answer there.</summary>
    internal sealed record AskedAgain(IActorRef Client);

    internal sealed record TakeNumber(IdProtocol.Counter Counter);
    internal sealed record NumberTaken(IdProtocol.Counter Counter, ulong Number);

    /// <summary>What a worker has read of an index; null: nobody answered in time.</summary>
    internal sealed record RowsRead(Kv.SystemProtocol.IndexRows? Rows);

    /// <summary>A worker has answered: its operation, its command's name, how long it took, and why it was refused.</summary>
    internal sealed record Finished(OpId Op, string Command, TimeSpan Took, bool IsDone, Errno Why = Errno.None);

    /// <summary>Read the files of users and groups.</summary>
    internal sealed record ReadUsers;

    /// <summary>Ask again for what was not answered.</summary>
    internal sealed record Repeat;

    /// <summary>A node has left the cluster: what its directories were asked is asked again, where they are now.</summary>
    internal sealed record NodeGone;

    /// <summary>The patience of a step is over.</summary>
    internal sealed record GoOn;

    /// <summary>The request's time is over.</summary>
    internal sealed record GiveUp;

    /// <summary>What a routine wants of the gateway itself; answered <see cref="Told"/>.</summary>
    internal interface IWish;

    /// <summary>Counters of commands; those that were asked for are then forgotten, if that is wanted.</summary>
    internal sealed record ReadCounts(bool ByOwner, bool ByApp, bool Forget) : IWish;

    internal sealed record Told(ImmutableArray<GatewayProtocol.AdminRecord> Records, ImmutableArray<string> Lines);

    /// <summary>Asks the gateway whether it serves; answered <see cref="Serves"/>. For health checks in the same process.</summary>
    public sealed record AreYouServing;

    public sealed record Serves(bool Yes);
}
