using static Eos.Raft.RaftProtocol;

namespace Eos.Raft;

/// <summary>What a round has to say to each member, put together: entries that follow each other travel as one message, and of
/// acknowledgements the last one says it all.</summary>
internal sealed class Outbox(ulong messageBytes)
{
    private readonly Dictionary<MemberId, List<IPeerMessage>> _letters = [];

    public void Add(MemberId to, IPeerMessage message)
    {
        if (!_letters.TryGetValue(to, out var letters)) _letters.Add(to, letters = []);
        if (letters.Count > 0 && Together(letters[^1], message) is { } one) letters[^1] = one;
        else letters.Add(message);
    }

    /// <summary>Hands each letter out, in order for each member, and forgets it.</summary>
    public void Post(Action<MemberId, IPeerMessage> send)
    {
        foreach (var (to, letters) in _letters)
        {
            foreach (var letter in letters) send(to, letter);
            letters.Clear();
        }
    }

    private IPeerMessage? Together(IPeerMessage first, IPeerMessage second) => (first, second) switch
    {
        (Appended a, Appended b) when a.Term == b.Term => b with { Match = LogIndex.Max(a.Match, b.Match) },
        (Append a, Append b) when a.Term == b.Term && Follows(a, b) && Size(a) + Size(b) <= messageBytes =>
            a with { Batches = a.Batches.AddRange(b.Batches), Commit = LogIndex.Max(a.Commit, b.Commit), SentAt = b.SentAt },
        (Heartbeat a, Heartbeat b) when a.Term == b.Term => b,
        _ => null,
    };

    private static bool Follows(Append a, Append b) => !a.Batches.IsEmpty && !b.Batches.IsEmpty && a.Batches[^1].Position == b.Previous;

    private static ulong Size(Append a) => (ulong)a.Batches.Sum(b => (long)b.Payload.Length + 64);
}
