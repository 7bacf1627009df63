using System.Buffers.Binary;
using System.Collections.Immutable;
using Akka.Actor;
using Eos.Journal;
using Eos.Kernel;
using Eos.Kv;
using Eos.Raft;
using Settings = Eos.Kernel.Settings;

namespace Eos;

/// <summary>Starts the member of the replicated group that a node with the role <see cref="EosNode.Qdb"/> has.</summary>
public static class QdbMember
{
    /// <summary>A member that runs.</summary>
    /// <param name="Folder">Holds its files.</param>
    /// <param name="Members">All that found the group, "host:port" each.</param>
    public sealed record Started(IActorRef Member, IStateMachine Machine, string Folder, ImmutableArray<string> Members)
    {
        /// <summary>Writes the state anew without gaps, and tells, on a thread of the machine, how many bytes the member's files had and have, and what was wrong. The log gives its own room back when it is trimmed.</summary>
        public void Compact(Action<ulong, ulong, string> done)
        {
            var before = Size();
            if (Machine is KvEngine engine) engine.Compact(trouble => done(before, Size(), trouble ?? ""));
            else done(before, before, "");
        }

        private ulong Size() => (ulong)new DirectoryInfo(Folder).EnumerateFiles().Sum(f => f.Length);
    }

    /// <summary>Opens the member's files and starts it; what asks the group from this node is then answered. Once for an actor system.</summary>
    /// <param name="folder">Of all groups of the node; the files lie in one named after the group.</param>
    /// <param name="card">What it tells the other members of itself.</param>
    /// <param name="stopped">Told once, on any thread, why the member has stopped itself.</param>
    /// <exception cref="RaftLogRefused">A file is torn, corrupt, foreign, in use or older than it was; the message names file and cure.</exception>
    public static async Task<Started> StartAsync(ActorSystem system, string folder, RaftNodeProtocol.PeerCard card, Action<Exception> stopped)
    {
        var settings = RaftNodeSettings.From(system.Settings.Config);
        var state = StateSettings.From(new Settings(system.Settings.Config, "eos.qdb.state"));
        var qdb = settings.Qdb;
        var (self, place) = (Self(system, qdb), Path.Combine(folder, qdb.Group));
        IStateMachine? machine = null;
        var parts = new RaftNodeParts(
            self,
            place,
            owner => machine = KvEngine.Open(Path.Combine(place, "state.db"), $"{qdb.Cluster}/{qdb.Group}", RaftStart.Founders(self, qdb.Members), state, qdb.DigestInterval, owner),
            settings,
            card,
            BootClock.Instance,
            Chance());
        var member = await RaftGroups.StartAsync(system.ActorOf(RaftGroups.Props(), RaftGroups.Name), parts, stopped).ConfigureAwait(false);
        KvGroup.Get(system).Serve((self, member), qdb.Members);
        return new Started(member, machine!, place, [.. qdb.Members.DefaultIfEmpty(self).Select(m => m.Value)]);
    }

    private static MemberId Self(ActorSystem system, QdbSettings settings)
    {
        if (settings.Myself.Length > 0) return new MemberId(settings.Myself);
        var address = ((ExtendedActorSystem)system).Provider.DefaultAddress;
        return new MemberId(address.HasGlobalScope ? $"{address.Host}:{address.Port}" : $"{system.Name}:0");
    }

    private static ulong Chance() => BinaryPrimitives.ReadUInt64LittleEndian(OpSource.Fresh().Next().Client.ToByteArray());
}
