using Akka.Actor;
using Akka.Configuration;
using Eos.Host.Resp;
using Eos.Kernel;
using Eos.Kv;
using Eos.Raft;
using static Eos.Raft.RaftNodeProtocol;

namespace Eos.Tests.Support;

/// <summary>A member of a group with a Redis door, in an actor system of its own.</summary>
internal sealed class RespMember(int port, string folder, string hocon) : IAsyncDisposable
{
    private static ulong _seed;

    public MemberId Id { get; } = new($"127.0.0.1:{port}");

    /// <summary>Where its files are.</summary>
    public string Folder => folder;

    public string Redis => $"127.0.0.1:{Door.Port}";

    public RespDoor Door { get; private set; } = null!;

    public ActorSystem System { get; private set; } = null!;

    public async Task StartAsync()
    {
        var config = Loopback.At(port, hocon, """eos.resp { bind = "127.0.0.1", port = 0 }""");
        System = ActorSystem.Create("eos", config);
        Door = await RespDoor.OpenAsync(System);
        var settings = RaftNodeSettings.From(config);
        IStateMachine machine = null!;
        var parts = new RaftNodeParts(
            Id, folder, Open, settings, new PeerCard(new MemberEndpoints(Redis, ""), "1.2.3"),
            BootClock.Instance, Interlocked.Increment(ref _seed));
        var member = await RaftGroups.StartAsync(System.ActorOf(RaftGroups.Props(), RaftGroups.Name), parts, _ => { });
        Door.Serve(member, machine, folder);

        IStateMachine Open(IStateMachineOwner owner) => machine = KvEngine.Open(
            Path.Combine(folder, "state.db"), settings.Qdb.Cluster, Membership.Of(settings.Qdb.Members), StateSettings.From(new Kernel.Settings(config, "eos.qdb.state")),
            settings.Qdb.DigestInterval, owner);
    }

    public Task<RespClient> ConnectAsync() => RespClient.ConnectAsync(Door.Port);

    /// <summary>One command on a connection of its own.</summary>
    public async Task<string> AskAsync(string line)
    {
        using var client = await ConnectAsync();
        return await client.AskAsync(line);
    }

    public async ValueTask DisposeAsync()
    {
        if (Door is { } door) await door.DisposeAsync();
        if (System is { } system) await system.Terminate().WaitAsync(Eventually.Patience);
    }
}

/// <summary>Members with Redis doors on loopback.</summary>
internal sealed class RespGroup : IAsyncDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly List<RespMember> _members = [];
    private readonly string _hocon;

    private RespGroup(string hocon) => _hocon = hocon;

    public IReadOnlyList<RespMember> Members => _members;

    public static async Task<RespGroup> StartAsync(int count, string hocon = "")
    {
        var group = new RespGroup($"{hocon}\n{PatientGroup.Of(count)}");
        var ports = FreePort.Take(count);
        foreach (var port in ports) group.Add(port, ports);
        await Task.WhenAll(group._members.Select(m => m.StartAsync()));
        await group.LeaderAsync();
        return group;
    }

    /// <summary>One more member that is not among the founders, started.</summary>
    public async Task<RespMember> StartOutsiderAsync()
    {
        var member = Add(FreePort.Take(1)[0], [.. _members.Select(m => int.Parse(m.Id.Value.Split(':')[1]))]);
        await member.StartAsync();
        return member;
    }

    /// <summary>The member that answers as leader, and the others in order.</summary>
    public async Task<(RespMember Leader, RespMember[] Followers)> LeaderAsync(params RespMember[] notThese)
    {
        RespMember? leader = null;
        await Eventually.Is(
            async () =>
            {
                foreach (var member in _members.Except(notThese))
                    if (await member.AskAsync("get nothing") == "nil") leader = member;
                return leader is not null;
            },
            found => found, "a leader that serves");
        return (leader!, [.. _members.Except(notThese).Where(m => m != leader)]);
    }

    public async ValueTask DisposeAsync()
    {
        await Task.WhenAll(_members.Select(m => m.DisposeAsync().AsTask()));
        _folder.Dispose();
    }

    private RespMember Add(int port, IEnumerable<int> founders)
    {
        var hocon = $"{_hocon}\neos.qdb.members = [{string.Join(", ", founders.Select(p => $"\"127.0.0.1:{p}\""))}]\neos.qdb.handshake-interval = 200ms";
        _members.Add(new RespMember(port, _folder.Of($"{port}"), hocon));
        return _members[^1];
    }
}
