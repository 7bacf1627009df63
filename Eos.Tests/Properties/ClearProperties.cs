using Eos.Kv;
using Eos.Raft;
using Eos.Tests.Support;
using FsCheck;
using FsCheck.Fluent;
using static Eos.Kv.KvProtocol;

namespace Eos.Tests.Properties;

/// <summary>A key space that is cleared part by part: bounded, whole after each part, and in the end as if it had been cleared at once.</summary>
public class ClearProperties
{
    private const ulong Unbounded = 1 << 30;

    private static void ForAllSeeds(Action<Random> law) =>
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(30), Prop.ForAll(ArbMap.Default.ArbFor<int>(), seed => { law(new Random(seed)); }));

    [Fact]
    public void Parts_are_bounded_leave_whole_keys_and_come_to_the_digest_of_a_clear_at_once() => ForAllSeeds(random =>
    {
        using var folder = new TemporaryFolder();
        using var file = StateFiles.Open(folder.Of("state.db"), StateFiles.Knobs("cache-size = 2000, behind-size = 64 KiB"));
        var (one, two, three) = (new KvMachine(new MemoryStore()), new KvMachine(new MemoryStore()), new KvMachine(file));
        var index = 0ul;
        foreach (var entry in Filling(random))
        {
            index++;
            foreach (var machine in new[] { one, two, three }) Apply(machine, index, entry);
            Rest(file, index);
        }
        Assert.Equal("+OK", Apply(one, index + 1, KvBench.Together("flushall")));
        var (rows, bytes) = random.Next(2) == 0 ? ((ulong)random.Next(1, 9), Unbounded) : (Unbounded, (ulong)random.Next(1, 200));
        for (ReadOnlyMemory<byte>? from = default(ReadOnlyMemory<byte>); from is { } at;)
        {
            var before = two.Mark.Digest.Rows;
            var reply = Removed(two, ++index, new ClearKeys(at, rows, bytes), out from);
            Assert.Equal(reply, Removed(three, index, new ClearKeys(at, rows, bytes), out _));
            Assert.Equal(two.Mark, three.Mark);
            Rest(file, index);
            Assert.InRange(before - two.Mark.Digest.Rows, from is null ? 0 : 1, bytes == Unbounded ? (long)rows + 2 : 203);
            foreach (var key in new[] { "hash", "set", "deque", "local", "versions" }) MustBeWhole(two, key);
        }
        Assert.Equal(one.Mark.Digest, two.Mark.Digest);
        Assert.Equal("$kept", Ask(two, "config-get c"));
    });

    [Fact]
    public void What_is_written_between_two_parts_is_kept_behind_and_goes_before_them()
    {
        var machine = new KvMachine(new MemoryStore());
        Apply(machine, 1, KvBench.Together("mset a 1 b 2 c 3", "hset d 1 x 2 x 3 x 4 x"));
        Assert.Equal("$d", Removed(machine, 2, new ClearKeys(default, 4, Unbounded), out var next));
        Assert.Equal(":1", Apply(machine, 3, KvBench.Together("hset d 0 new")));
        Assert.Equal("[$0 $2 $3 $4]", Ask(machine, "hkeys d"));
        Apply(machine, 4, KvBench.Together("mset b again z new"));
        Assert.Equal("nil", Removed(machine, 5, new ClearKeys(next!.Value, Unbounded, Unbounded), out _));
        Assert.Equal("[$b]", Ask(machine, "keys *"));
    }

    [Fact]
    public void A_part_without_bounds_removes_something_all_the_same()
    {
        var machine = new KvMachine(new MemoryStore());
        Apply(machine, 1, KvBench.Together("mset a 1 b 2"));
        Assert.Equal("$b", Removed(machine, 2, new ClearKeys(default, 0, 0), out _));
    }

    private static IEnumerable<IEntry> Filling(Random random)
    {
        yield return KvBench.Together("config-set c kept", "lease-acquire lease me 1000000", "vhset versions f v");
        for (var i = 0; i < 40; i++)
        {
            var field = random.Next(20);
            yield return KvBench.Together(random.Next(7) switch
            {
                0 => $"set key{field} {new string('x', random.Next(1, 50))}",
                1 => $"hset hash {field} x",
                2 => $"sadd set {field}",
                3 => $"{(random.Next(2) == 0 ? "deque-push-front" : "deque-push-back")} deque {field}",
                4 => $"lhset local {field} hint{random.Next(3)} x",
                5 => $"vhset versions {field} x",
                _ => $"lease-acquire lease{field} me 1000000",
            });
        }
    }

    /// <summary>It says as many things as it holds, and each is found.</summary>
    private static void MustBeWhole(KvMachine machine, string key)
    {
        var (size, items) = key switch
        {
            "hash" => ("hlen hash", "hkeys hash"),
            "set" => ("scard set", "smembers set"),
            "deque" => ("deque-len deque", "deque-scan-back deque 0 COUNT 1000"),
            "local" => ("lhlen local", "lhscan local 0 COUNT 1000"),
            _ => ("vhlen versions", "vhgetall versions"),
        };
        var found = Answer(machine, items) is Reply.ArrayValue { Items: [_, Reply.ArrayValue page] } ? page.Items : ((Reply.ArrayValue)Answer(machine, items)).Items;
        Assert.DoesNotContain(Reply.Nil, found);
        if (key == "local") Assert.All(found.Chunk(3), field => Assert.Equal("$x", Ask(machine, $"lhget local {field[1].ToString()[1..]}")));
        Assert.Equal($":{found.Length / (key == "local" ? 3 : key == "versions" ? 2 : 1)}", Ask(machine, size));
    }

    private static string Apply(KvMachine machine, ulong index, IEntry entry) =>
        string.Join(' ', machine.Apply(new LogIndex(index), TimeSpan.FromMilliseconds(index), entry).Replies);

    private static string Removed(KvMachine machine, ulong index, ClearKeys part, out ReadOnlyMemory<byte>? next)
    {
        var reply = machine.Apply(new LogIndex(index), TimeSpan.FromMilliseconds(index), part).Replies.Single();
        next = reply is Reply.BulkString key ? key.Value : default(ReadOnlyMemory<byte>?);
        return reply.ToString();
    }

    private static void Rest(StateFile file, ulong index)
    {
        file.Seal(index);
        file.Rest();
    }

    private static Reply Answer(KvMachine machine, string question) => ((Replies)machine.Answer(new UserReads([KvBench.Words(question)]), TimeSpan.Zero)).Values.Single();

    private static string Ask(KvMachine machine, string question) => Answer(machine, question).ToString();
}
