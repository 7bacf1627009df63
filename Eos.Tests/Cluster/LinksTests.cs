using System.Diagnostics;
using Akka.Actor;
using Akka.Configuration;
using Eos.Tests.Support;

namespace Eos.Tests.Cluster;

/// <summary>The network between test nodes does what it says: three actor systems that talk through it.</summary>
public sealed class LinksTests : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private readonly Links _links = new();
    private readonly List<ActorSystem> _nodes = [];

    public Task InitializeAsync()
    {
        foreach (var port in FreePort.Take(3))
        {
            var node = _links.Join(port);
            var settings = string.Join('\n', _links.SettingsOf(node).Select(s => $"{s.Key} = \"{s.Value}\""));
            _nodes.Add(ActorSystem.Create("links", ConfigurationFactory.ParseString(
                settings + "\nakka { loglevel = OFF, stdout-loglevel = OFF, log-dead-letters = off, actor.provider = remote }")));
            _nodes[node].ActorOf(Props.Create(() => new Parrot()), "parrot");
        }
        return Task.CompletedTask;
    }

    public async Task DisposeAsync()
    {
        _links.Heal();
        foreach (var node in _nodes) await node.Terminate();
        _links.Dispose();
    }

    /// <summary>Says what it hears, and remembers it.</summary>
    private sealed class Parrot : ReceiveActor
    {
        private string _last = "";

        public Parrot()
        {
            Receive<string>(m => m == "last", _ => Sender.Tell(_last));
            Receive<string>(m =>
            {
                _last = m;
                Sender.Tell(m);
            });
        }
    }

    private ActorSelection ParrotOf(int node, int seenFrom) => _nodes[seenFrom].ActorSelection($"akka.tcp://links@{_links.AddressOf(node)}/user/parrot");

    private Task<string> Ask(int from, int to, string what, TimeSpan? within = null) => ParrotOf(to, from).Ask<string>(what, within ?? Patience);

    /// <summary>What that node's parrot heard last, asked on its own node.</summary>
    private Task<string> Last(int node) => _nodes[node].ActorSelection("/user/parrot").Ask<string>("last", Patience);

    [Fact]
    public async Task Nodes_talk_by_the_addresses_that_they_are_told()
    {
        for (var a = 0; a < 3; a++)
            for (var b = 0; b < 3; b++)
                if (a != b) Assert.Equal("good morning", await Ask(a, b, "good morning"));
    }

    [Fact]
    public async Task What_is_under_way_takes_its_time_in_each_direction()
    {
        await Ask(0, 1, "warm");
        _links[0, 1].Slow(TimeSpan.FromMilliseconds(150), TimeSpan.FromMilliseconds(20));
        _links[1, 0].Slow(TimeSpan.FromMilliseconds(250), TimeSpan.Zero);
        var clock = Stopwatch.StartNew();
        await Ask(0, 1, "slow");
        Assert.True(clock.ElapsedMilliseconds >= 370, $"the answer came after {clock.ElapsedMilliseconds} ms, 400 are on the way");
    }

    [Fact]
    public async Task A_cut_pair_does_not_hear_each_other_and_others_do()
    {
        await Ask(0, 1, "before");
        _links[0, 1].Cut();
        _links[1, 0].Cut();
        await Assert.ThrowsAsync<AskTimeoutException>(() => Ask(0, 1, "cut", TimeSpan.FromSeconds(1)));
        Assert.Equal("by and by", await Ask(0, 2, "by and by"));
        Assert.Equal("round", await Ask(2, 1, "round"));
        _links.Heal();
        await Eventually.Is(() => Ask(0, 1, "healed", TimeSpan.FromSeconds(5)), s => s == "healed", "they hear each other again");
    }

    [Fact]
    public async Task A_one_way_cut_lets_the_other_way_through()
    {
        await Ask(0, 1, "before");
        _links[1, 0].Cut();
        await Assert.ThrowsAsync<AskTimeoutException>(() => Ask(0, 1, "heard and not answered", TimeSpan.FromSeconds(1)));
        await Eventually.Is(() => Last(1), s => s == "heard and not answered", "what was said arrives");
        _links.Heal();
        await Eventually.Is(() => Ask(1, 0, "healed", TimeSpan.FromSeconds(5)), s => s == "healed", "the other way works again");
    }
}
