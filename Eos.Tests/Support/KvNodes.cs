using Akka.Actor;
using Akka.Configuration;
using Eos.Journal;
using Eos.Raft;
using static Eos.Raft.RaftNodeProtocol;

namespace Eos.Tests.Support;

/// <summary>A node on loopback with a member of the group, or without one, that can end and come back.</summary>
public sealed class KvNode(int port, string folder, bool isMember, string hocon)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    public MemberId Id { get; } = new($"127.0.0.1:{port}");

    public ActorSystem System { get; private set; } = null!;

    public IActorRef Member { get; private set; } = ActorRefs.Nobody;

    public KvGroup Group => KvGroup.Get(System);

    public KvClient Client => Group.Client;

    public async Task Start()
    {
        System = ActorSystem.Create("eos", Loopback.At(port, hocon, """
            akka.coordination.lease.lease-operation-timeout = 60s
            akka.persistence.journal.plugin = "eos.persistence.journal.raft"
            akka.persistence.snapshot-store.plugin = "eos.persistence.snapshot-store.raft"
            """));
        if (isMember) Member = (await QdbMember.StartAsync(System, folder, new PeerCard(MemberEndpoints.None, "test"), _ => { })).Member;
        else Group.Serve(null, RaftNodeSettings.From(System.Settings.Config).Qdb.Members);
    }

    public Task Stop() => System.Terminate().WaitAsync(Patience);

    public Task<MemberStatus> Describe() => Member.Ask<MemberStatus>(new DescribeMember(), Patience);
}

/// <summary>Nodes with one group.</summary>
public sealed class KvNodes : IAsyncDisposable
{
    private readonly TemporaryFolder _folder = new();

    private KvNodes(int members, int others, string hocon)
    {
        var ports = FreePort.Take(members + others);
        var list = string.Join(", ", ports.Take(members).Select(p => $"\"127.0.0.1:{p}\""));
        var config = $"{hocon}\n{PatientGroup.Of(members)}\neos.qdb.members = [{list}]\neos.qdb.handshake-interval = 200ms";
        All = [.. ports.Select((port, i) => new KvNode(port, _folder.Of($"{port}"), i < members, config))];
    }

    /// <summary>Members first.</summary>
    public IReadOnlyList<KvNode> All { get; }

    public KvNode this[int index] => All[index];

    public static async Task<KvNodes> Start(int members, int others = 0, string hocon = "")
    {
        var nodes = new KvNodes(members, others, hocon);
        await Task.WhenAll(nodes.All.Select(n => n.Start()));
        return nodes;
    }

    /// <summary>Waits until one of these leads, and gives it.</summary>
    public async Task<KvNode> Leader(params KvNode[] among)
    {
        KvNode? leader = null;
        await Eventually.Is(
            async () =>
            {
                foreach (var node in among.Length > 0 ? among : [.. All.Where(n => !n.Member.IsNobody() && !n.System.WhenTerminated.IsCompleted)])
                    if ((await node.Describe()).Leadership.Serves) leader = node;
                return leader is not null;
            },
            found => found, "a leader");
        return leader!;
    }

    public async ValueTask DisposeAsync()
    {
        await Task.WhenAll(All.Where(n => !n.System.WhenTerminated.IsCompleted).Select(n => n.Stop()));
        _folder.Dispose();
    }
}
