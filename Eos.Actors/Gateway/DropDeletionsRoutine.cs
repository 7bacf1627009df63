using Eos.Identity;
using Eos.Kernel;
using Eos.Namespace;
using static Eos.Gateway.GatewayProtocol;

namespace Eos.Gateway;

/// <summary>`fs dropdeletion`: all that a filesystem is to delete is forgotten, by the rows of the index, some thousand for each request; the client asks on as long as there are more.</summary>
/// <param name="isKnown">Else ENOENT, unless something waits for it all the same.</param>
internal sealed class DropDeletionsRoutine(Administer request, FsId fs, bool isKnown, VirtualIdentity who, RoutineFacts facts) : Routine(request.Head, who, facts)
{
    /// <summary>Rows in one reading, and readings in one request.</summary>
    private const int PageSize = 1000, Pages = 10;

    public override IEnumerable<Step> Run()
    {
        var (after, hasMore) = (request.From == 0 ? default(ReadOnlyMemory<byte>) : NamespaceIndex.Key(fs, new FileId(request.From)), true);
        for (var page = 0; page < Pages && hasMore; page++)
        {
            yield return new Step.ReadRows(NamespaceIndex.Unlinked, NamespaceIndex.Key(fs), after, PageSize);
            if (Rows is not { } read)
            {
                Refuse(Errno.NotSupported, "this instance has no indexes: what waits to be deleted is not known");
                yield break;
            }
            if (!isKnown && read.Rows.IsEmpty && request.From == 0)
            {
                Refuse(Errno.NoEntry, $"there is no filesystem '{fs}', and nothing waits to be deleted there");
                yield break;
            }
            var orders = read.Rows.GroupBy(r => NamespaceIndex.DirectoryOf(r.Value.Span), r => NamespaceIndex.FileOf(r.Key.Span))
                .Select(g => Question.Of(new DirectoryProtocol.ForgetDeletions(g.Key, FreshCall, fs, [.. g])));
            foreach (var some in orders.Chunk(Facts.Settings.WalkWidth)) yield return new Step.AskAll([.. some]);
            (after, hasMore) = (read.More ? read.Rows[^1].Key : after, read.More);
        }
        Answer = hasMore ? new Report(Op, [], [], NamespaceIndex.FileOf(after.Span).Value) : new Report(Op, [], [$"success: dropped deletions on fsid={fs}"]);
    }
}
