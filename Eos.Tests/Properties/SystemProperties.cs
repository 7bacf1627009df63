using Eos.Kernel;
using Eos.Kv;
using Eos.Raft;
using Eos.Tests.Support;
using FsCheck;
using FsCheck.Fluent;
using static Eos.Kv.KvProtocol;
using static Eos.Kv.SystemProtocol;

namespace Eos.Tests.Properties;

public class SystemProperties
{
    private static void ForAllSeeds(Action<Random> law) =>
        Check.QuickThrowOnFailure(Prop.ForAll(ArbMap.Default.ArbFor<int>(), seed => { law(new Random(seed)); }));

    [Fact]
    public void Machines_with_the_same_log_agree_whether_they_restart_and_whether_they_read_the_bytes() => ForAllSeeds(random =>
    {
        var log = new SystemLog(random);
        var (one, store) = (new KvMachine(new MemoryStore()), new MemoryStore());
        var two = new KvMachine(store);
        foreach (var (index, time, entry) in log.Take(150))
        {
            if (random.Next(5) == 0) two = new KvMachine(store);
            var first = one.Apply(index, time, entry).Answer;
            Assert.True(Samples.Same(first, two.Apply(index, time, KvWire.DecodeEntry(KvWire.Encode(entry))).Answer));
            Assert.True(Samples.Same(first, KvWire.DecodeAnswer(KvWire.Encode(first))));
            Assert.Equal(one.Mark, two.Mark);
            var question = log.Question();
            Assert.True(Samples.Same(one.Answer(question, time), two.Answer(KvWire.DecodeQuestion(KvWire.Encode(question)), time)));
        }
        Assert.Equal(store.Range(default, new byte[] { 255 }).Aggregate(default(KvDigest), (sum, r) => sum.With(r.Key.Span, r.Value.Span)), one.Mark.Digest);
    });

    [Fact]
    public void No_command_of_a_user_sees_or_changes_what_is_the_systems() => ForAllSeeds(random =>
    {
        var log = new SystemLog(random);
        var store = new MemoryStore();
        var machine = new KvMachine(store);
        foreach (var (index, time, entry) in log.Take(100)) machine.Apply(index, time, entry);
        var before = OfSystem(store);
        var commands = CommandTable.All.OrderBy(c => c.Name, StringComparer.Ordinal).ToArray();
        foreach (var (index, time, entry) in log.Take(100, () => new UserCommands([Command(random, commands), Command(random, commands)])))
        {
            Assert.DoesNotContain("system", string.Join(' ', machine.Apply(index, time, entry).Replies), StringComparison.Ordinal);
            Assert.Equal(before, OfSystem(store));
        }
        Request[] views = [Request.Of("flushall"), Request.Of("raw-scan"), Request.Of("keys", "*"), Request.Of("scan", "0", "COUNT", "1000"), Request.Of("config-getall")];
        Assert.DoesNotContain("system", string.Join(' ', machine.Apply(new LogIndex(log.Index + 1), log.Time, new UserCommands([.. views])).Replies), StringComparison.Ordinal);
        Assert.Equal(before, OfSystem(store));
    });

    [Fact]
    public void A_lease_has_one_holder_at_any_log_time() => ForAllSeeds(random =>
    {
        var log = new SystemLog(random);
        var machine = new KvMachine(new MemoryStore());
        var model = new LeaseModel();
        foreach (var (index, time, entry) in log.Take(300, () => Lease(random, log.Index)))
        {
            model.Check(index, time, entry, machine.Apply(index, time, entry).Answer);
            var rows = ((Leases)machine.Answer(new LookAtLeases(""), time)).Rows;
            Assert.Equal(model.Current(time), rows.Where(r => r.Remaining > TimeSpan.Zero).ToDictionary(r => r.Name, r => (r.Token, r.Holder)));
        }
    });

    [Fact]
    public void A_journal_is_a_list_whose_end_never_goes_back() => ForAllSeeds(random =>
    {
        var log = new SystemLog(random);
        var machine = new KvMachine(new MemoryStore());
        var model = new JournalModel();
        foreach (var (index, time, entry) in log.Take(300, () => model.Next(random)))
        {
            model.Check(index, time, entry, machine.Apply(index, time, entry).Answer);
            var read = (JournalEvents)machine.Answer(new ReadJournal("d", 1, long.MaxValue, int.MaxValue), time);
            Assert.Equal(model.Events, read.Events.Select(e => (e.SequenceNr, e.Bytes.Span[0])));
            Assert.Equal((model.Highest, false), (read.HighestSequenceNr, read.More));
        }
    });

    [Fact]
    public void An_operation_has_one_outcome_whatever_is_repeated_or_restarted() => ForAllSeeds(random =>
    {
        var store = new MemoryStore();
        var machine = new KvMachine(store);
        var client = new Guid(7, 0, 0, new byte[8]);
        var outcomes = new Dictionary<ulong, IAnswer>();
        var (below, time) = (1UL, TimeSpan.FromSeconds(1));
        for (var index = 1UL; index <= 200; index++)
        {
            if (random.Next(10) == 0) machine = new KvMachine(store);
            time += TimeSpan.FromMilliseconds(random.Next(500));
            var number = below + (ulong)random.Next(12);
            var mine = index;
            IEntry what = random.Next(2) == 0 ? new TakeNumbers("n", 1) : new UserCommands([Request.Of("incr", "u")]);
            var answer = machine.Apply(new LogIndex(mine), time, new Once(new OpId(client, number), below, what)).Answer;
            if (outcomes.TryGetValue(number, out var before)) Assert.True(Samples.Same(before, answer));
            else outcomes[number] = answer;
            while (outcomes.ContainsKey(below) && random.Next(2) == 0) below++;
            if (below > 1 && random.Next(5) == 0)
            {
                var late = new Once(new OpId(client, below - 1), 0, what);
                var again = machine.Apply(new LogIndex(++index), time, late).Answer;
                Assert.True(again is NotKept || Samples.Same(outcomes[below - 1], again));
            }
        }
        var taken = outcomes.Values.OfType<NumbersTaken>().Select(t => t.First).Order().ToArray();
        Assert.Equal(Enumerable.Range(1, taken.Length).Select(i => (ulong)i), taken);
        Assert.Equal(outcomes.Count - taken.Length, Increments(machine));
    });

    private static long Increments(KvMachine machine) =>
        ((Replies)machine.Answer(new UserReads([Request.Of("get", "u")]), default)).Values[0] is Reply.BulkString value ? long.Parse(System.Text.Encoding.ASCII.GetString(value.Value.Span)) : 0;

    private static IEntry Lease(Random random, ulong index)
    {
        var holder = "h" + random.Next(3);
        var name = random.Next(4) switch { 0 => "session", 1 => "other", 2 => "shard", _ => "s/" + holder };
        var token = index - Math.Min(index, (ulong)random.Next(8));
        return random.Next(6) switch
        {
            0 or 1 => new AcquireLease(name, holder, TimeSpan.FromMilliseconds(random.Next(1, 2_000))),
            2 => new RenewLease(name, token, TimeSpan.FromMilliseconds(random.Next(1, 2_000))),
            3 => new AcquireRole("other", holder, TimeSpan.FromMilliseconds(random.Next(1, 4_000)), "s/"),
            4 => new AcquireBound("shard", holder, new Fence(random.Next(3) > 0 ? "session" : "other", token)),
            _ => new ReleaseLease(name, token),
        };
    }

    private static Request Command(Random random, Command[] commands)
    {
        string[] words = ["s", "l", "sl", "lsys", "0", "1", "*", "500", "next:s"];
        var command = commands[random.Next(commands.Length)];
        var count = command.Arity.Min + (command.Arity.Max > command.Arity.Min ? random.Next(2) * command.Arity.Step : 0);
        return Request.Of(Enumerable.Range(1, count - 1).Select(_ => words[random.Next(words.Length - 2) + random.Next(3)]).Prepend(command.Name));
    }

    private static KvDigest OfSystem(MemoryStore store) =>
        store.Range("s"u8.ToArray(), "t"u8.ToArray()).Aggregate(default(KvDigest), (sum, r) => sum.With(r.Key.Span, r.Value.Span));
}
