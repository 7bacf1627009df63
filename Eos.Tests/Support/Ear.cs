using System.Threading.Channels;
using Akka.Actor;

namespace Eos.Tests.Support;

/// <summary>An actor that hands everything it hears, with the sender, to the test; watches what it is told to.</summary>
public sealed class Ear : ReceiveActor
{
    public sealed record Watch(IActorRef Subject);

    private Ear(ChannelWriter<(object Message, IActorRef Sender)> heard)
    {
        Receive<Watch>(watch =>
        {
            Context.Watch(watch.Subject);
            heard.TryWrite(("watching", Self));
        });
        ReceiveAny(message => heard.TryWrite((message, Sender)));
    }

    /// <summary>A new ear and what it hears.</summary>
    public static (IActorRef Ref, Hearing Heard) In(ActorSystem system, string? name = null)
    {
        var channel = Channel.CreateUnbounded<(object, IActorRef)>();
        return (system.ActorOf(Props.Create(() => new Ear(channel.Writer)), name), new Hearing(channel.Reader));
    }
}

/// <summary>What an <see cref="Ear"/> has heard, in order.</summary>
public sealed class Hearing(ChannelReader<(object Message, IActorRef Sender)> heard)
{
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    public async Task<(object Message, IActorRef Sender)> Next(string phase, TimeSpan? patience = null)
    {
        using var cancel = new CancellationTokenSource(patience ?? Patience);
        try
        {
            return await heard.ReadAsync(cancel.Token);
        }
        catch (OperationCanceledException)
        {
            throw new TimeoutException($"{phase}: nothing was heard within {patience ?? Patience}");
        }
    }

    public async Task<T> Next<T>(string phase, TimeSpan? patience = null)
    {
        var (message, _) = await Next(phase, patience);
        return Assert.IsAssignableFrom<T>(message);
    }

    /// <summary>Skips others until one of that type comes.</summary>
    public async Task<T> Until<T>(string phase, TimeSpan? patience = null)
    {
        while (true)
            if ((await Next(phase, patience)).Message is T wanted) return wanted;
    }

    public bool IsEmpty => !heard.TryPeek(out _);
}
