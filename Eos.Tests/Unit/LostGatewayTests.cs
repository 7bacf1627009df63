using Akka.Actor;
using Eos.Client;
using Eos.Gateway;
using Eos.Kernel;
using Eos.Namespace;
using Eos.Tests.Support;
using static Eos.Gateway.GatewayProtocol;
using Settings = Eos.Kernel.Settings;

namespace Eos.Tests.Unit;

/// <summary>Requests about trees whose gateway is lost in the middle: the client asks again, and another one answers from the beginning or from where it was.</summary>
public sealed class LostGatewayTests : ActorTest
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);
    private readonly NamespaceInMemory _eos = new();
    private readonly Gateways _gateways;
    private readonly EosClient _client;

    public LostGatewayTests()
    {
        _eos.Configure("walk-part = 1024");
        for (var i = 0; i < 8; i++)
            for (var k = 0; k < 8; k++)
            {
                _eos.Must(h => new MakeDirectory(h, $"/eos/dev/t/{i}/{k}", true, null));
                for (var f = 0; f < 5; f++) _eos.Put($"/eos/dev/t/{i}/{k}/{new string('f', 40)}{f}");
            }
        _gateways = new Gateways(_eos);
        var clients = new ClientSettings(TimeSpan.FromMilliseconds(50), TimeSpan.FromMilliseconds(200), TransferSettings.From(new Settings(Settings.Reference, "eos.client.transfer")));
        _client = new EosClient(GatewayLink.To(Sys, Sys.ActorOf(Props.Create(() => new Door(_gateways))), clients), new Claim(0, 0, "root", "h", "test"));
    }

    [Fact]
    public async Task A_find_finds_everything_once_and_in_order_however_often_its_gateway_is_lost()
    {
        var all = new List<string>();
        await _client.FindAsync("/eos/dev/t", FindQuery.Everything, Add(all)).WaitAsync(Limit);
        Assert.Equal(1 + 8 + 64 + 320, all.Count);

        foreach (var messages in new[] { 5, 30, 60 })
        {
            var found = new List<string>();
            _gateways.Lose(messages, messages, messages);
            var done = await _client.FindAsync("/eos/dev/t", FindQuery.Everything, Add(found)).WaitAsync(Limit);
            Assert.Equal(all, found);
            Assert.Equal((320ul, 73ul), (done.Files, done.Directories));
            Assert.Equal(0, _gateways.Left);
        }
    }

    [Fact]
    public async Task A_removal_a_change_of_modes_and_one_of_attributes_are_complete_after_it()
    {
        _gateways.Lose(20, 50);
        await _client.ChangeModeOfTreeAsync("/eos/dev/t", 0x1c0).WaitAsync(Limit);
        _gateways.Lose(20, 50);
        await _client.ChangeAttributesOfTreeAsync("/eos/dev/t", [KeyValuePair.Create("user.a", "1")]).WaitAsync(Limit);
        var directories = new List<TreeRow>();
        var query = new FindQuery { Files = false, Detail = FindDetail.Records };
        await _client.FindAsync("/eos/dev/t", query, part =>
        {
            directories.AddRange(part.Rows);
            return ValueTask.CompletedTask;
        }).WaitAsync(Limit);
        Assert.Equal(73, directories.Count);
        Assert.All(directories, d => Assert.Equal((0x1c0u, "1"), (d.Directory!.Mode & 0x1ff, d.Directory.Attributes["user.a"])));

        _gateways.Lose(20, 50, 90);
        await _client.RemoveTreeAsync("/eos/dev/t").WaitAsync(Limit);
        Assert.Empty(_eos.Ls("/eos/dev"));
    }

    [Fact]
    public async Task Whoever_gives_up_tells_the_gateway_even_before_it_has_answered()
    {
        using var stop = new CancellationTokenSource();
        _gateways.Lose([.. Enumerable.Repeat(0, 1000)]);
        var removing = _client.RemoveTreeAsync("/eos/dev/t", cancel: stop.Token);
        await Eventually.True(() => _gateways.Left < 1000, "the gateway is asked");
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => removing.WaitAsync(Limit));
        await Eventually.True(() => _gateways.Abandoned == 1, "the gateway hears that nobody waits any more");
    }

    private static Func<TreePart, ValueTask> Add(List<string> found) => part =>
    {
        found.AddRange(part.Rows.Select(r => r.Path));
        return ValueTask.CompletedTask;
    };

    /// <summary>Gateways of which some are lost: they have told what they had told by then, and nothing more.</summary>
    private sealed class Gateways(NamespaceInMemory eos)
    {
        private readonly Queue<int> _lost = new();
        private int _abandoned;
        private ulong _runs;

        public int Abandoned => Volatile.Read(ref _abandoned);

        /// <summary>Gateways that are still to be lost.</summary>
        public int Left
        {
            get
            {
                lock (_lost) return _lost.Count;
            }
        }

        /// <summary>The next gateways are lost after so many messages to directories each.</summary>
        public void Lose(params int[] messages)
        {
            lock (_lost)
                foreach (var count in messages) _lost.Enqueue(count);
        }

        public IEnumerable<IReply> Hear(IRequest request)
        {
            lock (_lost)
            {
                eos.Parts.Clear();
                var answer = eos.DoUntil(request, _lost.TryDequeue(out var messages) ? messages : int.MaxValue);
                var run = new OpId(new Guid("00000000-0000-0000-0000-0000000000ff"), ++_runs);
                List<IReply> replies = [.. eos.Parts.Select((part, i) => part with { Run = run, Sequence = (uint)i + 1 })];
                if (answer is not null) replies.Add(answer);
                return replies;
            }
        }

        public void GiveUp() => Interlocked.Increment(ref _abandoned);
    }

    private sealed class Door : ReceiveActor
    {
        public Door(Gateways gateways)
        {
            Receive<IRequest>(request =>
            {
                foreach (var reply in gateways.Hear(request)) Sender.Tell(reply);
            });
            Receive<Abandon>(_ => gateways.GiveUp());
            Receive<Acknowledge>(_ => { });
        }
    }
}
