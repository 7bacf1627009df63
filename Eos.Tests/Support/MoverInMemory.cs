using Eos.Kernel;
using Eos.Namespace;

namespace Eos.Tests.Support;

/// <summary>The mover without its actor: one question a step, and crashes that lose all but what it has stored.</summary>
internal sealed class MoverInMemory
{
    private readonly OpSource _ops = new(new Guid("00000000-0000-0000-0000-0000000000b0"));
    private readonly Queue<MoverProtocol.MoveDirectory> _waiting = new();
    private MoverProtocol.MoverState _state = MoverProtocol.MoverState.Idle;
    private MoverRules? _rules;
    private IEnumerator<MoverQuestion>? _questions;

    public bool IsIdle => _state.Current is null && _waiting.Count == 0;

    /// <summary>Null: it has been heard, and is not done yet.</summary>
    public MoverProtocol.IReply? Answer(MoverProtocol.MoveDirectory order)
    {
        var op = order.Call.Op;
        if (_state.Of(op) is { } earlier) return earlier;
        if (_state.Current?.Call.Op != op && _waiting.All(w => w.Call.Op != op)) _waiting.Enqueue(order);
        return null;
    }

    /// <summary>Asks one question; false: it has to be asked again later.</summary>
    public bool Step(Func<IForDirectory, object?> tell)
    {
        if (_state.Current is null && _waiting.TryDequeue(out var order)) _state = _state.Apply(_state.Next(order));
        if (_state.Current is not { } current) return true;
        if (_questions is null)
        {
            _rules = new MoverRules(current, _ops.Next);
            _questions = _rules.Run().GetEnumerator();
            Next();
        }
        if (_questions?.Current is not { } question) return true;
        var reply = (DirectoryProtocol.IReply)tell(question.Message)!;
        if (reply is DirectoryProtocol.Unknown) return false;
        question.Answer = reply;
        Next();
        return true;
    }

    public void Crash()
    {
        _questions = null;
        _waiting.Clear();
    }

    private void Next()
    {
        if (_questions!.MoveNext()) return;
        _state = _state.Apply(_rules!.End);
        _questions = null;
    }
}
