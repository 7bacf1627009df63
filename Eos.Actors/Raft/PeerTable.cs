using Akka.Actor;
using Eos.Kernel;
using static Eos.Raft.RaftNodeProtocol;

namespace Eos.Raft;

/// <summary>Who the other members are in this moment: which actor speaks for each, and what it told of itself. Only those that were met are heard.</summary>
/// <param name="mine">What this member says of itself, to the member named; asked each time.</param>
/// <param name="against">What else speaks against a hello, or null; its second argument: that actor was met before.</param>
/// <param name="heard">A hello that nothing speaks against.</param>
internal sealed class PeerTable(IActorContext context, Func<MemberId, Hello> mine, Func<Hello, bool, string?> against, Action<Hello> heard, Action<string> warn)
{
    /// <summary>Version of what members say to each other.</summary>
    public const uint WireVersion = 2;

    private sealed class Peer
    {
        public IActorRef? Actor;
        public PeerCard Card = new(MemberEndpoints.None, "");
        public Instant Heard;
        public string Refused = "";
    }

    private readonly Dictionary<MemberId, Peer> _peers = [];
    private readonly Dictionary<IActorRef, MemberId> _met = [];

    /// <summary>Messages that were not heard, because no peer sent them.</summary>
    public ulong Strangers { get; private set; }

    public IEnumerable<MemberId> Met => _met.Values;

    public PeerCard? CardOf(MemberId member) => _peers.TryGetValue(member, out var p) && p.Actor is not null ? p.Card : null;

    public IActorRef? ActorOf(MemberId member) => _peers.TryGetValue(member, out var p) ? p.Actor : null;

    /// <summary>When that member was last heard.</summary>
    public Instant? Heard(MemberId member) => _peers.TryGetValue(member, out var p) && p.Actor is not null ? p.Heard : null;

    /// <summary>Who sent this, if a peer did.</summary>
    public MemberId? Sender(IActorRef sender, Instant now)
    {
        if (!_met.TryGetValue(sender, out var member))
        {
            Strangers++;
            return null;
        }
        _peers[member].Heard = now;
        return member;
    }

    /// <summary>Says hello by address, whoever is there now.</summary>
    public void Greet(MemberId member)
    {
        var root = ((ExtendedActorSystem)context.System).Provider.DefaultAddress;
        if (root.Host is null) return;
        var colon = member.Value.LastIndexOf(':');
        var address = root.WithHost(member.Value[..colon]).WithPort(int.Parse(member.Value.AsSpan(colon + 1)));
        context.ActorSelection(new RootActorPath(address) / context.Self.Path.Elements).Tell(mine(member), context.Self);
    }

    /// <summary>True: that member is met for the first time, or is another incarnation than before, or tells something new.</summary>
    public bool Hear(Hello hello, IActorRef sender, Instant now)
    {
        if (Objection(hello, sender) is { } objection)
        {
            Refuse(hello.Member, objection);
            return false;
        }
        heard(hello);
        if (!_peers.TryGetValue(hello.Member, out var peer)) _peers.Add(hello.Member, peer = new Peer());
        if (hello.Answer) sender.Tell(mine(hello.Member) with { Answer = false }, context.Self);
        var news = !sender.Equals(peer.Actor) || peer.Card != hello.Card;
        if (peer.Actor is { } before) _met.Remove(before);
        _met[sender] = hello.Member;
        (peer.Actor, peer.Card, peer.Heard, peer.Refused) = (sender, hello.Card, now, "");
        return news;
    }

    private string? Objection(Hello hello, IActorRef sender)
    {
        var (own, path) = (mine(hello.Member), sender.Path);
        if ($"{path.Address.Host}:{path.Address.Port}" != hello.Member.Value) return $"it calls itself {hello.Member}, but speaks from {path.Address}";
        if (!path.Elements.SequenceEqual(context.Self.Path.Elements)) return $"it speaks from {path}";
        if (hello.Group != own.Group) return $"it is of group '{hello.Group}', this is '{own.Group}'";
        if (hello.Cluster != own.Cluster) return $"it is of cluster '{hello.Cluster}', this is '{own.Cluster}' (eos.qdb.cluster)";
        if (hello.Wire != own.Wire) return $"it speaks version {hello.Wire} of the members' language, this is {own.Wire}: upgrade the older one";
        if (hello.Fingerprint != own.Fingerprint) return "its times differ (eos.raft: timeouts, clock-drift): they must be the same on all members";
        if (hello.Founders.Length > 0 && own.Founders.Length > 0 && hello.Founders != own.Founders)
            return "it would found the group with other members than this one (eos.qdb.members)";
        return against(hello, _met.ContainsKey(sender));
    }

    private void Refuse(MemberId member, string why)
    {
        Strangers++;
        if (!_peers.TryGetValue(member, out var peer)) _peers.Add(member, peer = new Peer());
        if (peer.Refused == why) return;
        peer.Refused = why;
        warn($"{member} is refused as a member: {why}");
    }
}
