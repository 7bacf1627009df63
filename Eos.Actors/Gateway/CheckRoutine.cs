using Eos.Identity;
using Eos.Kernel;
using Eos.Namespace;
using Eos.Views;
using static Eos.Gateway.GatewayProtocol;

namespace Eos.Gateway;

/// <summary>
/// `ns check`: walks everything and compares it: directories with what they and their parents say of them, quota nodes with what is in them, the rows of the indexes with the entries,
/// replicas with what filesystems have. What changes meanwhile may look wrong; what is wrong stays so when it is run again.
/// </summary>
public sealed class CheckRoutine(CheckNamespace request, VirtualIdentity who, RoutineFacts facts) : Routine(request.Head, who, facts)
{
    private const int PageSize = 1000;

    /// <summary>Buckets that are looked at closely in one run.</summary>
    private const int Closely = 64;

    /// <summary>Those in which every row stands for something in a directory.</summary>
    private static readonly string[] Indexes = [NamespaceIndex.Files, NamespaceIndex.Directories, NamespaceIndex.Replicas];

    private bool _hasRows = true;

    public override IEnumerable<Step> Run()
    {
        if (!Who.IsRoot)
        {
            Refuse(Errno.NotPermitted, "only root can check the namespace");
            yield break;
        }
        var weave = new Weave();
        var report = new TreeReport(Op, weave, Facts);
        var (walked, read) = (Indexes.ToDictionary(i => i, _ => new RowSums()), Indexes.ToDictionary(i => i, _ => new RowSums()));
        var onDisk = new SortedDictionary<uint, ulong>();

        foreach (var step in Walk(weave, report, (index, key, value) => walked[index].Add(key, value))) yield return step;
        foreach (var step in Scan((index, key, value) =>
        {
            if (Indexes.Contains(index) && !IsDetached(index, value)) read[index].Add(key, value);
            if (index is NamespaceIndex.Replicas or NamespaceIndex.Unlinked) onDisk[NamespaceIndex.FsOf(key).Value] = onDisk.GetValueOrDefault(NamespaceIndex.FsOf(key).Value) + 1;
        })) yield return step;

        if (_hasRows)
        {
            var closely = Indexes.ToDictionary(i => i, i => (IReadOnlySet<int>)walked[i].Differences(read[i]).Take(Closely).ToHashSet());
            if (closely.Values.Any(b => b.Count > 0))
                foreach (var step in Compare(closely, report)) yield return step;
            foreach (var fs in Facts.View().Filesystems.Values) Compare(fs, onDisk.GetValueOrDefault(fs.Report.Identity.Id.Value), report);
        }
        foreach (var step in report.Send()) yield return step;
        Answer = report.Done;
    }

    private IEnumerable<Step> Walk(Weave weave, TreeReport report, RowTaker take)
    {
        var visitor = new CheckVisitor(weave, report, Facts, (directory, entry) =>
        {
            foreach (var (index, key, value) in IndexRules.RowsOf(directory, entry)) take(index, key, value);
        });
        var top = new TreeNode("/", 0, DirectoryId.Root, null, null);
        foreach (var step in new TreeWalk(weave, visitor, () => Caller, Facts) { Learn = LearnLink }.Run([top])) yield return step;
        foreach (var step in visitor.End()) yield return step;
    }

    private delegate void RowTaker(string index, ReadOnlySpan<byte> key, ReadOnlySpan<byte> value);

    /// <summary>All rows of the indexes.</summary>
    private IEnumerable<Step> Scan(RowTaker take)
    {
        foreach (var index in Indexes.Append(NamespaceIndex.Unlinked))
        {
            var (after, hasMore) = (default(ReadOnlyMemory<byte>), true);
            while (hasMore)
            {
                yield return new Step.ReadRows(index, default, after, PageSize);
                if (Rows is not { } page)
                {
                    _hasRows = false;
                    yield break;
                }
                foreach (var row in page.Rows) take(index, row.Key.Span, row.Value.Span);
                (after, hasMore) = (page.More ? page.Rows[^1].Key : after, page.More);
            }
        }
    }

    /// <summary>Where sums differ, the rows themselves are compared, in another walk that tells nothing else.</summary>
    private IEnumerable<Step> Compare(Dictionary<string, IReadOnlySet<int>> closely, TreeReport report)
    {
        var (entries, rows) = (new HashSet<string>(), new HashSet<string>());
        var weave = new Weave();
        foreach (var step in Walk(weave, new TreeReport(Op, weave, Facts), Keep(entries))) yield return step;
        foreach (var step in Scan(Keep(rows))) yield return step;
        foreach (var entry in entries.Except(rows).Order(StringComparer.Ordinal)) report.Fail("/", Errno.BadMessage, $"{entry}: has no row in the index");
        foreach (var row in rows.Except(entries).Order(StringComparer.Ordinal)) report.Fail("/", Errno.BadMessage, $"{row}: is a row of the index and no entry");

        RowTaker Keep(HashSet<string> kept) => (index, key, value) =>
        {
            if (closely.TryGetValue(index, out var buckets) && buckets.Contains(RowSums.BucketOf(key)) && !IsDetached(index, value)) kept.Add(NamespaceIndex.Describe(index, key, value));
        };
    }

    /// <summary>A filesystem reports what it has now and then, and uploads that are under way lie there too: it may have a little more, and not less.</summary>
    private static void Compare(ViewState.Heard fs, ulong rows, TreeReport report)
    {
        if (fs.Report.Usage.Replicas < rows)
            report.Fail("/", Errno.BadMessage, $"filesystem {fs.Report.Identity.Id}: has {fs.Report.Usage.Replicas} replicas, but directories say {rows}");
    }

    /// <summary>A removed file whose replicas wait to be deleted has a row and no entry.</summary>
    private static bool IsDetached(string index, ReadOnlySpan<byte> value) => index == NamespaceIndex.Files && NamespaceIndex.SpotOf(value).Name.Length == 0;
}
