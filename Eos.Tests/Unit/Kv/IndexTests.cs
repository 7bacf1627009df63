using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Text;
using Eos.Kv;
using Eos.Tests.Support;
using static Eos.Kv.SystemProtocol;

namespace Eos.Tests.Unit.Kv;

public class IndexTests
{
    private readonly KvBench _kv = new();
    private readonly Fence _fence;
    private readonly Dictionary<string, long> _ends = [];

    public IndexTests() => _fence = new Fence("s", _kv.Give<LeaseGranted>(new AcquireLease("s", "a", TimeSpan.FromMinutes(1))).Token);

    private void Write(string id, params IndexOp[] changes)
    {
        var end = _ends.TryGetValue(id, out var known) ? known : _kv.Give<Claimed>(new ClaimJournal(id, _fence)).HighestSequenceNr;
        _kv.Give<Done>(new AppendJournal(id, _fence, end, [Bytes("e")], [.. changes]));
        _ends[id] = end + 1;
    }

    private static ReadOnlyMemory<byte> Bytes(string text) => Encoding.Latin1.GetBytes(text);
    private static IndexOp Set(string key, string value) => new("files", Bytes(key), IndexChange.Set, Bytes(value), 0);
    private static IndexOp Delete(string key) => new("files", Bytes(key), IndexChange.Delete, default, 0);
    private static IndexOp Add(string key, long number) => new("files", Bytes(key), IndexChange.Add, default, number);

    private string Scan(string prefix = "", string after = "", int max = 100, string index = "files")
    {
        var page = _kv.Ask<IndexRows>(new ScanIndex(index, Bytes(prefix), Bytes(after), max));
        return string.Join(' ', page.Rows.Select(r => Encoding.Latin1.GetString(r.Key.Span) + "=" + Encoding.Latin1.GetString(r.Value.Span))) + (page.More ? " +" : "");
    }

    [Fact]
    public void Rows_are_found_by_prefix_and_read_on_behind_a_key()
    {
        Write("d/1", Set("a/1", "x"), Set("a/2", "y"), Set("b/1", "z"), Set("a/\0", "0"), Set("a", "r"));
        Assert.Equal("a=r a/\0=0 a/1=x a/2=y b/1=z", Scan());
        Assert.Equal("a/\0=0 a/1=x a/2=y", Scan("a/"));
        Assert.Equal("a/\0=0 a/1=x +", Scan("a/", max: 2));
        Assert.Equal("a/2=y", Scan("a/", "a/1"));
        Assert.Equal("a/1=x a/2=y", Scan("a/", "a/\0"));
        Assert.Equal("a/\0=0 a/1=x a/2=y", Scan("a/", "a"));
        Assert.Equal("", Scan("a/", "b"));
        Assert.Equal("", Scan(index: "file"));
        Write("d/1", Delete("a/1"), Set("a/2", "w"));
        Assert.Equal("a/\0=0 a/2=w", Scan("a/"));
    }

    [Fact]
    public void Each_journal_has_its_own_rows_and_the_newest_is_seen()
    {
        Write("d/1", Set("f7", "in d/1"));
        Write("d/2", Set("f7", "in d/2"));
        Assert.Equal("f7=in d/2", Scan());
        Write("d/1", Delete("f7"));
        Assert.Equal("f7=in d/2", Scan());
        Write("d/1", Set("f7", "back"));
        Assert.Equal("f7=back", Scan());
        Write("d/1", Delete("f7"));
        Write("d/2", Delete("f7"));
        Assert.Equal("", Scan());
    }

    [Fact]
    public void Numbers_are_summed_over_journals_and_zero_is_no_row()
    {
        Write("d/1", Add("used", 5), Add("used", 2));
        Write("d/2", Add("used", -3));
        Assert.Equal(4, BinaryPrimitives.ReadInt64BigEndian(_kv.Ask<IndexRows>(new ScanIndex("files", default, default, 10)).Rows.Single().Value.Span));
        Write("d/1", Add("used", -7));
        Write("d/2", Add("used", 3));
        Assert.Equal("", Scan());
    }

    [Fact]
    public void A_refused_append_changes_no_index()
    {
        Write("d/1", Set("k", "v"));
        _kv.Give<Refused>(new AppendJournal("d/1", _fence, 7, [], [Delete("k")]));
        Assert.Equal("k=v", Scan());
        _kv.Give<Done>(new AppendJournal("d/1", _fence, 1, ImmutableArray<ReadOnlyMemory<byte>>.Empty, [Delete("k")]));
        Assert.Equal("", Scan());
    }
}
