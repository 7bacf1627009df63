using Eos.Journal;
using Eos.Kernel;
using Eos.Kv;
using Eos.Namespace;
using Eos.Tests.Support;
using static Eos.Kv.SystemProtocol;

namespace Eos.Tests.Cluster;

/// <summary>Who is woken by the rows of an index. Group and directories are played by the test.</summary>
public sealed class IndexWakerTests : ActorTest
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(60);

    [Fact]
    public void Directories_with_deletions_that_wait_are_woken_page_by_page_and_again()
    {
        var (group, directories) = (CreateTestProbe(), CreateTestProbe());
        Sys.ActorOf(IndexWaker.OfDeletions(new KvClient(group.Ref), () => directories.Ref, new WakeSettings(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1))));
        Answer([Row(1, 10, 7), Row(1, 11, 7), Row(1, 12, 8)], more: true, after: []);
        Assert.Equal([new DirectoryId(7), new DirectoryId(8)], [Woken(), Woken()]);
        Answer([Row(2, 10, 9)], more: false, after: NamespaceIndex.Key(new FsId(1), new FileId(12)));
        Assert.Equal(new DirectoryId(9), Woken());
        Answer([Row(2, 10, 9)], more: false, after: []);
        Assert.Equal(new DirectoryId(9), Woken());

        void Answer(KvRow[] rows, bool more, byte[] after)
        {
            var call = group.ExpectMsg<KvCall>(Soon);
            var scan = Assert.IsType<ScanIndex>(call.Question);
            Assert.Equal((NamespaceIndex.Unlinked, Convert.ToHexString(after)), (scan.Index, Convert.ToHexString(scan.After.Span)));
            call.Answer(new IndexRows([.. rows], more));
        }

        DirectoryId Woken() => directories.ExpectMsg<TotalsProtocol.ReportDue>(Soon).Directory;
    }

    private static KvRow Row(uint fs, ulong file, ulong directory) =>
        new(NamespaceIndex.Key(new FsId(fs), new FileId(file)), NamespaceIndex.Key(new DirectoryId(directory)));
}
