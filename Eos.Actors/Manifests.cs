using System.Collections.Frozen;
using Eos.Fst;
using Eos.Gateway;
using Eos.Instance;
using Eos.Journal;
using Eos.Kv;
using Eos.Logs;
using Eos.Namespace;
using Eos.Raft;
using Eos.Services;
using Eos.Wire;

namespace Eos;

/// <summary>The table of all messages that leave a process or are stored. The one place that knows every room.</summary>
public static class Manifests
{
    public static readonly IReadOnlyList<Manifest> All =
    [
        .. DirectoryWire.Manifests,
        .. DirectoryStore.Manifests,
        .. TotalsStore.Manifests,
        .. HandoverWire.Manifests,
        .. OwnershipWire.Manifests,
        .. EntryWire.Manifests,
        .. GhostWire.Manifests,
        .. QuotaStore.Manifests,
        .. MoveWire.Manifests,
        .. DetachedWire.Manifests,
        .. MoverWire.Manifests,
        .. IdWire.Manifests,
        .. FstWire.Manifests,
        .. GatewayWire.Manifests,
        .. GatewayEntryWire.Manifests,
        .. GatewayOwnershipWire.Manifests,
        .. AdminWire.Manifests,
        .. GatewayWire.TreeManifests,
        .. FilesystemWire.Manifests,
        .. RaftWire.Manifests,
        .. KvWire.Manifests,
        .. JournalWire.Manifests,
        .. InstanceWire.Manifests,
        .. LogWire.Manifests,
        .. UpkeepWire.Manifests,
    ];

    private static readonly FrozenDictionary<Type, Manifest> ByType = All.ToFrozenDictionary(m => m.Type);
    private static readonly FrozenDictionary<string, Manifest> ByName = All.ToFrozenDictionary(m => m.Name);

    public static Manifest? Of(Type type) => ByType.GetValueOrDefault(type);
    public static Manifest? Named(string name) => ByName.GetValueOrDefault(name);
}
