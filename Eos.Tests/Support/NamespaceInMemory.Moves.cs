using Eos.Gateway;
using Eos.Kernel;
using Eos.Namespace;
using static Eos.Gateway.GatewayProtocol;

namespace Eos.Tests.Support;

/// <remarks>What follows a crash, and what must hold then.</remarks>
public sealed partial class NamespaceInMemory
{
    public void CrashMover() => _mover.Crash();

    /// <summary>One question of the mover.</summary>
    public void StepMover() => _mover.Step(Tell);

    /// <summary>The request, one message at a time: false until it is answered.</summary>
    public IEnumerable<IFinal?> Walk(IRequest request)
    {
        var routine = RoutineOf(request);
        foreach (var step in routine.Steps())
        {
            if (step is Step.AskMover ask)
            {
                while ((routine.MoverAnswer = _mover.Answer(ask.Request)) is null) yield return null;
            }
            else if (step is Step.AskAll all)
            {
                foreach (var question in all.Questions)
                {
                    do yield return null;
                    while (Tell(question.Message) is not DirectoryProtocol.IReply reply || (question.Answer = reply is DirectoryProtocol.Unknown ? null : reply) is null);
                }
            }
            else if (step is Step.TakeNumber)
            {
                routine.Number = ++_number;
            }
            else
            {
                throw new InvalidOperationException($"no way to fulfil {step.GetType().Name}");
            }
        }
        yield return routine.Answer;
    }

    /// <summary>Everything below a directory, by path.</summary>
    public IEnumerable<(string Path, bool IsDirectory)> Tree(string path, DirectoryId at)
    {
        yield return (path, true);
        foreach (var entry in State(at).Entries.All)
        {
            if (entry is not ChildEntry child) yield return ($"{path}/{entry.Name}", false);
            else foreach (var below in Tree($"{path}/{entry.Name}", child.Id)) yield return below;
        }
    }

    /// <summary>Time passes, and everybody repeats what was not answered, until nothing is left to do.</summary>
    public void Heal()
    {
        for (var round = 0; round < 200; round++)
        {
            Now += TimeSpan.FromSeconds(10);
            for (var i = 0; i < 30 && !_mover.IsIdle; i++) _mover.Step(Tell);
            foreach (var id in _directories.Keys.ToList())
            {
                var facts = new Facts(Now, DirectoryModel.Settings);
                foreach (var due in (Decision[])[DirectoryRules.Tick(State(id), facts, _ops.Next()), HandoverRules.Repeat(State(id))])
                {
                    Follow(id, due);
                    Carry(id, due, facts);
                }
            }
            if (_mover.IsIdle && _directories.Values.All(d => d.Prepared.IsEmpty && d.Moves.IsEmpty && d.Outbox.IsEmpty)) return;
        }
        Assert.Fail("names are still held, or renamings not settled");
    }

    /// <summary>Each entry has one name, each directory knows its parent, every way ends at the root, and the indexes say the same.</summary>
    public void MustBeOneTree()
    {
        var alive = _directories.Where(d => d.Value.Life == Life.Live).ToDictionary(d => d.Key, d => d.Value);
        var named = new Dictionary<string, DirectoryId>();
        foreach (var (id, state) in alive)
        {
            foreach (var entry in state.Entries.All)
                Assert.True(named.TryAdd(entry is ChildEntry child ? $"cid:{child.Id}" : $"fid:{((FileEntry)entry).File.Id}", id), $"{entry.Name} in {id} has another name too");
        }
        foreach (var (id, state) in alive.Where(d => d.Key != DirectoryId.Root))
        {
            Assert.Equal(named[$"cid:{id}"], state.Self!.Parent);
            var (at, depth) = (id, 0);
            while (at != DirectoryId.Root)
            {
                Assert.True(depth++ < 100, $"the way up from {id} has no end");
                at = State(at).Self!.Parent;
            }
        }
        var rows = new IndexInMemory();
        foreach (var (id, state) in _directories) rows.Apply(id, [.. IndexRules.RowsOf(state)]);
        Assert.Equal(rows.All, _rows.All);
    }

    /// <summary>True or false: it is there or not; null: nobody can say now.</summary>
    public bool? Has(string path) => Do(h => new Stat(h, path)) switch
    {
        Status => true,
        Refused { Why: Errno.NoEntry } => false,
        Unknown => null,
        var other => throw new Xunit.Sdk.XunitException($"unexpected {other}"),
    };
}
