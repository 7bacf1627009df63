using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace Eos.Host.Resp;

/// <summary>What a client gets without having asked just now: messages of channels, and lines of MONITOR.</summary>
internal abstract record Push
{
    public abstract int Bytes { get; }

    /// <param name="tagged">The client has asked for QuarkDB's push types.</param>
    public abstract void Write(RespWriter output, bool tagged);

    /// <param name="Pattern">What the subscriber asked for; null when it was the channel itself.</param>
    public sealed record Message(string? Pattern, string Channel, ReadOnlyMemory<byte> Payload) : Push
    {
        public override int Bytes => Payload.Length + Channel.Length + (Pattern?.Length ?? 0) + 64;

        public override void Write(RespWriter output, bool tagged)
        {
            Head(output, Pattern is null ? 3 : 4, tagged);
            output.Bulk(Pattern is null ? "message" : "pmessage");
            if (Pattern is not null) output.Bulk(Encoding.Latin1.GetBytes(Pattern));
            output.Bulk(Encoding.Latin1.GetBytes(Channel));
            output.Bulk(Payload.Span);
        }
    }

    /// <summary>A line that tells of another client's command.</summary>
    public sealed record Line(string Text) : Push
    {
        public override int Bytes => Text.Length + 64;

        public override void Write(RespWriter output, bool tagged) => output.Simple(Text);
    }

    /// <summary>Begins a push of so many items; with push types its first is the word pubsub.</summary>
    public static void Head(RespWriter output, int items, bool tagged)
    {
        output.Push(tagged ? items + 1 : items, always: tagged);
        if (tagged) output.Bulk("pubsub");
    }
}

/// <summary>Pushes that a client has not been sent yet: so many bytes and no more.</summary>
internal sealed class Pushes(long mostBytes)
{
    private readonly ConcurrentQueue<Push> _queue = new();
    private long _bytes;

    public bool Add(Push push)
    {
        if (Interlocked.Add(ref _bytes, push.Bytes) > mostBytes) return false;
        _queue.Enqueue(push);
        return true;
    }

    public bool TryTake([NotNullWhen(true)] out Push? push)
    {
        if (!_queue.TryDequeue(out push)) return false;
        Interlocked.Add(ref _bytes, -push.Bytes);
        return true;
    }
}
