using Akka.Actor;
using Eos.Journal;
using Eos.Kernel;
using Eos.Kv;
using static Eos.Kv.SystemProtocol;

namespace Eos.Namespace;

/// <summary>
/// A service of the master: wakes directories that an index says have something to do, so that a node's death or a full memory delays it and does not spoil it. Looks at one page of the
/// index at a time; those that are awake take no notice.
/// </summary>
public sealed class IndexWaker : ReceiveActor, IWithTimers
{
    /// <summary>Directories whose parent may not know what their tree has.</summary>
    public const string Reports = "due-reports";

    /// <summary>Directories with replicas that are not deleted yet.</summary>
    public const string Deletions = "due-deletions";

    /// <summary>Rows looked at at a time.</summary>
    private const int PageSize = 1000;

    private readonly TimeSpan _interval;
    private ReadOnlyMemory<byte> _after;

    /// <param name="directories">The shard region.</param>
    /// <param name="directoryOf">The directory that a row of the index is about.</param>
    public IndexWaker(KvClient client, Func<IActorRef> directories, string index, Func<KvRow, DirectoryId> directoryOf, TimeSpan interval)
    {
        _interval = interval;
        Receive<Look>(_ =>
        {
            var self = Self;
            client.Look(new ScanIndex(index, default, _after, PageSize), _interval, answer => self.Tell(new Seen(answer)));
        });
        Receive<Seen>(seen =>
        {
            if (seen.Answer is IndexRows { Rows: var rows } found)
            {
                foreach (var directory in rows.Select(directoryOf).Distinct()) directories().Tell(new TotalsProtocol.ReportDue(directory));
                _after = found.More ? rows[^1].Key : default;
            }
            Timers.StartSingleTimer("look", new Look(), _interval);
        });
    }

    public ITimerScheduler Timers { get; set; } = null!;

    public static Props OfReports(KvClient client, Func<IActorRef> directories, WakeSettings settings) =>
        Akka.Actor.Props.Create(() => new IndexWaker(client, directories, NamespaceIndex.Due, ByKey, settings.Reports));

    public static Props OfDeletions(KvClient client, Func<IActorRef> directories, WakeSettings settings) =>
        Akka.Actor.Props.Create(() => new IndexWaker(client, directories, NamespaceIndex.Unlinked, ByValue, settings.Deletions));

    protected override void PreStart() => Timers.StartSingleTimer("look", new Look(), _interval);

    private static DirectoryId ByKey(KvRow row) => NamespaceIndex.DirectoryOf(row.Key.Span);

    private static DirectoryId ByValue(KvRow row) => NamespaceIndex.DirectoryOf(row.Value.Span);

    private sealed record Look;

    private sealed record Seen(IAnswer Answer);
}
