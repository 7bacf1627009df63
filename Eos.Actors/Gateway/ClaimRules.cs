using Eos.Identity;
using Eos.Kernel;

namespace Eos.Gateway;

/// <summary>What is proved of a claim. By remoting only holders of the client key reach a gateway; who comes by another door of a node has that door's ticket, or is nobody.</summary>
public static class ClaimRules
{
    /// <param name="key">What tickets are signed by.</param>
    public static (Credentials Credentials, Refusal? Refusal) Proved(GatewayProtocol.Claim c, UserBook users, ReadOnlySpan<byte> key, Instant now)
    {
        var claimed = new Credentials(c.Door.Length == 0 ? Proof.ClusterKey : Proof.None, c.Uid, c.Gid, c.Name, c.Host, c.App)
        {
            Door = c.Door.Length == 0 ? "none" : c.Door, RoleUid = c.RoleUid, RoleGid = c.RoleGid, Key = c.Key, Token = c.Token,
        };
        if (c.Ticket.Length == 0) return (claimed, null);
        var (ticket, refusal) = SignedTicket.Open(c.Ticket, key, now);
        return ticket is null
            ? (claimed with { Proof = Proof.None }, refusal)
            : (claimed with { Proof = ticket.Proof, Uid = ticket.Uid, Gid = ticket.Gid, Name = ticket.Name.Length > 0 ? ticket.Name : users.User(ticket.Uid), Host = ticket.Host }, null);
    }
}
