using System.Collections.Immutable;
using static Eos.Kv.SystemProtocol;

namespace Eos.Journal;

/// <summary>
/// Where persistent actors keep parts of their snapshots by themselves (docs/adr). Keys are of the writer's choice, below 2^62, and are never used for two contents. Every task fails when
/// the store does not do it in time, or when this node may not write what belongs to the id any more.
/// </summary>
public interface IPageStore
{
    /// <summary>Done when all of them are stored.</summary>
    Task PutAsync(string persistenceId, ImmutableArray<PageRow> pages);

    /// <summary>In the order of the keys; the bytes of what is not there are empty.</summary>
    Task<ImmutableArray<PageRow>> ReadAsync(string persistenceId, ImmutableArray<ulong> keys);

    Task DropAsync(string persistenceId, ImmutableArray<ulong> keys);

    /// <summary>All keys of the id, as far as the store can tell.</summary>
    Task<ImmutableArray<ulong>> ListAsync(string persistenceId);
}
