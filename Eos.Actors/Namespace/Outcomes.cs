using System.Collections.Immutable;
using Eos.Kernel;

namespace Eos.Namespace;

/// <summary>
/// What became of operations whose client may ask again: kept until the client says it has the answer, or for <see cref="Keep"/> of event time.
/// Part of the directory's state and of its snapshots.
/// </summary>
public sealed record Outcomes
{
    /// <summary>Unanswered operations that one client may have in one directory; more are refused with EAGAIN.</summary>
    public const int MaxPerClient = 1024;

    /// <summary>After this time nobody repeats an operation any more.</summary>
    public static readonly TimeSpan Keep = TimeSpan.FromMinutes(10);

    public static readonly Outcomes Empty = new();

    /// <summary>Of one client: below <paramref name="Floor"/> all is answered; from there on what happened, by operation number.</summary>
    public sealed record Client(ulong Floor, Instant Last, ImmutableSortedDictionary<ulong, Outcome> Results);

    /// <summary>The answer to one operation, and when it happened.</summary>
    public sealed record Outcome(DirectoryProtocol.IReply Reply, Instant At);

    public ImmutableDictionary<Guid, Client> Clients { get; init; } = ImmutableDictionary<Guid, Client>.Empty;

    /// <summary>Events since idle clients were last looked for.</summary>
    public int SinceSweep { get; init; }

    /// <summary>The answer to an earlier try.</summary>
    public DirectoryProtocol.IReply? Of(OpId op) =>
        Clients.TryGetValue(op.Client, out var client) && client.Results.TryGetValue(op.Number, out var outcome) ? outcome.Reply : null;

    /// <summary>The client has said that it has had this operation's answer: a late duplicate.</summary>
    public bool IsAnswered(OpId op) => Clients.TryGetValue(op.Client, out var client) && op.Number < client.Floor;

    public bool IsFull(OpId op, ulong answeredBelow) =>
        Clients.TryGetValue(op.Client, out var client) && client.Results.Count >= MaxPerClient
        && client.Results.Keys.Count(n => n >= answeredBelow) >= MaxPerClient;

    /// <summary>Remembers one outcome and forgets what its client has been answered and what is too old.</summary>
    public Outcomes With(DirectoryProtocol.Stamp stamp, DirectoryProtocol.IReply? reply)
    {
        var op = stamp.Op;
        var client = Clients.GetValueOrDefault(op.Client) ?? new Client(0, stamp.At, ImmutableSortedDictionary<ulong, Outcome>.Empty);
        var results = client.Results;
        while (results.Count > 0 && results.First() is var oldest && (oldest.Key < stamp.AnsweredBelow || oldest.Value.At + Keep < stamp.At))
            results = results.Remove(oldest.Key);
        if (reply is not null) results = results.SetItem(op.Number, new Outcome(reply, stamp.At));

        var next = Clients.SetItem(op.Client, new Client(Math.Max(client.Floor, stamp.AnsweredBelow), stamp.At, results));
        return SinceSweep < 256
            ? new Outcomes { Clients = next, SinceSweep = SinceSweep + 1 }
            : new Outcomes { Clients = next.RemoveRange(next.Where(c => c.Value.Last + Keep < stamp.At).Select(c => c.Key)) };
    }
}
