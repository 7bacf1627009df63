using Eos.Kv;
using Eos.Raft;
using static Eos.Kv.KvProtocol;

namespace Eos.Tests.Support;

/// <summary>
/// A process that applies a log without end to a state, from where the state stands, and says <c>AT index</c> for what is applied. The log is the same
/// in every life, and no entry of it can be applied twice or left out without a trace.
/// </summary>
internal static class StateFeeder
{
    public static IEntry Entry(ulong index) => KvBench.Together(
        "incr n", $"deque-push-back d {index}", "deque-trim-front d 40", $"set k{index % 50} {new string((char)('a' + index % 26), (int)(index * 37 % 900))}", $"del k{index * 7 % 50}");

    public static async Task Run(string file)
    {
        var ear = new EngineEar();
        using var engine = StateFiles.Engine(file, ear, "keep.interval = 20ms, behind-size = 64 KiB");
        var ended = Task.Run(() => Console.In.ReadLine());
        for (var next = engine.Opened.Position.Index.Next; !ended.IsCompleted; next = next.Next)
        {
            engine.Apply(Batch(next), null);
            if (next.Value % 200 > 0) continue;
            await ear.Reaches(next.Value);
            Console.WriteLine($"AT {next}");
        }
    }

    public static LogBatch Batch(LogIndex index)
    {
        var submission = new KvSubmission(Entry(index.Value), _ => { });
        return new LogBatch(new Term(1), index, 1, EngineFeed.Time(index), BatchKind.Commands, EntryFrames.Write([submission]), null);
    }
}
