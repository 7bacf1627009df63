using Eos.Kv;
using Eos.Raft;
using static Eos.Kv.KvProtocol;
using static Eos.Kv.SystemProtocol;

namespace Eos.Tests.Support;

/// <summary>A machine on a table: entries in, replies out as text (`+OK`, `:1`, `$bytes`, `nil`, `[..]`, `-ERR ..`).</summary>
internal sealed class KvBench
{
    private ulong _index;

    public MemoryStore Store { get; } = new();
    public KvMachine Machine { get; private set; }
    public TimeSpan Now { get; set; } = TimeSpan.FromSeconds(1);

    public KvBench() => Machine = new KvMachine(Store);

    /// <summary>One command, words parted by spaces; `''` is an empty word.</summary>
    public string Do(string command) => Apply(Together(command)).Replies.Single().ToString();

    public static UserCommands Together(params string[] commands) => new([.. commands.Select(Words)]);

    public KvProtocol.Outcome Apply(IEntry entry) => Machine.Apply(new LogIndex(++_index), Now, entry);

    public string Read(string command) => ReadReply(Words(command)).ToString();

    public Reply ReadReply(Request request) => Ask<Replies>(new UserReads([request])).Values.Single();

    /// <summary>What came of an entry of the system, which must be of that kind.</summary>
    public T Give<T>(IEntry entry) where T : IAnswer => Assert.IsType<T>(Apply(entry).Answer);

    public T Ask<T>(IQuestion question) where T : IAnswer => Assert.IsType<T>(Machine.Answer(question, Now));

    /// <summary>The same store under a new machine, as after a restart.</summary>
    public void Restart() => Machine = new KvMachine(Store);

    public static Request Words(string command) => Request.Of(command.Split(' ').Select(w => w == "''" ? "" : w));

    /// <summary>Each line: a command, `=>`, its reply.</summary>
    public void Play(string script)
    {
        foreach (var line in script.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            var parts = line.Split(" => ");
            Assert.Equal(parts[0] + " => " + parts[1], parts[0] + " => " + Do(parts[0]));
        }
    }
}
