using Eos.Kv;
using Eos.Raft;
using FsCheck;
using FsCheck.Fluent;
using static Eos.Kv.KvProtocol;

namespace Eos.Tests.Properties;

public class KvProperties
{
    private static readonly string[] Words = ["a", "b", "c", "0", "1", "7", "x*", "500"];

    private static void ForAllSeeds(Action<Random> law) =>
        Check.QuickThrowOnFailure(Prop.ForAll(ArbMap.Default.ArbFor<int>(), seed => { law(new Random(seed)); }));

    [Fact]
    public void Machines_with_the_same_log_agree_in_replies_and_digest_across_restarts() => ForAllSeeds(random =>
    {
        var (one, two) = (new KvMachine(new MemoryStore()), new MemoryStore());
        foreach (var (index, time, entry) in Log(random))
        {
            var first = one.Apply(index, time, entry);
            var second = new KvMachine(two).Apply(index, time, entry);
            Assert.Equal(first.Replies.ToList(), second.Replies.ToList());
            Assert.Equal(first.Published.ToList(), second.Published.ToList());
            Assert.Equal(one.Mark, two.Mark);
        }
    });

    [Fact]
    public void The_digest_is_that_of_the_rows_and_no_command_leaves_the_user_space() => ForAllSeeds(random =>
    {
        var store = new MemoryStore();
        store.Put("s-of-the-system"u8, "kept"u8);
        store.Put("t"u8, default);
        store.Commit(new KvMark(default, default, Sum(store)));
        var machine = new KvMachine(store);
        foreach (var (index, time, entry) in Log(random))
        {
            machine.Apply(index, time, entry);
            Assert.Equal(Sum(store), machine.Mark.Digest);
            Assert.Equal("kept"u8, store.Get("s-of-the-system"u8)!.Value.Span);
            Assert.Equal(["s-of-the-system", "t"], Rows(store).Select(r => System.Text.Encoding.Latin1.GetString(r.Key.Span)).Where(k => k[0] != 'u'));
            Assert.DoesNotContain("of-the-system", string.Join(' ', ((Replies)machine.Answer(new UserReads([Request.Of("raw-scan"), Request.Of("keys", "*"), Request.Of("scan", "0")]), time)).Values), StringComparison.Ordinal);
        }
    });

    [Fact]
    public void A_reply_survives_being_stored() => ForAllSeeds(random =>
    {
        var machine = new KvMachine(new MemoryStore());
        foreach (var (index, time, entry) in Log(random))
            foreach (var reply in machine.Apply(index, time, entry).Replies) Assert.Equal(reply, Reply.FromBytes(reply.ToBytes()));
    });

    /// <summary>Every command of the table with random words of few values, so that types clash and things meet.</summary>
    private static IEnumerable<(LogIndex, TimeSpan, IEntry)> Log(Random random)
    {
        var commands = CommandTable.All.OrderBy(c => c.Name, StringComparer.Ordinal).ToArray();
        var time = TimeSpan.Zero;
        for (var index = 1UL; index <= 60; index++)
        {
            time += TimeSpan.FromMilliseconds(random.Next(300));
            yield return (new LogIndex(index), time, new UserCommands([.. Enumerable.Range(0, random.Next(1, 4)).Select(_ => Random(random, commands))]));
        }
    }

    private static Request Random(Random random, Command[] commands)
    {
        var command = commands[random.Next(commands.Length)];
        if (command.Name == "flushall" && random.Next(4) > 0) return Request.Of("ping");
        var words = command.Arity.Min + (command.Arity.Max > command.Arity.Min ? random.Next(2) * command.Arity.Step : 0);
        return Request.Of(Enumerable.Range(1, words - 1).Select(_ => Words[random.Next(Words.Length)]).Prepend(command.Name));
    }

    private static IEnumerable<KvRow> Rows(MemoryStore store) => store.Range(default, new byte[] { 255 });

    private static KvDigest Sum(MemoryStore store) => Rows(store).Aggregate(default(KvDigest), (sum, row) => sum.With(row.Key.Span, row.Value.Span));
}
