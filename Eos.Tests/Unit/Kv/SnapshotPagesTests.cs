using System.Text;
using Eos.Kernel;
using Eos.Tests.Support;
using static Eos.Kv.SystemProtocol;

namespace Eos.Tests.Unit.Kv;

public class SnapshotPagesTests
{
    private readonly KvBench _kv = new();
    private readonly Fence _fence;

    public SnapshotPagesTests()
    {
        _fence = new Fence("s", _kv.Give<LeaseGranted>(new AcquireLease("s", "a", TimeSpan.FromMinutes(1))).Token);
        _kv.Give<Claimed>(new ClaimJournal("d", _fence));
    }

    [Fact]
    public void Pages_are_read_as_they_were_put_until_they_are_dropped()
    {
        _kv.Give<Done>(new PutPages("d", _fence, [Page(3, "three"), Page(1ul << 61, "far")]));
        _kv.Give<Done>(new PutPages("d", _fence, [Page(3, "new")]));
        Assert.Equal(["far", "", "new"], Read(1ul << 61, 7, 3));
        Assert.Equal([3ul, 1ul << 61], _kv.Ask<PageKeys>(new ListPages("d", 0)).Keys.ToArray());
        Assert.Equal([1ul << 61], _kv.Ask<PageKeys>(new ListPages("d", 4)).Keys.ToArray());
        _kv.Give<Done>(new DropPages("d", _fence, [3, 7]));
        Assert.Equal(["far", ""], Read(1ul << 61, 3));
    }

    [Fact]
    public void Who_has_not_claimed_the_id_changes_no_page()
    {
        var other = new Fence("t", _kv.Give<LeaseGranted>(new AcquireLease("t", "b", TimeSpan.FromMinutes(1))).Token);
        _kv.Give<Done>(new PutPages("d", _fence, [Page(1, "one")]));
        Assert.Equal(Errno.Stale, _kv.Give<Refused>(new PutPages("d", other, [Page(1, "two")])).Why);
        Assert.Equal(Errno.Stale, _kv.Give<Refused>(new DropPages("d", other, [1])).Why);
        Assert.Equal(["one"], Read(1));
    }

    [Fact]
    public void An_answer_ends_when_it_is_full_and_lists_come_in_pieces()
    {
        _kv.Give<Done>(new PutPages("d", _fence, [.. Enumerable.Range(0, 600).Select(i => Page((ulong)i + 1, i.ToString(System.Globalization.CultureInfo.InvariantCulture)))]));
        var keys = new List<ulong>();
        for (var part = _kv.Ask<PageKeys>(new ListPages("d", 0)); ; part = _kv.Ask<PageKeys>(new ListPages("d", keys[^1] + 1)))
        {
            keys.AddRange(part.Keys);
            if (!part.More) break;
        }
        Assert.Equal(Enumerable.Range(1, 600).Select(i => (ulong)i), keys);

        for (var i = 0ul; i < 6; i++) _kv.Give<Done>(new PutPages("d", _fence, [new PageRow(i, new byte[1 << 20])]));
        Assert.Equal(4, _kv.Ask<PagesRead>(new ReadPages("d", [0, 1, 2, 3, 4, 5])).Pages.Length);
    }

    private static PageRow Page(ulong key, string text) => new(key, Encoding.UTF8.GetBytes(text));

    private IEnumerable<string> Read(params ulong[] keys) => _kv.Ask<PagesRead>(new ReadPages("d", [.. keys])).Pages.Select(p => Encoding.UTF8.GetString(p.Bytes.Span));
}
