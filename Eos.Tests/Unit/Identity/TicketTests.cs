using Eos.Gateway;
using Eos.Identity;
using Eos.Kernel;

namespace Eos.Tests.Unit.Identity;

/// <summary>Tickets: what a door has seen, and what that makes of a claim.</summary>
public sealed class TicketTests
{
    private static readonly byte[] Key = [.. Enumerable.Range(0, 32).Select(n => (byte)n)];
    private static readonly Instant Now = new(1_700_000_000_000_000_000);
    private static readonly Ticket Ann = new(Proof.UnixSocket, 1001, 100, "", "localhost", Now + TimeSpan.FromMinutes(10));
    private static readonly UserBook Users = UserBook.Parse("ann:x:1001:100::/:\n", "");
    private static readonly GatewayProtocol.Claim Claim = new(0, 0, "root", "elsewhere", "test") { RoleUid = 5, Key = "k", Token = "t" };

    [Fact]
    public void A_ticket_says_what_was_signed_until_it_expires()
    {
        var text = SignedTicket.Sign(Ann, Key);
        Assert.Equal(Ann, SignedTicket.Open(text, Key, Now).Ticket);
        Assert.Equal(Errno.KeyExpired, SignedTicket.Open(text, Key, Ann.Expires).Refusal?.Why);
    }

    [Fact]
    public void What_was_changed_or_signed_by_others_or_is_none_is_refused()
    {
        var text = SignedTicket.Sign(Ann, Key);
        for (var i = 0; i < text.Length; i++)
        {
            var wrong = text[..i] + (text[i] == 'A' ? 'B' : 'A') + text[(i + 1)..];
            Assert.True(SignedTicket.Open(wrong, Key, Now) is { Ticket: null, Refusal: not null } || SignedTicket.Open(wrong, Key, Now).Ticket == Ann, wrong);
        }
        Assert.Equal(Errno.NotPermitted, SignedTicket.Open(text, new byte[32], Now).Refusal?.Why);
        foreach (var nonsense in new[] { "", "?", "AAAA", new string('A', 100_000), "zteos64:AAAA" }) Assert.NotNull(SignedTicket.Open(nonsense, Key, Now).Refusal);
    }

    [Fact]
    public void A_claim_with_a_ticket_is_who_the_ticket_says_and_keeps_what_it_wants()
    {
        var (c, refusal) = ClaimRules.Proved(Claim with { Door = "http", Ticket = SignedTicket.Sign(Ann, Key) }, Users, Key, Now);
        Assert.Null(refusal);
        Assert.Equal((Proof.UnixSocket, 1001u, 100u, "ann", "localhost", "unix"), (c.Proof, c.Uid, c.Gid, c.Name, c.Host, c.Protocol));
        Assert.Equal((5u, "k", "t", "test"), (c.RoleUid, c.Key, c.Token, c.App));
        var subject = SignedTicket.Sign(Ann with { Proof = Proof.Certificate, Name = "/CN=ann" }, Key);
        Assert.Equal(("/CN=ann", "https"), ClaimRules.Proved(Claim with { Ticket = subject }, Users, Key, Now).Credentials is var d ? (d.Name, d.Protocol) : default);
    }

    [Fact]
    public void Without_one_it_holds_the_client_key_or_has_no_proof()
    {
        Assert.Equal((Proof.ClusterKey, 0u, "sss"), ClaimRules.Proved(Claim, Users, Key, Now).Credentials is var c ? (c.Proof, c.Uid, c.Protocol) : default);
        Assert.Equal((Proof.None, "unix"), ClaimRules.Proved(Claim with { Door = "unix" }, Users, Key, Now).Credentials is var d ? (d.Proof, d.Protocol) : default);
    }

    [Fact]
    public void A_ticket_that_counts_for_nothing_is_a_refusal_and_no_way_to_be_believed_otherwise()
    {
        var (c, refusal) = ClaimRules.Proved(Claim with { Ticket = SignedTicket.Sign(Ann, new byte[32]) }, Users, Key, Now);
        Assert.Equal((Proof.None, Errno.NotPermitted), (c.Proof, refusal?.Why));
        Assert.Equal(Errno.KeyExpired, ClaimRules.Proved(Claim with { Ticket = SignedTicket.Sign(Ann, Key) }, Users, Key, Ann.Expires).Refusal?.Why);
    }
}
