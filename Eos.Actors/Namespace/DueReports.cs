using Akka.Actor;
using Eos.Journal;
using static Eos.Kv.SystemProtocol;

namespace Eos.Namespace;

/// <summary>
/// A service of the master: wakes directories whose parent may not know what their tree has, so that a node's death or a full memory delays totals and does not
/// spoil them. Looks at one page of the index at a time; those that are awake take no notice.
/// </summary>
public sealed class DueReports : ReceiveActor, IWithTimers
{
    public const string Name = "due-reports";

    /// <summary>Directories woken at a time.</summary>
    private const int PageSize = 1000;

    private readonly KvClient _client;
    private readonly TimeSpan _interval;
    private ReadOnlyMemory<byte> _after;

    /// <param name="directories">The shard region.</param>
    public DueReports(KvClient client, Func<IActorRef> directories, TotalsSettings settings)
    {
        (_client, _interval) = (client, settings.SettleAfter);
        Receive<Look>(_ =>
        {
            var self = Self;
            _client.Look(new ScanIndex(NamespaceIndex.Due, default, _after, PageSize), _interval, answer => self.Tell(new Seen(answer)));
        });
        Receive<Seen>(seen =>
        {
            if (seen.Answer is IndexRows { Rows: var rows } found)
            {
                foreach (var row in rows) directories().Tell(new TotalsProtocol.ReportDue(NamespaceIndex.DirectoryOf(row.Key.Span)));
                _after = found.More ? rows[^1].Key : default;
            }
            Timers.StartSingleTimer("look", new Look(), _interval);
        });
    }

    public ITimerScheduler Timers { get; set; } = null!;

    public static Props Props(KvClient client, Func<IActorRef> directories, TotalsSettings settings) =>
        Akka.Actor.Props.Create(() => new DueReports(client, directories, settings));

    protected override void PreStart() => Timers.StartSingleTimer("look", new Look(), _interval);

    private sealed record Look;

    private sealed record Seen(IAnswer Answer);
}
