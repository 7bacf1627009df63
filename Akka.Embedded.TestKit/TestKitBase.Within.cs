using System.Diagnostics;

namespace Akka.TestKit;

public abstract partial class TestKitBase
{
    private TimeSpan? _end;
    private bool _lastWasNoMsg;

    /// <summary>The time since the kit was made.</summary>
    public static TimeSpan Now => Stopwatch.GetElapsedTime(0);

    /// <summary>What is left of the innermost Within.</summary>
    public TimeSpan Remaining => _end is { } end ? Left(end) : throw new InvalidOperationException(@"Remaining may not be called outside of ""within""");

    /// <summary>What is left of the innermost Within, else how long one expectation waits.</summary>
    protected TimeSpan RemainingOrDefault => RemainingOr(Dilated(TestKitSettings.SingleExpectDefault));

    protected TimeSpan RemainingOr(TimeSpan duration) => _end is { } end ? Left(end) : duration;

    /// <summary>A duration that a test names, stretched; without one, what remains.</summary>
    public TimeSpan RemainingOrDilated(TimeSpan? duration) =>
        duration is not { } d ? RemainingOrDefault
        : d < TimeSpan.Zero ? throw new ArgumentException("An infinite duration is not allowed here", nameof(duration))
        : Dilated(d);

    /// <summary>A duration times akka.test.timefactor.</summary>
    public TimeSpan Dilated(TimeSpan duration) => duration < TimeSpan.Zero ? duration : duration * TestKitSettings.TestTimeFactor;

    protected TimeSpan GetTimeoutOrDefault(TimeSpan? timeout) => timeout ?? Dilated(TestKitSettings.DefaultTimeout);

    /// <summary>Runs a block that must end before the given time; expectations in it share what remains.</summary>
    public void Within(TimeSpan max, Action action, TimeSpan? epsilonValue = null, CancellationToken cancellationToken = default) =>
        Within(TimeSpan.Zero, max, action, null, epsilonValue, cancellationToken);

    public void Within(
        TimeSpan min, TimeSpan max, Action action, string? hint = null, TimeSpan? epsilonValue = null, CancellationToken cancellationToken = default) =>
        Within(min, max, () => { action(); return true; }, hint, epsilonValue, cancellationToken);

    public T Within<T>(TimeSpan max, Func<T> function, TimeSpan? epsilonValue = null, CancellationToken cancellationToken = default) =>
        Within(TimeSpan.Zero, max, function, null, epsilonValue, cancellationToken);

    public T Within<T>(
        TimeSpan min, TimeSpan max, Func<T> function, string? hint = null, TimeSpan? epsilonValue = null, CancellationToken cancellationToken = default)
    {
        var (started, limit, outer) = Enter(min, max, hint);
        T result;
        try
        {
            result = function();
        }
        finally
        {
            _end = outer;
        }
        Leave(started, min, limit, hint, epsilonValue);
        return result;
    }

    public Task WithinAsync(TimeSpan max, Func<Task> actionAsync, TimeSpan? epsilonValue = null, CancellationToken cancellationToken = default) =>
        WithinAsync(TimeSpan.Zero, max, actionAsync, null, epsilonValue, cancellationToken);

    public Task WithinAsync(
        TimeSpan min, TimeSpan max, Func<Task> actionAsync, string? hint = null, TimeSpan? epsilonValue = null, CancellationToken cancellationToken = default) =>
        WithinAsync(min, max, async () => { await actionAsync(); return true; }, hint, epsilonValue, cancellationToken);

    public Task<T> WithinAsync<T>(TimeSpan max, Func<Task<T>> function, TimeSpan? epsilonValue = null, CancellationToken cancellationToken = default) =>
        WithinAsync(TimeSpan.Zero, max, function, null, epsilonValue, cancellationToken);

    public async Task<T> WithinAsync<T>(
        TimeSpan min, TimeSpan max, Func<Task<T>> function, string? hint = null, TimeSpan? epsilonValue = null, CancellationToken cancellationToken = default)
    {
        var (started, limit, outer) = Enter(min, max, hint);
        T result;
        try
        {
            result = await function().WaitAsync(limit + (epsilonValue ?? TimeSpan.Zero) + Dilated(TestKitSettings.DefaultTimeout), cancellationToken);
        }
        finally
        {
            _end = outer;
        }
        Leave(started, min, limit, hint, epsilonValue);
        return result;
    }

    private (TimeSpan Started, TimeSpan Limit, TimeSpan? Outer) Enter(TimeSpan min, TimeSpan max, string? hint)
    {
        var limit = Dilated(max);
        var left = RemainingOr(limit);
        if (left < min) _assertions.Fail($"{Hint(hint)}Required min time {min} not possible, only {left} left.");
        var (started, outer) = (Now, _end);
        limit = Min(limit, left);
        _end = started + limit;
        _lastWasNoMsg = false;
        return (started, limit, outer);
    }

    private void Leave(TimeSpan started, TimeSpan min, TimeSpan limit, string? hint, TimeSpan? epsilon)
    {
        var took = Now - started;
        if (took < min) _assertions.Fail($"{Hint(hint)}Block took {took}, should have at least been {min}.");
        if (!_lastWasNoMsg && took > limit + (epsilon ?? TimeSpan.Zero))
            _assertions.Fail($"{Hint(hint)}Block took {took}, exceeding {limit}.");
    }

    private static TimeSpan Left(TimeSpan end) => Max(end - Now, TimeSpan.Zero);

    private static string Hint(string? hint) => string.IsNullOrEmpty(hint) ? "" : hint + ": ";
}
