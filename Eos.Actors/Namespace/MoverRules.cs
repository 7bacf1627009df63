using System.Collections.Immutable;
using Eos.Identity;
using Eos.Kernel;
using static Eos.Namespace.DirectoryProtocol;
using static Eos.Namespace.MoverProtocol;

namespace Eos.Namespace;

/// <summary>A word to one directory, and what it answered.</summary>
public sealed class MoverQuestion(IForDirectory message, OpId op)
{
    public IForDirectory Message => message;
    public OpId Op => op;
    public DirectoryProtocol.IReply? Answer { get; set; }
}

/// <summary>
/// One move of a directory, told as the questions that it asks: whoever runs it answers each before asking for the next. Run again from the beginning after a crash: what has happened
/// is answered as it was.
/// </summary>
public sealed class MoverRules(MoveBegun order, Func<OpId> newOp)
{
    /// <summary>More directories than there can be on a way to the root.</summary>
    private const int MaxDepth = EosPath.MaxPath;

    private readonly DirectoryMove _move = order.Move;

    /// <summary>How it ended.</summary>
    public MoveEnded End { get; private set; } = new(order.Call.Op, Errno.None, "");

    public IEnumerable<MoverQuestion> Run()
    {
        // before the walk: a move that has happened has changed the way, and must be completed
        var look = new Lookup(_move.Source, newOp(), _move.Name, order.Call.Op);
        var seen = new MoverQuestion(look, look.Op);
        yield return seen;
        var hasHappened = seen.Answer is Found { Earlier: Done };
        if (!hasHappened)
        {
            foreach (var question in Climb()) yield return question;
            if (End.Why != Errno.None) yield break;
        }

        var prepare = Ask(new PrepareMove(_move.Target, order.Call, _move.NewName, _move.Source, IsDirectory: true, Overwrite: false));
        yield return prepare;
        if (prepare.Answer is not Done)
        {
            Refuse(prepare.Answer);
            yield break;
        }
        var commit = Ask(new CommitMove(_move.Source, order.Call, _move.Name, _move.Target, _move.NewName, _move.Child));
        yield return commit;
        if (commit.Answer is MoveCommitted { Entry: ChildEntry child })
        {
            yield return Ask(new FinishMove(_move.Target, order.Call, _move.NewName, _move.Source, child));
            foreach (var question in Adopt(child)) yield return question;
            yield return Ask(new SettleMove(_move.Source, order.Call with { Caller = Caller.Root }));
        }
        else if (commit.Answer is not Done)
        {
            if (commit.Answer is MoveRefused) yield return Ask(new FinishMove(_move.Target, order.Call, _move.NewName, _move.Source, null));
            Refuse(commit.Answer);
        }
    }

    /// <summary>From the target to the root: none of them may be what is moved. Nobody else changes the way meanwhile.</summary>
    private IEnumerable<MoverQuestion> Climb()
    {
        var at = _move.Target;
        for (var depth = 0; depth < MaxDepth; depth++)
        {
            if (at == _move.Child)
            {
                End = End with { Why = Errno.Invalid, Text = "a directory can't be moved below itself" };
                yield break;
            }
            if (at == DirectoryId.Root) yield break;
            var look = new Lookup(at, newOp(), "", null);
            var question = new MoverQuestion(look, look.Op);
            yield return question;
            if (question.Answer is not Found found)
            {
                End = End with { Why = Errno.NoEntry, Text = "the directory that it was to be moved into is not there any more" };
                yield break;
            }
            at = found.Self.Parent;
        }
        End = End with { Why = Errno.Loop, Text = "the way to the root has no end" };
    }

    /// <summary>The directory learns who is above it; one that was never begun is begun so.</summary>
    private IEnumerable<MoverQuestion> Adopt(ChildEntry child)
    {
        var set = new SetParent(child.Id, new Call(newOp(), 0, Caller.Root), _move.Target, order.Number);
        var question = Ask(set);
        yield return question;
        if (question.Answer is not Unborn) yield break;
        yield return Ask(new Begin(child.Id, new Call(newOp(), 0, Caller.Root), child.Seed with { Parent = _move.Target }));
        yield return Ask(set);
    }

    private void Refuse(DirectoryProtocol.IReply? reply) => End = reply switch
    {
        DirectoryProtocol.Refused x => End with { Why = x.Why, Text = x.Text },
        MoveRefused x => End with { Why = x.Why, Text = x.Text },
        _ => End with { Why = Errno.NoEntry, Text = "no such file or directory" },
    };

    private static MoverQuestion Ask(ICommand command) => new(command, command.Call.Op);
}
