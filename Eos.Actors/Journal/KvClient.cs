using Akka.Actor;
using Eos.Kv;
using Eos.Raft;
using static Eos.Kv.KvProtocol;
using static Eos.Kv.SystemProtocol;

namespace Eos.Journal;

/// <summary>
/// The way to the replicated group from anywhere on a node, whether or not a member runs there. Each entry happens at most once, however often it had to be
/// sent; between two requests that are under way at the same time there is no order. One that can't be answered is repeated until its time is up, or for ever.
/// </summary>
public sealed class KvClient(IActorRef actor)
{
    /// <summary>The outcome is not known, and will not be: the caller's time is up, or the system ends. It may have happened, and may still happen.</summary>
    public sealed record Unknown(string Why) : IAnswer;

    /// <summary>Has an entry done; the answer may be <see cref="Refused"/> or <see cref="Unknown"/>.</summary>
    /// <param name="within">After this time the answer is Unknown; null: never.</param>
    /// <param name="answered">Called once, on any thread: it hands on and returns.</param>
    public void Do(IEntry entry, TimeSpan? within, Action<IAnswer> answered)
    {
        if (KvLimits.Refusal(entry) is { } refused) answered(refused);
        else actor.Tell(new KvCall(entry, null, within, answered), ActorRefs.NoSender);
    }

    /// <summary>Asks a question; the answer shows everything that was answered before it was asked.</summary>
    public void Look(IQuestion question, TimeSpan? within, Action<IAnswer> answered) => actor.Tell(new KvCall(null, question, within, answered), ActorRefs.NoSender);

    public Task<IAnswer> DoAsync(IEntry entry, TimeSpan? within = null)
    {
        var answer = new TaskCompletionSource<IAnswer>(TaskCreationOptions.RunContinuationsAsynchronously);
        Do(entry, within, answer.SetResult);
        return answer.Task;
    }

    public Task<IAnswer> LookAsync(IQuestion question, TimeSpan? within = null)
    {
        var answer = new TaskCompletionSource<IAnswer>(TaskCreationOptions.RunContinuationsAsynchronously);
        Look(question, within, answer.SetResult);
        return answer.Task;
    }
}

/// <summary>One request on its way. The callback may be called from any thread, and is once; everything else belongs to the client's actor.</summary>
internal sealed class KvCall(IEntry? entry, IQuestion? question, TimeSpan? within, Action<IAnswer> answered) : INoSerializationVerificationNeeded
{
    private int _isAnswered;

    public IEntry? Entry => entry;
    public IQuestion? Question => question;
    public TimeSpan? Within => within;
    public bool IsAnswered => Volatile.Read(ref _isAnswered) != 0;

    /// <summary>In the session for an entry, else among the questions.</summary>
    public ulong Number { get; set; }

    /// <summary>As it goes into the log, or over the wire; made when it is first sent.</summary>
    public ReadOnlyMemory<byte> Bytes { get; set; }

    /// <summary>The moment after which nobody waits for it any more.</summary>
    public TimeSpan Deadline { get; set; } = TimeSpan.MaxValue;

    /// <summary>When it was asked for; null: it has ended, and its time is counted.</summary>
    public TimeSpan? Begun { get; set; }

    /// <summary>When to send it (again), unless it is answered before.</summary>
    public TimeSpan Due { get; set; }

    /// <summary>Who has it and has not answered yet; null: nobody.</summary>
    public MemberId? Asked { get; set; }

    /// <summary>How often it was sent.</summary>
    public int Sendings { get; set; }

    public void Answer(IAnswer answer)
    {
        if (Interlocked.Exchange(ref _isAnswered, 1) == 0) answered(answer);
    }
}
