using System.Collections.Immutable;
using Eos.Fst;
using Eos.Identity;
using Eos.Scheduling;
using static Eos.Gateway.GatewayProtocol;

namespace Eos.Gateway;

/// <summary>What opening for writing and for reading have in common.</summary>
public abstract class OpenRoutine(Head head, VirtualIdentity who, RoutineFacts facts) : Routine(head, who, facts)
{
    private const ulong Megabyte = 1_000_000;

    /// <summary>How the bytes go, by the I/O policies of space, directory and client.</summary>
    protected CapabilityPace Pace(string space, ImmutableSortedDictionary<string, string> attributes, RequestOptions options, bool writes)
    {
        var (keys, users) = (Facts.View().Configuration.SpaceKeys(space), Facts.Users());
        var plan = IoPolicy.Of(new IoQuestion(
            writes, key => keys.GetValueOrDefault(key), attributes, options, Who.App, name => users.Uid(name) == Who.Uid, name => users.Gid(name) == Who.Gid) { SpaceKeys = keys.Keys });
        return plan == IoPlan.None ? CapabilityPace.None : new CapabilityPace(plan.Bandwidth * Megabyte, writes && plan.SyncsEach);
    }
}
