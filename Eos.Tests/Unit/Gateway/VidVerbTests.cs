using System.Collections.Immutable;
using Eos.Gateway;
using Eos.Identity;
using Eos.Kernel;
using Eos.Tests.Support;
using static Eos.Gateway.GatewayProtocol;

namespace Eos.Tests.Unit.Gateway;

/// <summary>`vid`: each command, and what the rules are afterwards.</summary>
public sealed class VidVerbTests
{
    private readonly NamespaceInMemory _eos = new() { Users = UserBook.Parse("ann:x:1001:100::/:\n", "users:x:100:\n") };

    private VidBook Book => VidBook.Of(_eos.Instance.State.Section(VidBook.Section));

    private IFinal Ask(string line, uint uid = 0) => line.Split(' ') is var words
        ? _eos.Do(h => new Administer(h, "vid", words[0], [.. words[1..]], ImmutableSortedDictionary<string, string>.Empty), uid)
        : throw new ArgumentException(line);

    private void Say(string line) => Assert.IsType<Report>(Ask(line));

    [Fact]
    public void A_user_becomes_a_sudoer_and_is_none_again()
    {
        Say("set membership ann +sudo");
        Assert.Equal([1001u], Book.Sudoers);
        Say("set membership 1001 -sudo");
        Assert.Empty(Book.Sudoers);
    }

    [Fact]
    public void A_user_gets_further_users_and_groups_and_loses_all_with_its_membership()
    {
        Say("set membership ann -uids 3,1001");
        Say("set membership ann -gids users,4");
        Say("set membership ann +sudo");
        Assert.Equal([3u, 1001u], Book.Uids[1001]);
        Assert.Equal([4u, 100u], Book.Gids[1001]);
        Say("rm membership ann");
        Assert.True(Book is { Uids.IsEmpty: true, Gids.IsEmpty: true, Sudoers.IsEmpty: true });
    }

    [Fact]
    public void A_pattern_is_mapped_and_a_protocol_switched()
    {
        Say("set map -https /DC=org/CN=Ann vuid:ann vgid:users");
        Assert.Equal(new MappedIds(1001, 100), Book.Maps[new MapRule("https", "/DC=org/CN=Ann")]);
        Say("rm vid:https:\"/DC=org/CN=Ann\":uid");
        Assert.Equal(new MappedIds(null, 100), Book.Maps[new MapRule("https", "/DC=org/CN=Ann")]);
        Assert.False(Book.IsEnabled("krb5"));
        Say("enable krb5");
        Assert.True(Book.IsEnabled("krb5"));
        Say("disable krb5");
        Assert.False(Book.IsEnabled("krb5"));
        Say("disable unix");
        Assert.False(Book.IsEnabled("unix"));
        Say("enable unix");
        Assert.True(Book.IsEnabled("unix"));
        Say("add gateway gate.org https");
        Assert.True(Book.Maps.ContainsKey(new MapRule("tident", "https@gate.org")));
        Say("remove gateway gate.org https");
        Assert.False(Book.Maps.ContainsKey(new MapRule("tident", "https@gate.org")));
    }

    /// <summary>Whoever does this with the instance's key locks itself out; root on a node comes by the socket.</summary>
    [Fact]
    public void Holders_of_the_key_are_nobody_once_sss_is_disabled()
    {
        Say("disable sss");
        Assert.Equal(Errno.NotPermitted, Assert.IsType<Refused>(Ask("enable sss")).Why);
    }

    [Fact]
    public void Only_root_changes_who_is_who() => Assert.Equal(Errno.NotPermitted, Assert.IsType<Refused>(Ask("set membership ann +sudo", 1001)).Why);
}
