using Eos.Identity;
using FsCheck;
using FsCheck.Fluent;

namespace Eos.Tests.Unit.Rights;

public class AclRightsTests
{
    private static readonly Caller Ann = new(7, 70) { Gids = [0, 71], Groups = ["zp"], Key = "key" };

    private static AclRights Of(string sys, string user = "", string file = "", Caller? caller = null) => AclRights.Of(
        caller ?? Ann, AclText.Parse(sys, false).Rules.AsSpan(), AclText.Parse(file, false).Rules.AsSpan(), AclText.Parse(user, true).Rules.AsSpan());

    [Theory]
    [InlineData("u:7:r", true)]
    [InlineData("u:8:r", false)]
    [InlineData("g:70:r", true)]
    [InlineData("g:71:r", true)]
    [InlineData("g:72:r", false)]
    [InlineData("g:0:r", false)]
    [InlineData("egroup:zp:r", true)]
    [InlineData("egroup:zq:r", false)]
    [InlineData("k:key:r", true)]
    [InlineData("k:other:r", false)]
    [InlineData("z:r", true)]
    public void A_rule_is_for_users_groups_keys_or_everybody(string sys, bool matches) => Assert.Equal(matches, Of(sys).Grants(AclFlags.Read));

    [Fact]
    public void Grants_add_up_a_denial_beats_them_and_what_is_allowed_again_beats_that()
    {
        Assert.True(Of("u:7:r,g:70:w").Grants(AclFlags.Read));
        Assert.True(Of("u:7:r,g:70:w").Grants(AclFlags.Write));
        Assert.True(Of("u:7:rw,z:!w").Denies(AclFlags.Write));
        Assert.False(Of("u:7:rw,z:!w").Grants(AclFlags.Write));
        Assert.False(Of("z:!d,u:7:+d").Denies(AclFlags.Delete));
        Assert.True(Of("z:!d,u:8:+d").Denies(AclFlags.Delete));
    }

    [Fact]
    public void Write_once_is_more_only_with_a_w_from_another_rule()
    {
        Assert.True(Of("u:7:rwox").IsWriteOnce);
        Assert.False(Of("u:7:rwox,g:70:w").IsWriteOnce);
    }

    [Fact]
    public void What_an_owner_says_allows_nothing_again_and_gives_no_power_over_system_attributes()
    {
        var rights = Of("z:!d!u", "u:7:rwqcAX+d+u");
        Assert.True(rights.Grants(AclFlags.Read));
        Assert.False(rights.Grants(AclFlags.SetQuota | AclFlags.SysAcl | AclFlags.SysAttributes | AclFlags.ChangeOwner));
        Assert.True(rights.Denies(AclFlags.Delete) && rights.Denies(AclFlags.Update));
        Assert.True(rights.TakesOwnership);
        Assert.True(Of("", "u:7:!w").Denies(AclFlags.Write));
    }

    /// <summary>Rules are a set: order, and in which of the two system lists one stands, says nothing.</summary>
    [Fact]
    public void The_order_of_rules_says_nothing() => Check.QuickThrowOnFailure(Prop.ForAll(ArbMap.Default.ArbFor<int>(), seed =>
    {
        var random = new Random(seed);
        var rules = Enumerable.Range(0, random.Next(1, 6)).Select(_ => AnyRule(random)).ToArray();
        var expected = Of(string.Join(',', rules));
        random.Shuffle(rules);
        var cut = random.Next(rules.Length + 1);
        Assert.Equal(expected, Of(string.Join(',', rules[..cut]), "", string.Join(',', rules[cut..])));
    }));

    /// <summary>A grant more never takes a right away, a denial more never gives one.</summary>
    [Fact]
    public void More_grants_give_more_and_more_denials_less() => Check.QuickThrowOnFailure(Prop.ForAll(ArbMap.Default.ArbFor<int>(), seed =>
    {
        var random = new Random(seed);
        var rules = string.Join(',', Enumerable.Range(0, random.Next(1, 6)).Select(_ => AnyRule(random)));
        var (before, granted, denied) = (Of(rules), Of(rules + ",u:7:rx"), Of(rules + ",u:7:!r!x"));
        Assert.Equal(before.Granted, before.Granted & granted.Granted);
        Assert.Equal(denied.Granted, denied.Granted & before.Granted);
    }));

    [Fact]
    public void Any_rule_is_written_as_it_was_read() => Check.QuickThrowOnFailure(Prop.ForAll(ArbMap.Default.ArbFor<int>(), seed =>
    {
        var text = AnyRule(new Random(seed));
        var (rules, bad) = AclText.Parse(text, false);
        Assert.Null(bad);
        Assert.Equal(rules, AclText.Parse(AclText.Write(rules), false).Rules.AsEnumerable());
    }));

    private static string AnyRule(Random random)
    {
        string[] subjects = ["u:7", "u:8", "g:70", "g:71", "g:0", "egroup:zp", "k:key", "z"];
        string[] flags = ["r", "w", "wo", "x", "m", "i", "q", "c", "a", "A", "X", "p", "t", "!r", "!w", "!x", "!m", "!d", "!u", "!i", "+d", "+u"];
        return $"{subjects[random.Next(subjects.Length)]}:{string.Concat(Enumerable.Range(0, random.Next(1, 5)).Select(_ => flags[random.Next(flags.Length)]))}";
    }
}
