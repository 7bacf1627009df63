using Eos.Kernel;

namespace Eos.Tests.Support.Posix;

/// <summary>
/// All states that a tree may have after what somebody was told: who is told nothing does not know whether the command happened, and the model follows both. Each answer rules out the
/// states in which it would be wrong; when none is left, something was promised that does not hold.
/// </summary>
internal sealed class PossibleTrees
{
    /// <summary>A client that gave up: everything else is an answer.</summary>
    private const Errno NotAnswered = Errno.NoNetwork;

    private List<PosixTree> _trees = [new()];

    /// <summary>Commands whose outcome nobody told.</summary>
    public int Unknown { get; private set; }

    /// <summary>Takes in what a command was answered; what is wrong with that, or null.</summary>
    public string? Told(TreeCommand command, Outcome outcome)
    {
        var code = (Errno)outcome.Code;
        var before = _trees.Select(tree => tree.Copy()).ToList();
        var expected = _trees.Select(tree => tree.Do(command)).ToList();
        if (code == NotAnswered)
        {
            Unknown++;
            _trees.AddRange(before);
            return null;
        }
        // a renaming that is given up in a crash says so, and has not happened
        var givenUp = code == Errno.Busy && command.Verb == TreeVerb.Rename;
        var left = givenUp ? before : [.. _trees.Where((_, i) => IsRight(expected[i]))];
        if (left.Count == 0) return $"expected {string.Join(" or ", expected.Select(e => $"{string.Join('/', e.Why)} {e.Shown}").Distinct())}, not {code}: {outcome.Output}{outcome.Error}";
        _trees = left;
        return null;

        bool IsRight((IReadOnlyList<Errno> Why, string Shown) said) =>
            said.Why.Contains(code) && (command.Verb != TreeVerb.List || code != Errno.None || said.Why.Count > 1 || said.Shown == outcome.Output);
    }

    /// <summary>Compares a walk over the whole tree; what is wrong, or null.</summary>
    public string? Fault(IReadOnlyList<string> found) =>
        _trees.Any(tree => tree.All.SequenceEqual(found)) ? null : $"found\n{string.Join('\n', found)}\nexpected\n{string.Join("\nor\n", _trees.Select(tree => string.Join('\n', tree.All)))}";
}
