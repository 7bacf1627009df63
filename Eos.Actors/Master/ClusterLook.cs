using System.Collections.Immutable;
using Eos.Journal;
using Eos.Kv;
using static Eos.Kv.SystemProtocol;

namespace Eos.Master;

/// <summary>What stands in the group about nodes and roles, read one after the other: the configuration first, so that every member on its roll whose session is missing has lost it.</summary>
/// <param name="Sessions">The node sessions, also such as are over and not yet swept away.</param>
/// <param name="Role">Who has the lease `master`; null when nobody has, or the session of whoever has it is over.</param>
/// <param name="Values">The whole configuration.</param>
public sealed record ClusterPicture(ulong Version, ImmutableSortedDictionary<string, string> Values, ImmutableArray<LeaseRow> Sessions, LeaseRow? Role)
{
    public ClusterRoll Roll => ClusterRoll.Of(Version, Values);

    /// <summary>Those whose session holds.</summary>
    public ImmutableHashSet<Incarnation> Living => [.. DowningRules.Holding(Sessions).Keys];
}

/// <summary>Takes such pictures, by linearizable reads. One at a time.</summary>
public sealed class ClusterLook(KvClient client)
{
    private static readonly ImmutableSortedDictionary<string, string> Nothing = ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal);
    private ConfigurationRead _last = new(0, Nothing);

    /// <summary>Null when the group does not answer in time.</summary>
    public async Task<ClusterPicture?> TakeAsync(TimeSpan within)
    {
        if (await client.LookAsync(new ReadConfiguration("", _last.Version), within).ConfigureAwait(false) is not ConfigurationRead read) return null;
        if (read.Values is not null) _last = read;
        var sessions = client.LookAsync(new LookAtLeases(NodeSession.Prefix), within);
        var role = client.LookAsync(new LookAtLeases(MasterProtocol.LeaseName), within);
        return await sessions.ConfigureAwait(false) is Leases a && await role.ConfigureAwait(false) is Leases b
            ? new ClusterPicture(_last.Version, _last.Values!, a.Rows, MasterRules.RoleOf(b.Rows, DowningRules.Holding(a.Rows)))
            : null;
    }
}
