using Akka.Actor;

namespace Akka.TestKit;

public abstract partial class TestKitBase
{
    /// <summary>Says what the next message is; what it says is checked when it comes, and the test fails if nothing comes.</summary>
    public T ExpectMsg<T>(TimeSpan? duration = null, string? hint = null, CancellationToken cancellationToken = default) =>
        Run(Expect<T>(Anything, duration, hint, cancellationToken));

    public T ExpectMsg<T>(T message, TimeSpan? timeout = null, string? hint = null, CancellationToken cancellationToken = default) =>
        Run(Expect(Equal(message, hint), timeout, hint, cancellationToken));

    public T ExpectMsg<T>(Predicate<T> isMessage, TimeSpan? timeout = null, string? hint = null, CancellationToken cancellationToken = default) =>
        Run(Expect(Matches(isMessage, hint), timeout, hint, cancellationToken));

    public T ExpectMsg<T>(Action<T> assert, TimeSpan? timeout = null, string? hint = null, CancellationToken cancellationToken = default) =>
        Run(Expect<T>((m, _) => assert(m), timeout, hint, cancellationToken));

    public T ExpectMsg<T>(
        Func<T, IActorRef, bool> isMessageAndSender, TimeSpan? timeout = null, string? hint = null, CancellationToken cancellationToken = default) =>
        Run(Expect(Matches(isMessageAndSender, hint), timeout, hint, cancellationToken));

    public T ExpectMsg<T>(
        Action<T, IActorRef> assertMessageAndSender, TimeSpan? timeout = null, string? hint = null, CancellationToken cancellationToken = default) =>
        Run(Expect(assertMessageAndSender, timeout, hint, cancellationToken));

    public T ExpectMsg<T>(
        T expected, Func<T, T, bool> comparer, TimeSpan? timeout = null, string? hint = null, CancellationToken cancellationToken = default) =>
        Run(Expect<T>((m, _) => _assertions.AssertEqual(expected, m, comparer, hint ?? ""), timeout, hint, cancellationToken));

    public ValueTask<T> ExpectMsgAsync<T>(TimeSpan? duration = null, string? hint = null, CancellationToken cancellationToken = default) =>
        Expect<T>(Anything, duration, hint, cancellationToken);

    public ValueTask<T> ExpectMsgAsync<T>(T message, TimeSpan? timeout = null, string? hint = null, CancellationToken cancellationToken = default) =>
        Expect(Equal(message, hint), timeout, hint, cancellationToken);

    public ValueTask<T> ExpectMsgAsync<T>(
        Predicate<T> isMessage, TimeSpan? timeout = null, string? hint = null, CancellationToken cancellationToken = default) =>
        Expect(Matches(isMessage, hint), timeout, hint, cancellationToken);

    public ValueTask<T> ExpectMsgAsync<T>(
        Action<T> assert, TimeSpan? timeout = null, string? hint = null, CancellationToken cancellationToken = default) =>
        Expect<T>((m, _) => assert(m), timeout, hint, cancellationToken);

    /// <summary>As ExpectMsg, and that it comes from a certain actor.</summary>
    public T ExpectMsgFrom<T>(IActorRef sender, TimeSpan? duration = null, string? hint = null, CancellationToken cancellationToken = default) =>
        Run(Expect(From<T>(sender, Anything), duration, hint, cancellationToken));

    public T ExpectMsgFrom<T>(IActorRef sender, T message, TimeSpan? timeout = null, string? hint = null, CancellationToken cancellationToken = default) =>
        Run(Expect(From(sender, Equal(message, hint)), timeout, hint, cancellationToken));

    public T ExpectMsgFrom<T>(
        IActorRef sender, Predicate<T> isMessage, TimeSpan? timeout = null, string? hint = null, CancellationToken cancellationToken = default) =>
        Run(Expect(From(sender, Matches(isMessage, hint)), timeout, hint, cancellationToken));

    public ValueTask<T> ExpectMsgFromAsync<T>(
        IActorRef sender, TimeSpan? duration = null, string? hint = null, CancellationToken cancellationToken = default) =>
        Expect(From<T>(sender, Anything), duration, hint, cancellationToken);

    public ValueTask<T> ExpectMsgFromAsync<T>(
        IActorRef sender, T message, TimeSpan? timeout = null, string? hint = null, CancellationToken cancellationToken = default) =>
        Expect(From(sender, Equal(message, hint)), timeout, hint, cancellationToken);

    /// <summary>Says that the watched actor has stopped.</summary>
    public Terminated ExpectTerminated(IActorRef target, TimeSpan? timeout = null, string? hint = null, CancellationToken cancellationToken = default) =>
        Run(ExpectTerminatedAsync(target, timeout, hint, cancellationToken));

    public ValueTask<Terminated> ExpectTerminatedAsync(
        IActorRef target, TimeSpan? timeout = null, string? hint = null, CancellationToken cancellationToken = default) =>
        Expect<Terminated>((t, _) => _assertions.AssertEqual(target, t.ActorRef, hint ?? ""), timeout, $"Terminated {target}", cancellationToken);

    /// <summary>Says that nothing comes for a while.</summary>
    public void ExpectNoMsg(CancellationToken cancellationToken = default) => Run(Silence(RemainingOrDefault, cancellationToken));
    public void ExpectNoMsg(TimeSpan duration, CancellationToken cancellationToken = default) => Run(Silence(Dilated(duration), cancellationToken));

    public void ExpectNoMsg(int milliseconds, CancellationToken cancellationToken = default) =>
        ExpectNoMsg(TimeSpan.FromMilliseconds(milliseconds), cancellationToken);

    public ValueTask ExpectNoMsgAsync(CancellationToken cancellationToken = default) => new(Silence(RemainingOrDefault, cancellationToken));

    public ValueTask ExpectNoMsgAsync(TimeSpan duration, CancellationToken cancellationToken = default) =>
        new(Silence(Dilated(duration), cancellationToken));

    public ValueTask ExpectNoMsgAsync(int milliseconds, CancellationToken cancellationToken = default) =>
        ExpectNoMsgAsync(TimeSpan.FromMilliseconds(milliseconds), cancellationToken);

    private async ValueTask<T> Expect<T>(Action<T, IActorRef> check, TimeSpan? timeout, string? hint, CancellationToken cancellation)
    {
        var wait = RemainingOrDilated(timeout);
        var checkFor = ImplicitSender.Keep<RealMessageEnvelope, T>(e =>
        {
            check((T)e.Message, e.Sender);
            return (T)e.Message;
        });
        var envelope = await Take(wait, cancellation).ConfigureAwait(false);
        if (envelope is null) _assertions.Fail($"{Hint(hint)}Failed: Timeout {wait} while waiting for a message of type {typeof(T)}");
        else if (envelope.Message is not T)
            _assertions.Fail($"{Hint(hint)}Failed: Expected a message of type {typeof(T)}, but received {envelope.Message} (type {envelope.Message.GetType()})");
        return checkFor(envelope!);
    }

    private async Task Silence(TimeSpan duration, CancellationToken cancellation)
    {
        if (await Take(duration, cancellation).ConfigureAwait(false) is { } envelope)
            _assertions.Fail($"Failed: Expected no messages during {duration}, instead we received {envelope}");
        _lastWasNoMsg = true;
    }

    private static void Anything<T>(T message, IActorRef sender) { }

    private Action<T, IActorRef> Equal<T>(T expected, string? hint) =>
        (m, _) => _assertions.AssertEqual(expected, m, hint ?? "");

    private Action<T, IActorRef> Matches<T>(Predicate<T> isMessage, string? hint) =>
        (m, _) => _assertions.AssertTrue(isMessage(m), $"{Hint(hint)}Got a message of the expected type <{typeof(T)}> that does not fit: {m}");

    private Action<T, IActorRef> Matches<T>(Func<T, IActorRef, bool> fits, string? hint) =>
        (m, s) => _assertions.AssertTrue(fits(m, s), $"{Hint(hint)}Got a message of the expected type <{typeof(T)}> that does not fit: {m} from {s}");

    private Action<T, IActorRef> From<T>(IActorRef expected, Action<T, IActorRef> check) => (m, s) =>
    {
        check(m, s);
        _assertions.AssertEqual(expected, s, $"Sender should be {expected}");
    };
}
