using System.Threading.Channels;
using Akka.Actor;
using Eos.Gateway;
using Eos.Kernel;
using static Eos.Gateway.GatewayProtocol;

namespace Eos.Client;

/// <summary>The client's end of the conversation with a gateway: sends, repeats ever more slowly what stays unanswered, acknowledges what is streamed.</summary>
internal sealed class LinkActor : ReceiveActor, IWithTimers
{
    private static readonly TimeSpan Beat = TimeSpan.FromMilliseconds(100);

    private readonly Dictionary<OpId, Pending> _pending = [];
    private readonly ClientSettings _settings;
    private readonly Action<object> _send;
    private readonly IClock _clock;

    /// <param name="send">Sends to a gateway; the reply comes to this actor.</param>
    public LinkActor(ClientSettings settings, Func<IActorContext, Action<object, IActorRef>> send, IClock clock)
    {
        var way = send(Context);
        var self = Self;
        (_settings, _clock, _send) = (settings, clock, m => way(m, self));

        Receive<Ask>(a =>
        {
            _pending[a.Request.Head.Op] = new Pending(a.Request, a.Replies, settings.FirstRetry, _clock.Now + settings.FirstRetry);
            _send(a.Request);
        });
        Receive<Forget>(f =>
        {
            if (_pending.Remove(f.Op, out var asked) && IsWalk(asked.Request)) _send(new Abandon(f.Op));
        });
        Receive<Unknown>(u => Again(u.Op));
        Receive<IFinal>(r =>
        {
            if (!_pending.Remove(r.Op, out var asked)) return;
            asked.Replies.TryWrite(r);
            asked.Replies.TryComplete();
        });
        Receive<TreePart>(Take);
        Receive<Consumed>(c =>
        {
            if (_pending.TryGetValue(c.Op, out var asked) && asked.Run == c.Run) _send(new Acknowledge(c.Op, c.Run, c.Sequence));
        });
        Receive<Tick>(_ => Repeat());
    }

    internal sealed record Ask(IRequest Request, ChannelWriter<IReply> Replies);

    internal sealed record Forget(OpId Op);

    /// <summary>Whoever asked has taken this part: there is room for another one.</summary>
    internal sealed record Consumed(OpId Op, OpId Run, uint Sequence);

    private sealed record Tick;

    private sealed record Pending(IRequest Request, ChannelWriter<IReply> Replies, TimeSpan Pause, Instant Next, OpId Run = default, uint Taken = 0);

    public ITimerScheduler Timers { get; set; } = null!;

    protected override void PreStart() => Timers.StartPeriodicTimer("tick", new Tick(), Beat);

    protected override void PostStop()
    {
        foreach (var asked in _pending.Values) asked.Replies.TryComplete();
    }

    /// <summary>Parts of a run are handed on each once and in order; another run begins anew.</summary>
    private void Take(TreePart part)
    {
        if (!_pending.TryGetValue(part.Op, out var asked)) return;
        var taken = asked.Run == part.Run ? asked.Taken : 0;
        if (part.Sequence != taken + 1) return;
        asked.Replies.TryWrite(part);
        _pending[part.Op] = asked with { Run = part.Run, Taken = part.Sequence, Next = _clock.Now + asked.Pause };
    }

    /// <summary>An unknown outcome: ask again soon, with the same operation id.</summary>
    private void Again(OpId op)
    {
        if (_pending.TryGetValue(op, out var asked)) _pending[op] = asked with { Next = _clock.Now + _settings.FirstRetry / 4 };
    }

    private void Repeat()
    {
        var now = _clock.Now;
        foreach (var (op, asked) in _pending.Where(p => p.Value.Next <= now).ToList())
        {
            var pause = asked.Pause * 2 < _settings.LastRetry ? asked.Pause * 2 : _settings.LastRetry;
            _pending[op] = asked with { Pause = pause, Next = now + pause };
            _send(asked.Request);
        }
    }
}
