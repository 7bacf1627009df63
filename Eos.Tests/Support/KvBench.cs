using Eos.Kv;
using Eos.Raft;
using static Eos.Kv.KvProtocol;

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

    public string Read(string command) => Machine.Read([Words(command)], Now).Single().ToString();

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
