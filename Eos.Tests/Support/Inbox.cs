using System.Collections.Concurrent;
using Akka.Actor;

namespace Eos.Tests.Support;

/// <summary>An actor that keeps the texts that it gets, for a test to look at.</summary>
public sealed class Inbox
{
    private readonly ConcurrentQueue<(string Text, IActorRef Sender)> seen = new();
    private int read;

    public Inbox(ActorSystem system, string? name = null)
    {
        var queue = seen;
        Ref = system.ActorOf(Props.Create(() => new Keeper(queue)), name);
    }

    public IActorRef Ref { get; }

    /// <summary>Who sent the text that was read last.</summary>
    public IActorRef LastSender { get; private set; } = ActorRefs.Nobody;

    public IReadOnlyList<string> Seen => [.. seen.Select(s => s.Text)];

    public bool Saw(string text) => Seen.Contains(text);

    public int Count(string text) => Seen.Count(t => t == text);

    /// <summary>Reads on until the text comes.</summary>
    public async Task Until(string text)
    {
        while (await Next() != text)
        {
        }
    }

    /// <summary>Reads the next text.</summary>
    public async Task<string> Next()
    {
        await Eventually.True(() => seen.Count > read, "a message");
        var (text, sender) = seen.ElementAt(read++);
        LastSender = sender;
        return text;
    }

    private sealed class Keeper(ConcurrentQueue<(string, IActorRef)> seen) : UntypedActor
    {
        protected override void OnReceive(object message) => seen.Enqueue(((string)message, Sender));
    }
}
