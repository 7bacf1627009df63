using Akka.Actor;
using static Eos.Kv.SystemProtocol;

namespace Eos.Journal;

/// <summary>Events in the replicated group: shows everything that was stored before it was asked.</summary>
public sealed class RaftEventReader(ExtendedActorSystem system, KvGroup group, JournalSettings settings) : IEventReader
{
    private readonly EventBytes _bytes = new(system, settings.MostBytes);

    public async Task<IReadOnlyList<object>?> ReadAsync(string persistenceId, long after)
    {
        var (events, next) = (new List<object>(), after + 1);
        while (true)
        {
            var answer = await group.Client.LookAsync(new ReadJournal(persistenceId, next, long.MaxValue, settings.PageBytes), settings.Patience).ConfigureAwait(false);
            if (answer is not JournalEvents page) throw RaftJournal.CauseOf(persistenceId, answer);
            foreach (var e in page.Events)
            {
                if (e.SequenceNr != next) return null;
                events.Add(_bytes.Read(persistenceId, e).Payload);
                next++;
            }
            if (!page.More) return next > page.HighestSequenceNr ? events : null;
        }
    }
}
