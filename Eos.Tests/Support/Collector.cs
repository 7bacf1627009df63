using System.Threading.Channels;
using Akka.Actor;

namespace Eos.Tests.Support;

/// <summary>An actor that a test reads from: everything sent to it, in order, with its sender.</summary>
public sealed class Collector
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private readonly Channel<(object Message, IActorRef Sender)> _channel = Channel.CreateUnbounded<(object, IActorRef)>();

    public Collector(ActorSystem system)
    {
        var writer = _channel.Writer;
        Ref = system.ActorOf(Props.Create(() => new Receiver(writer)));
    }

    public IActorRef Ref { get; }

    public IActorRef LastSender { get; private set; } = ActorRefs.Nobody;

    public async Task<T> Next<T>()
    {
        using var patience = new CancellationTokenSource(Patience);
        try
        {
            var (message, sender) = await _channel.Reader.ReadAsync(patience.Token);
            LastSender = sender;
            return message is T expected ? expected : throw new InvalidOperationException($"expected {typeof(T).Name}, got {message}");
        }
        catch (OperationCanceledException)
        {
            throw new TimeoutException($"expected {typeof(T).Name} within {Patience.TotalSeconds:N0} s, got nothing");
        }
    }

    /// <summary>The next messages are these, in this order.</summary>
    public async Task Expect(params object[] expected)
    {
        foreach (var one in expected) Assert.Equal(one, await Next<object>());
    }

    public bool IsEmpty => !_channel.Reader.TryPeek(out _);

    /// <summary>Nothing has come so far.</summary>
    public void ExpectNothingYet() => Assert.False(_channel.Reader.TryPeek(out var surprise), $"unexpected: {surprise.Message}");

    private sealed class Receiver(ChannelWriter<(object, IActorRef)> writer) : UntypedActor
    {
        protected override void OnReceive(object message) => writer.TryWrite((message, Sender));
    }
}
