using Eos.Client;
using Eos.Gateway;
using Eos.Identity;
using Eos.Instance;
using Eos.Kernel;
using Eos.Tests.Support;
using static Eos.Gateway.GatewayProtocol;

namespace Eos.Tests.Unit.Gateway;

/// <summary>The rules of access: what they say of a request, how they are set and shown, and what a client does that is held up.</summary>
public sealed class AccessTests
{
    private static readonly UserBook Users = UserBook.Parse("ann:x:1001:100::/:\n", "users:x:100:\n");

    private static AccessVerdict? Judge(uint uid, string host, bool isWrite, (double, double) rates, int running, params (string Key, string Value)[] rows)
    {
        var instance = rows.Aggregate(InstanceState.Empty, (state, row) => state.With(AccessBook.Section, row.Key, row.Value));
        var who = new VirtualIdentity(new Caller(uid, 100), "x", host, Proof.ClusterKey);
        return AccessJudge.Of(AccessBook.Of(instance), new AccessQuestion(who, "Stat", isWrite, running, running, rates, Users, 0));
    }

    private static AccessVerdict? Judge(uint uid, params (string, string)[] rows) => Judge(uid, "h.example.org", false, default, 1, rows);

    private static double Pause(AccessVerdict? verdict) => Assert.IsType<AccessVerdict.Stall>(verdict).Pause.TotalSeconds;

    [Theory]
    [InlineData("ban:user:1001")]
    [InlineData("ban:group:100")]
    [InlineData("ban:host:h.example.org")]
    [InlineData("ban:domain:example.org")]
    public void Who_is_banned_waits_five_minutes_and_the_first_users_are_never_banned(string key)
    {
        Assert.Equal(300, Pause(Judge(1001, (key, "true"))));
        Assert.Null(Judge(3, (key, "true")));
    }

    [Fact]
    public void Stalls_are_for_all_or_for_reading_or_writing()
    {
        Assert.Equal(7, Pause(Judge(1001, ("stall:*", "7"))));
        Assert.Equal(8, Pause(Judge(1001, ("stall:r:*", "8"))));
        Assert.Null(Judge(1001, ("stall:w:*", "8")));
        Assert.Equal(8, Pause(Judge(1001, "h", true, default, 1, ("stall:w:*", "8"))));
    }

    [Fact]
    public void Hosts_are_held_up_or_not_by_patterns()
    {
        Assert.Null(Judge(1001, ("stall:*", "7"), ("stallhosts:nostall:h.*", "true")));
        Assert.Null(Judge(1001, ("stall:*", "7"), ("stallhosts:stall:other*", "true")));
        Assert.Equal(7, Pause(Judge(1001, ("stall:*", "7"), ("stallhosts:stall:*.example.org", "true"))));
        Assert.Null(Judge(1001, ("stall:*", "7"), ("stallhosts:nostall:h.example.org", "true")));
        Assert.Equal(7, Pause(Judge(1001, ("stall:*", "7"), ("stallhosts:nostall:h.example", "true"))));
    }

    [Fact]
    public void Too_many_requests_at_once_or_in_a_second_are_slowed_down()
    {
        Assert.Null(Judge(1001, "h", false, (10, 10), 5, ("limit:threads:ann", "5"), ("limit:rate:user:ann:Stat", "10")));
        Assert.Equal(5, Pause(Judge(1001, "h", false, default, 6, ("limit:threads:ann", "5"))));
        Assert.Equal(5, Pause(Judge(1001, "h", false, default, 6, ("limit:threads:max", "5"))));
        Assert.Equal(0.2, Pause(Judge(1001, "h", false, (12, 0), 1, ("limit:rate:user:*:Stat", "10"))), 3);
        Assert.Equal(5, Pause(Judge(1001, "h", false, (0, 14), 1, ("limit:rate:group:users:Stat", "10"))));
        Assert.Null(Judge(1001, "h", false, (12, 12), 1, ("limit:rate:user:*:Ls", "10")));
    }

    [Fact]
    public void Requests_are_sent_elsewhere_and_errnos_have_rules_of_their_own()
    {
        Assert.Equal(new AccessRedirect("far", 1094, TimeSpan.Zero), Assert.IsType<AccessVerdict.Away>(Judge(1001, ("redirect:*", "far"))).To);
        Assert.Equal(1234, Assert.IsType<AccessVerdict.Away>(Judge(1001, "h", true, default, 1, ("redirect:w:*", "far:1234:5"))).To.Port);
        Assert.Null(Judge(1001, ("redirect:w:*", "far")));
        Assert.Null(Judge(0, ("redirect:*", "far")));

        var book = AccessBook.Of(InstanceState.Empty.With(AccessBook.Section, "redirect:ENOENT:*", "master:1094"));
        var who = new VirtualIdentity(new Caller(1001, 100), "x", "h", Proof.ClusterKey);
        Assert.Equal("master", AccessJudge.After(book, who, Errno.NoEntry)!.Host);
        Assert.Null(AccessJudge.After(book, who, Errno.NotPermitted));
        Assert.Null(AccessJudge.After(book, who with { Caller = Caller.Root }, Errno.NoEntry));
    }

    [Fact]
    public void If_anybody_is_allowed_only_those_are()
    {
        Assert.Null(Judge(1001, ("allow:user:1001", "true")));
        Assert.Equal(Errno.AccessDenied, Assert.IsType<AccessVerdict.No>(Judge(1001, ("allow:user:1002", "true"))).Why.Why);
        Assert.Null(Judge(1001, ("allow:user:1002", "true"), ("allow:domain:-", "true")));
    }

    [Fact]
    public void Rates_are_of_the_last_five_seconds()
    {
        var watch = new RateWatch();
        for (var i = 0; i < 9; i++) watch.Count(1, 2, "Stat", 100);
        Assert.Equal(2.0, watch.Count(1, 2, "Stat", 104).User);
        Assert.Equal(0.4, watch.Count(1, 2, "Stat", 105).User, 6);
        Assert.Equal(0.6, watch.Count(7, 2, "Stat", 105).Group, 6);
    }

    [Fact]
    public void Rules_are_set_shown_and_taken_away()
    {
        var eos = new NamespaceInMemory();
        foreach (var line in new[] { "ban user 1001", "set redirect far:1094 w", "set stall 7", "set limit 100 rate:user:*:Stat", "stallhosts add nostall h*", "allow domain -" }) Assert.IsType<Report>(Run(eos, line));
        var shown = string.Join('\n', Assert.IsType<Report>(Run(eos, "ls")).Lines);
        foreach (var part in new[] { "# Banned Users", "[ 01 ] 1001", "# Allowed Domains", "w:* => far:1094", "* => 7", "rate:user:*:Stat => 100", "no-stall black list" }) Assert.Contains(part, shown);
        foreach (var line in new[] { "unban user 1001", "rm redirect w", "rm stall", "rm limit rate:user:*:Stat", "stallhosts remove nostall h*", "unallow domain -" }) Assert.IsType<Report>(Run(eos, line));
        Assert.Empty(Assert.IsType<Report>(Run(eos, "ls")).Lines);
        foreach (var line in new[] { "unban user 1001", "rm stall" }) Assert.Equal(Errno.NoEntry, Assert.IsType<Refused>(Run(eos, line)).Why);
        foreach (var line in new[] { "ban nobody x", "set redirect far:x", "set stall 0", "set limit 5 nonsense", "set stall 5 ENOWHERE" }) Assert.Equal(Errno.Invalid, Assert.IsType<Refused>(Run(eos, line)).Why);
    }

    [Fact]
    public async Task A_client_that_is_held_up_asks_again_with_the_same_operation()
    {
        var link = new StallingLink();
        await using var client = new EosClient(link, Claim.Nobody);
        Assert.Equal("done", Assert.Single((await client.AdministerAsync("whoami", "", [])).Lines));
        Assert.Equal(3, link.Asked.Count);
        Assert.Single(link.Asked.Distinct());
    }

    private static IFinal Run(NamespaceInMemory eos, string line) => line.Split(' ') is var words
        ? eos.Do(h => new Administer(h, "access", words[0], [.. words[1..]], System.Collections.Immutable.ImmutableSortedDictionary<string, string>.Empty))
        : throw new ArgumentException(line);

    /// <summary>Holds everybody up twice.</summary>
    private sealed class StallingLink : IGatewayLink
    {
        public List<OpId> Asked { get; } = [];

        public TransferSettings Transfer => ClientSettings.From(new Settings(Settings.Reference, "eos.client")).Transfer;

        public async IAsyncEnumerable<IReply> AskAsync(IRequest request, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancel)
        {
            Asked.Add(request.Head.Op);
            await Task.Yield();
            yield return Asked.Count < 3 ? new Stalled(request.Head.Op, TimeSpan.FromMilliseconds(1), "wait") : new Report(request.Head.Op, [], ["done"]);
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
