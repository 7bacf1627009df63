using System.Collections.Immutable;
using Akka.Actor;
using Akka.Event;
using Eos.Kernel;
using Eos.Kv;
using Eos.Raft;
using static Eos.Raft.RaftNodeProtocol;
using Settings = Eos.Kernel.Settings;

namespace Eos.Host.Resp;

/// <summary>
/// The Redis door of a node: its port is open first, so that the member of the group can tell others where it is, and answers "unavailable" until the member is there.
/// </summary>
public sealed class RespDoor : IAsyncDisposable
{
    private readonly ActorSystem _system;
    private readonly RespServer _server;
    private readonly LateGroup _group;

    private RespDoor(ActorSystem system, RespServer server, LateGroup group) => (_system, _server, _group) = (system, server, group);

    /// <summary>The port that was bound.</summary>
    public int Port => _server.Port;

    /// <summary>Opens the port that `eos.resp` names.</summary>
    /// <exception cref="IOException">It is taken.</exception>
    public static async Task<RespDoor> OpenAsync(ActorSystem system)
    {
        var group = new LateGroup();
        var settings = RespSettings.From(new Settings(system.Settings.Config, "eos.resp"));
        var server = await RespServer.StartAsync(settings, group, SystemClock.Instance, Logging.GetLogger(system, "redis-door"), CancellationToken.None).ConfigureAwait(false);
        return new RespDoor(system, server, group);
    }

    /// <summary>From here on requests go to this node's member of the group.</summary>
    /// <param name="machine">The member's state, a <see cref="KvEngine"/>.</param>
    /// <param name="folder">Holds the member's files.</param>
    public void Serve(IActorRef member, IStateMachine machine, string folder)
    {
        var facts = new NodeFacts(folder, SystemClock.Instance.Now.ToDateTimeOffset().UtcDateTime, () => _server.Monitors.Count);
        var group = new RaftGroup(member, machine, new RaftAdmin(member, (KvEngine)machine, facts, SystemClock.Instance)) { Published = _server.Publish };
        _system.ActorOf(Props.Create(() => new LeadershipListener(member, group.Learn)));
        _group.Become(group);
    }

    /// <summary>Closes the port and every connection.</summary>
    public ValueTask DisposeAsync() => _server.DisposeAsync();

    /// <summary>A group that is not there yet.</summary>
    private sealed class LateGroup : IGroup
    {
        private static readonly GroupView Nobody = new(false, null);
        private volatile IGroup? _there;

        public GroupView View => _there?.View ?? Nobody;

        public void Become(IGroup group) => _there = group;

        public void Write(ImmutableArray<Request> requests, IGroupCall call)
        {
            if (_there is { } group) group.Write(requests, call);
            else call.Refused(null);
        }

        public void Clear(ReadOnlyMemory<byte> from, ClearBounds most, IGroupCall call)
        {
            if (_there is { } group) group.Clear(from, most, call);
            else call.Refused(null);
        }

        public void Read(ImmutableArray<Request> requests, bool stale, IGroupQuestion call)
        {
            if (_there is { } group) group.Read(requests, stale, call);
            else call.Refused(null);
        }

        public Task<Reply> AdministerAsync(Request request, CancellationToken connection) =>
            _there?.AdministerAsync(request, connection) ?? Task.FromResult<Reply>(new Reply.ErrorReply(RespErrors.Unavailable));
    }
}
