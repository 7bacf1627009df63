using System.Runtime.CompilerServices;

namespace Akka.TestKit;

public abstract partial class TestKitBase
{
    /// <summary>The next message; null if none came in time.</summary>
    public object ReceiveOne(TimeSpan? max = null, CancellationToken cancellationToken = default) => Run(ReceiveOneAsync(max, cancellationToken));

    public async ValueTask<object> ReceiveOneAsync(TimeSpan? max = null, CancellationToken cancellationToken = default) =>
        await Take(max, cancellationToken).ConfigureAwait(false) is RealMessageEnvelope e ? e.Message : null!;

    public bool TryReceiveOne(out MessageEnvelope envelope, TimeSpan? max = null, CancellationToken cancellationToken = default)
    {
        envelope = Run(Take(max, cancellationToken)) ?? (MessageEnvelope)NullMessageEnvelope.Instance;
        return envelope is RealMessageEnvelope;
    }

    /// <summary>The next message, which stays in the queue; null if none came in time.</summary>
    public object PeekOne(TimeSpan? max = null, CancellationToken cancellationToken = default) => Run(PeekOneAsync(max, cancellationToken));

    public async ValueTask<object> PeekOneAsync(TimeSpan? max = null, CancellationToken cancellationToken = default) =>
        await Ready(max ?? RemainingOrDefault, cancellationToken).ConfigureAwait(false) && _queue.Reader.TryPeek(out var e) ? e.Message : null!;

    /// <summary>Exactly so many messages, or the test fails.</summary>
    public IReadOnlyCollection<object> ReceiveN(int numberOfMessages, CancellationToken cancellationToken = default) =>
        Run(Many(numberOfMessages, RemainingOrDefault, cancellationToken));

    public IReadOnlyCollection<object> ReceiveN(int numberOfMessages, TimeSpan max, CancellationToken cancellationToken = default) =>
        Run(Many(numberOfMessages, Dilated(max), cancellationToken));

    public IAsyncEnumerable<object> ReceiveNAsync(int numberOfMessages, CancellationToken cancellationToken = default) =>
        Later(Many(numberOfMessages, RemainingOrDefault, cancellationToken));

    public IAsyncEnumerable<object> ReceiveNAsync(int numberOfMessages, TimeSpan max, CancellationToken cancellationToken = default) =>
        Later(Many(numberOfMessages, Dilated(max), cancellationToken));

    /// <summary>Messages while the filter answers something; the first for which it answers null stays in the queue.</summary>
    public IReadOnlyList<T> ReceiveWhile<T>(
        Func<object, T> filter, TimeSpan? max = null, TimeSpan? idle = null, int msgs = int.MaxValue, CancellationToken cancellationToken = default) =>
        Run(While(m => (filter(m) is { } t ? (true, t) : (false, default!)), max, idle, msgs, cancellationToken));

    public IReadOnlyList<T> ReceiveWhile<T>(
        TimeSpan? max, Func<object, T> filter, int msgs = int.MaxValue, CancellationToken cancellationToken = default) =>
        ReceiveWhile(filter, max, null, msgs, cancellationToken);

    public IReadOnlyList<T> ReceiveWhile<T>(
        TimeSpan? max, TimeSpan? idle, Func<object, T> filter, int msgs = int.MaxValue, CancellationToken cancellationToken = default) =>
        ReceiveWhile(filter, max, idle, msgs, cancellationToken);

    /// <summary>Messages of a type while a predicate holds; others end it, or are skipped.</summary>
    public IReadOnlyList<T> ReceiveWhile<T>(
        Predicate<T> shouldContinue, TimeSpan? max = null, TimeSpan? idle = null, int msgs = int.MaxValue,
        bool shouldIgnoreOtherMessageTypes = true, CancellationToken cancellationToken = default) =>
        [.. Run(While(
            m => m is T t ? (shouldContinue(t), new Kept<T>(true, t)) : (shouldIgnoreOtherMessageTypes, default),
            max, idle, msgs, cancellationToken)).Where(k => k.IsKept).Select(k => k.Value)];

    public IAsyncEnumerable<T> ReceiveWhileAsync<T>(
        Func<object, T> filter, TimeSpan? max = null, TimeSpan? idle = null, int msgs = int.MaxValue, CancellationToken cancellationToken = default) =>
        Later(While(m => (filter(m) is { } t ? (true, t) : (false, default!)), max, idle, msgs, cancellationToken));

    /// <summary>Reads on until a message fits, and answers that.</summary>
    public object FishForMessage(Predicate<object> isMessage, TimeSpan? max = null, string hint = "", CancellationToken cancellationToken = default) =>
        FishForMessage<object>(isMessage, max, hint, cancellationToken);

    public T FishForMessage<T>(Predicate<T> isMessage, TimeSpan? max = null, string hint = "", CancellationToken cancellationToken = default) =>
        Run(FishForMessageAsync(isMessage, max, hint, cancellationToken));

    public ValueTask<object> FishForMessageAsync(
        Predicate<object> isMessage, TimeSpan? max = null, string hint = "", CancellationToken cancellationToken = default) =>
        FishForMessageAsync<object>(isMessage, max, hint, cancellationToken);

    public async ValueTask<T> FishForMessageAsync<T>(
        Predicate<T> isMessage, TimeSpan? max = null, string hint = "", CancellationToken cancellationToken = default)
    {
        var wait = RemainingOrDilated(max);
        var end = Now + wait;
        var fits = ImplicitSender.Keep<T, bool>(m => isMessage(m));
        while (true)
        {
            var envelope = await Take(Left(end), cancellationToken).ConfigureAwait(false);
            if (envelope is null) _assertions.Fail($"Timeout ({wait}) during fishForMessage, hint: {hint}");
            else if (envelope.Message is T message && fits(message)) return message;
        }
    }

    private readonly record struct Kept<T>(bool IsKept, T Value);

    private async Task<IReadOnlyCollection<object>> Many(int count, TimeSpan max, CancellationToken cancellation)
    {
        var end = Now + max;
        var messages = new List<object>(count);
        while (messages.Count < count)
        {
            var envelope = await Take(Left(end), cancellation).ConfigureAwait(false);
            if (envelope is null)
                _assertions.Fail($"Timeout ({max}) while expecting {count} messages. Only got {messages.Count}: [{string.Join(", ", messages)}]");
            else messages.Add(envelope.Message);
        }
        return messages;
    }

    private async Task<IReadOnlyList<T>> While<T>(
        Func<object, (bool Continue, T Value)> read, TimeSpan? max, TimeSpan? idle, int count, CancellationToken cancellation)
    {
        var end = Now + RemainingOrDilated(max);
        var values = new List<T>();
        read = ImplicitSender.Keep(read);
        while (values.Count < count)
        {
            var wait = Left(end);
            if (idle is { } pause && pause >= TimeSpan.Zero) wait = Min(wait, Dilated(pause));
            if (!await Ready(wait, cancellation).ConfigureAwait(false) || !_queue.Reader.TryPeek(out var next)) break;
            var (goesOn, value) = read(next.Message);
            if (!goesOn) break;
            if (_queue.Reader.TryRead(out var taken)) _last = taken;
            values.Add(value);
        }
        _lastWasNoMsg = true;
        return values;
    }

    private async ValueTask<RealMessageEnvelope?> Take(TimeSpan? max, CancellationToken cancellation)
    {
        _lastWasNoMsg = false;
        if (await Ready(max ?? RemainingOrDefault, cancellation).ConfigureAwait(false) && _queue.Reader.TryRead(out var envelope))
        {
            _last = envelope;
            return (RealMessageEnvelope)envelope;
        }
        _last = NullMessageEnvelope.Instance;
        return null;
    }

    /// <summary>Waits until there is a message; a negative time waits for ever.</summary>
    private async ValueTask<bool> Ready(TimeSpan max, CancellationToken cancellation)
    {
        if (_queue.Reader.Count > 0) return true;
        if (max == TimeSpan.Zero) return false;
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        if (max > TimeSpan.Zero) timeout.CancelAfter(max);
        try
        {
            return await _queue.Reader.WaitToReadAsync(timeout.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return _queue.Reader.Count > 0;
        }
    }

    private static async IAsyncEnumerable<T> Later<T>(Task<IReadOnlyCollection<T>> many, [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        foreach (var one in await many.WaitAsync(cancellation).ConfigureAwait(false)) yield return one;
    }

    private static async IAsyncEnumerable<T> Later<T>(Task<IReadOnlyList<T>> many, [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        foreach (var one in await many.WaitAsync(cancellation).ConfigureAwait(false)) yield return one;
    }
}
