using Eos.Kv;
using Eos.Raft;
using Eos.Tests.Support;
using FsCheck;
using FsCheck.Fluent;

namespace Eos.Tests.Properties;

/// <summary>A state file is the table in memory, whatever is written when, and after any crash the table as it was at its mark.</summary>
public class StateProperties
{
    private const int Keys = 12;

    private static void ForAllSeeds(Action<Random> law) =>
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(20), Prop.ForAll(ArbMap.Default.ArbFor<int>(), seed => { law(new Random(seed)); }));

    [Fact]
    public void Rows_and_ranges_are_those_of_the_table_in_memory_also_after_it_was_opened_anew() => ForAllSeeds(random =>
    {
        using var folder = new TemporaryFolder();
        var knobs = StateFiles.Knobs($"cache-size = {random.Next(2) * 2000}, behind-size = 64 KiB");
        var (model, state) = (new MemoryStore(), StateFiles.Open(folder.Of("state.db"), knobs));
        var (expected, actual) = (new Rows(model), new Rows(state));
        for (var index = 1ul; index <= 60; index++)
        {
            for (var change = random.Next(4); change > 0; change--) Change(random, expected, actual);
            Assert.Equal(Random(model, random, out var key, out var range), Random(state, key, range));
            Commit(index, model, expected, state, actual);
            if (random.Next(3) == 0) state.Rest();
            if (random.Next(15) > 0) continue;
            state.Close();
            state = StateFiles.Open(folder.Of("state.db"), knobs);
            actual = new Rows(state);
            Assert.Equal(model.Mark, state.Mark);
        }
        Assert.Equal(model.All(), state.All());
        state.Close();
    });

    [Fact]
    public void After_a_crash_at_any_moment_the_rows_are_those_of_the_mark() => ForAllSeeds(random =>
    {
        using var folder = new TemporaryFolder();
        var knobs = StateFiles.Knobs("checkpoint-after = 1 GiB");   // or a copy of two files would not be what a crash leaves
        var (model, history) = (new MemoryStore(), new Dictionary<ulong, List<(string, string)>> { [0] = [] });
        using var state = StateFiles.Open(folder.Of("state.db"), knobs);
        var (expected, actual) = (new Rows(model), new Rows(state));
        for (var index = 1ul; index <= 30; index++)
        {
            for (var change = random.Next(4); change > 0; change--) Change(random, expected, actual);
            Commit(index, model, expected, state, actual);
            history[index] = model.All();
            state.Rest();
            if (random.Next(6) > 0) continue;
            var crashed = folder.Of($"{index}.db");
            File.Copy(folder.Of("state.db"), crashed);
            File.Copy(folder.Of("state.db-wal"), crashed + "-wal");
            using var again = StateFiles.Open(crashed, knobs);
            Assert.Equal(history[again.Sealed.Position.Index.Value], again.All());
            Assert.Equal(again.Sealed.Position.Index, again.Mark.Applied);
        }
    });

    private static void Change(Random random, Rows expected, Rows actual)
    {
        var key = Key(random);
        if (random.Next(3) == 0)
        {
            Assert.Equal(expected.Delete(key), actual.Delete(key));
            return;
        }
        var value = new byte[random.Next(5) == 0 ? 0 : random.Next(2000)];
        random.NextBytes(value);
        expected.Put(key, value);
        actual.Put(key, value);
    }

    private static void Commit(ulong index, MemoryStore model, Rows expected, StateFile state, Rows actual)
    {
        model.Commit(new KvMark(new LogIndex(index), TimeSpan.FromMilliseconds(index), expected.Digest));
        state.Commit(new KvMark(new LogIndex(index), TimeSpan.FromMilliseconds(index), actual.Digest));
        Assert.Equal(expected.Digest, actual.Digest);
        state.Seal(index);
    }

    private static List<(string, string)> Random(IKvStore store, Random random, out byte[] key, out (byte[] From, byte[] Until) range)
    {
        (key, range) = (Key(random), (Key(random), Key(random)));
        return Random(store, key, range);
    }

    private static List<(string, string)> Random(IKvStore store, byte[] key, (byte[] From, byte[] Until) range) =>
        [("get", store.Get(key) is { } value ? Convert.ToHexString(value.Span) : "none"), .. store.Between(range.From, range.Until)];

    private static byte[] Key(Random random) => random.Next(Keys) is var k && k < 3 ? [(byte)k] : [1, (byte)k];
}
