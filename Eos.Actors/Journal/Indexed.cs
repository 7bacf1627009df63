using System.Collections.Immutable;
using static Eos.Kv.SystemProtocol;

namespace Eos.Journal;

/// <summary>
/// An event with the rows of indexes that it changes. The journal of the group stores the event alone and changes the rows together with its storing, so that
/// indexes can't drift from events; other journals do not know it.
/// </summary>
public sealed record Indexed(object Event, ImmutableArray<IndexOp> Rows);
