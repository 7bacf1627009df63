using Akka.Actor;
using Akka.Configuration;
using Akka.Persistence;

namespace Eos.Tests.Support;

/// <summary>A group of one member below a folder, for actor systems that come one after the other, with journal and snapshots in it.</summary>
public sealed class RaftPlugins : IDisposable
{
    /// <summary>Over hocon/akka.conf, which has the plugins' classes and the phase in which a member ends.</summary>
    public static readonly string Hocon = ConfigurationFactory.FromResource("akka.conf", typeof(QdbMember).Assembly) + "\n" + """
        akka.persistence {
          journal.plugin = "eos.persistence.journal.raft"
          snapshot-store.plugin = "eos.persistence.snapshot-store.raft"
        }
        eos.raft.timeouts = tight
        eos.journal.session.duration = 60s
        """;

    private readonly TemporaryFolder _folder = new();
    private readonly HashSet<string> _known = [];
    private Task _member = Task.CompletedTask;

    /// <summary>Starts the member in that system; what is asked of it meanwhile waits.</summary>
    public void Start(ActorSystem system)
    {
        _known.Clear();
        _member = QdbMember.StartAsync(system, _folder.Path, new Eos.Raft.RaftNodeProtocol.PeerCard(Eos.Raft.RaftNodeProtocol.MemberEndpoints.None, "test"), _ => { });
    }

    /// <summary>Claims an id as the recovery of its actor does.</summary>
    public async Task Recover(ActorSystem system, string id)
    {
        if (!_known.Add(id)) return;
        var probe = new Collector(system);
        Persistence.Instance.Apply(system).JournalFor("").Tell(new ReplayMessages(0, 0, 0, id, probe.Ref));
        await probe.Next<RecoverySuccess>();
    }

    public void Dispose() => _folder.Dispose();
}
