using System.Collections.Immutable;
using System.Text;
using Eos.Kernel;
using Eos.Kv;
using Eos.Tests.Support;
using static Eos.Kv.SystemProtocol;

namespace Eos.Tests.Unit.Kv;

public class JournalMachineTests
{
    private readonly KvBench _kv = new();

    private Fence Lease(string name, string holder = "a") =>
        new(name, _kv.Give<LeaseGranted>(new AcquireLease(name, holder, TimeSpan.FromSeconds(3))).Token);

    private static ImmutableArray<ReadOnlyMemory<byte>> Events(params string[] events) => [.. events.Select(e => (ReadOnlyMemory<byte>)Encoding.UTF8.GetBytes(e))];

    private static AppendJournal Append(string id, Fence fence, long expected, params string[] events) => new(id, fence, expected, Events(events), []);

    private string Read(string id, long from = 1, long to = long.MaxValue, int maxBytes = 1000)
    {
        var page = _kv.Ask<JournalEvents>(new ReadJournal(id, from, to, maxBytes));
        return string.Join(' ', page.Events.Select(e => $"{e.SequenceNr}:{Encoding.UTF8.GetString(e.Bytes.Span)}")) + $" /{page.HighestSequenceNr}{(page.More ? "+" : "")}";
    }

    [Fact]
    public void Events_are_appended_where_the_journal_ends_by_who_claimed_it()
    {
        var fence = Lease("shard/1");
        Assert.Equal("journal 'dir/1' is claimed by nobody, not by lease 'shard/1' under token 1", _kv.Give<Refused>(Append("dir/1", fence, 0, "x")).Text);
        Assert.Equal(0, _kv.Give<Claimed>(new ClaimJournal("dir/1", fence)).HighestSequenceNr);
        _kv.Give<Done>(Append("dir/1", fence, 0, "a", "b"));
        Assert.Equal(new Refused(Errno.Stale, "journal 'dir/1' ends at 2, not at 0"), _kv.Give<Refused>(Append("dir/1", fence, 0, "a", "b")));
        _kv.Give<Done>(Append("dir/1", fence, 2, "", "d"));
        Assert.Equal("1:a 2:b 3: 4:d /4", Read("dir/1"));
        Assert.Equal(" /0", Read("dir/10"));
        Assert.Equal(4, _kv.Give<Claimed>(new ClaimJournal("dir/1", fence)).HighestSequenceNr);
    }

    [Fact]
    public void Journals_with_many_events_behind_their_last_snapshot_are_found_page_by_page()
    {
        var fence = Lease("shard/1");
        for (var i = 0; i < 2500; i++)
        {
            var id = i % 5 == 0 ? $"other-{i}" : $"dir-{i}";
            _kv.Give<Claimed>(new ClaimJournal(id, fence));
            _kv.Give<Done>(Append(id, fence, 0, [.. Enumerable.Repeat("e", 1 + i % 3)]));
        }
        _kv.Give<Done>(new PutSnapshot("dir-2", fence, 3, 7, 0, 1, new byte[] { 1 }));
        _kv.Give<Done>(new PutSnapshot("dir-8", fence, 3, 7, 0, 2, new byte[] { 1 }));   // it has not all of its chunks
        var (found, after, pages) = (new List<string>(), "", 0);
        do
        {
            var page = _kv.Ask<LongJournalsFound>(new FindLongJournals("dir-", after, 3));
            found.AddRange(page.Ids);
            (after, pages) = (page.Next, pages + 1);
        }
        while (after.Length > 0);
        Assert.Equal(3, pages);
        Assert.Equal(Enumerable.Range(0, 2500).Where(i => i % 5 != 0 && i % 3 == 2 && i != 2).Select(i => $"dir-{i}").Order(StringComparer.Ordinal), found.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void The_append_of_an_older_holder_is_refused_from_the_newer_ones_claim_on()
    {
        var old = Lease("shard/1");
        _kv.Give<Claimed>(new ClaimJournal("d", old));
        _kv.Give<Done>(Append("d", old, 0, "a"));
        _kv.Now += TimeSpan.FromSeconds(3);
        Assert.Contains("has been over", _kv.Give<Refused>(Append("d", old, 1, "late")).Text, StringComparison.Ordinal);
        var now = Lease("shard/1", "b");
        Assert.Equal("lease 'shard/1' has token 5, not 1", _kv.Give<Refused>(new ClaimJournal("d", old)).Text);
        Assert.Equal("lease 'shard/1' has token 5, not 1", _kv.Give<Refused>(Append("d", old, 1, "late")).Text);
        Assert.Equal(1, _kv.Give<Claimed>(new ClaimJournal("d", now)).HighestSequenceNr);
        Assert.StartsWith("journal 'd' is claimed by lease 'shard/1' under token 5,", _kv.Give<Refused>(Append("d", old, 1, "late")).Text, StringComparison.Ordinal);
        _kv.Give<Done>(Append("d", now, 1, "b"));
        Assert.Equal("1:a 2:b /2", Read("d"));
    }

    [Fact]
    public void A_claim_under_another_lease_shuts_out_the_one_before()
    {
        var (a, b) = (Lease("node/a", "a"), Lease("node/b", "b"));
        _kv.Give<Claimed>(new ClaimJournal("coordinator", a));
        _kv.Give<Claimed>(new ClaimJournal("coordinator", b));
        Assert.Equal(
            "journal 'coordinator' is claimed by lease 'node/b' under token 2, not by lease 'node/a' under token 1",
            _kv.Give<Refused>(Append("coordinator", a, 0, "x")).Text);
        _kv.Give<Done>(Append("coordinator", b, 0, "x"));
    }

    [Fact]
    public void A_journal_is_read_in_pages_by_bytes_and_its_end_outlives_its_events()
    {
        var fence = Lease("s");
        _kv.Give<Claimed>(new ClaimJournal("d", fence));
        _kv.Give<Done>(Append("d", fence, 0, "aaaa", "bbbb", "cccc", "dddd"));
        Assert.Equal("1:aaaa 2:bbbb /4+", Read("d", maxBytes: 9));
        Assert.Equal("3:cccc /4+", Read("d", from: 3, maxBytes: 1));
        Assert.Equal("2:bbbb 3:cccc /4", Read("d", 2, 3));
        Assert.Equal(" /4", Read("d", 5));
        _kv.Give<Done>(new TrimJournal("d", fence, 2));
        Assert.Equal("3:cccc 4:dddd /4", Read("d"));
        _kv.Give<Done>(new TrimJournal("d", fence, long.MaxValue));
        _kv.Give<Done>(new TrimJournal("d", fence, 1));
        Assert.Equal(" /4", Read("d"));
        Assert.Equal(4, _kv.Give<Claimed>(new ClaimJournal("d", fence)).HighestSequenceNr);
        _kv.Give<Done>(Append("d", fence, 4, "e"));
        Assert.Equal("5:e /5", Read("d"));
        Assert.Equal(Errno.Stale, _kv.Give<Refused>(new TrimJournal("d", fence with { Token = 99 }, 5)).Why);
    }

    [Fact]
    public void What_is_too_large_is_refused_before_and_in_the_machine()
    {
        var fence = Lease("s");
        _kv.Give<Claimed>(new ClaimJournal("d", fence));
        var large = new AppendJournal("d", fence, 0, [new byte[KvLimits.MaxValue + 1]], []);
        Assert.Equal(Errno.FileTooLarge, KvLimits.Refusal(large)!.Why);
        Assert.Equal(new Refused(Errno.FileTooLarge, "an event has 1048577 bytes, the limit is 1048576"), _kv.Give<Refused>(large));
        _kv.Give<Done>(large with { Events = [new byte[KvLimits.MaxValue]] });
        var many = large with { Events = [.. Enumerable.Repeat((ReadOnlyMemory<byte>)new byte[KvLimits.MaxValue], 17)] };
        Assert.Equal(Errno.FileTooLarge, _kv.Give<Refused>(many).Why);
        var set = Request.Of("set", "k", new string('x', KvLimits.MaxValue + 1));
        Assert.Equal("-ERR File too large: an argument has 1048577 bytes, the limit is 1048576", KvLimits.Refusal(set)!.ToString());
        Assert.Equal(KvLimits.Refusal(set), _kv.Apply(new KvProtocol.UserCommands([set])).Replies.Single());
    }

    [Fact]
    public void An_id_has_its_slot_for_ever()
    {
        Assert.Equal(1048, Slots.Of("dir/0000000000000001"));
        Assert.Equal(Slots.Count, Enumerable.Range(0, 100_000).Select(i => Slots.Of($"dir/{i:x16}")).Distinct().Count());
    }
}
