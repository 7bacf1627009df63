using System.Collections.Immutable;
using static Eos.Kv.SystemProtocol;

namespace Eos.Journal;

/// <summary>An event that changes rows of indexes. The rule that makes the event computes them; they change together with its storing, so that indexes can't drift from events.</summary>
public interface IIndexed
{
    ImmutableArray<IndexOp> Index { get; }
}
