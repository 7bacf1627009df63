namespace Akka.TestKit;

public abstract partial class TestKitBase
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    /// <summary>Waits until a condition holds; the test fails if it does not in time.</summary>
    public void AwaitCondition(Func<bool> conditionIsFulfilled, CancellationToken cancellationToken = default) =>
        Run(Holds(conditionIsFulfilled, null, null, null, cancellationToken));

    public void AwaitCondition(Func<bool> conditionIsFulfilled, TimeSpan? max, CancellationToken cancellationToken = default) =>
        Run(Holds(conditionIsFulfilled, max, null, null, cancellationToken));

    public void AwaitCondition(Func<bool> conditionIsFulfilled, TimeSpan? max, string message, CancellationToken cancellationToken = default) =>
        Run(Holds(conditionIsFulfilled, max, null, message, cancellationToken));

    public void AwaitCondition(
        Func<bool> conditionIsFulfilled, TimeSpan? max, TimeSpan? interval, string? message = null, CancellationToken cancellationToken = default) =>
        Run(Holds(conditionIsFulfilled, max, interval, message, cancellationToken));

    public Task AwaitConditionAsync(Func<bool> conditionIsFulfilled, CancellationToken cancellationToken = default) =>
        Holds(conditionIsFulfilled, null, null, null, cancellationToken);

    public Task AwaitConditionAsync(Func<Task<bool>> conditionIsFulfilled, CancellationToken cancellationToken = default) =>
        Holds(conditionIsFulfilled, null, null, null, cancellationToken);

    public Task AwaitConditionAsync(Func<Task<bool>> conditionIsFulfilled, TimeSpan? max, CancellationToken cancellationToken = default) =>
        Holds(conditionIsFulfilled, max, null, null, cancellationToken);

    public Task AwaitConditionAsync(Func<bool> conditionIsFulfilled, TimeSpan? max, string message, CancellationToken cancellationToken = default) =>
        Holds(conditionIsFulfilled, max, null, message, cancellationToken);

    public Task AwaitConditionAsync(Func<Task<bool>> conditionIsFulfilled, TimeSpan? max, string message, CancellationToken cancellationToken = default) =>
        Holds(conditionIsFulfilled, max, null, message, cancellationToken);

    public Task AwaitConditionAsync(
        Func<bool> conditionIsFulfilled, TimeSpan? max, TimeSpan? interval, string? message = null, CancellationToken cancellationToken = default) =>
        Holds(conditionIsFulfilled, max, interval, message, cancellationToken);

    public Task AwaitConditionAsync(
        Func<Task<bool>> conditionIsFulfilled, TimeSpan? max, TimeSpan? interval, string? message = null, CancellationToken cancellationToken = default) =>
        Holds(conditionIsFulfilled, max, interval, message, cancellationToken);

    /// <summary>Waits until a condition holds and answers whether it did in time.</summary>
    public bool AwaitConditionNoThrow(
        Func<bool> conditionIsFulfilled, TimeSpan max, TimeSpan? interval = null, CancellationToken cancellationToken = default) =>
        Run(Poll(Lifted(conditionIsFulfilled), Dilated(max), interval, cancellationToken));

    public Task<bool> AwaitConditionNoThrowAsync(
        Func<bool> conditionIsFulfilled, TimeSpan max, TimeSpan? interval = null, CancellationToken cancellationToken = default) =>
        Poll(Lifted(conditionIsFulfilled), Dilated(max), interval, cancellationToken);

    public Task<bool> AwaitConditionNoThrowAsync(
        Func<Task<bool>> conditionIsFulfilled, TimeSpan max, TimeSpan? interval = null, CancellationToken cancellationToken = default) =>
        Poll(conditionIsFulfilled, Dilated(max), interval, cancellationToken);

    /// <summary>Tries an assertion until it no longer throws; when time is out, its last failure is the test's.</summary>
    public void AwaitAssert(Action assertion, TimeSpan? duration = null, TimeSpan? interval = null, CancellationToken cancellationToken = default) =>
        Run(AwaitAssertAsync(assertion, duration, interval, cancellationToken));

    public Task AwaitAssertAsync(Action assertion, TimeSpan? duration = null, TimeSpan? interval = null, CancellationToken cancellationToken = default) =>
        AwaitAssertAsync(() => { assertion(); return Task.CompletedTask; }, duration, interval, cancellationToken);

    public async Task AwaitAssertAsync(
        Func<Task> assertion, TimeSpan? duration = null, TimeSpan? interval = null, CancellationToken cancellationToken = default)
    {
        var end = Now + RemainingOrDilated(duration);
        var attempt = ImplicitSender.Keep<bool, Task>(_ => assertion());
        while (true)
        {
            try
            {
                await attempt(true).ConfigureAwait(false);
                return;
            }
            catch (Exception) when (Now + (interval ?? Pause) < end)
            {
                await Task.Delay(interval ?? Pause, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    private Task Holds(Func<bool> condition, TimeSpan? max, TimeSpan? interval, string? message, CancellationToken cancellation) =>
        Holds(Lifted(condition), max, interval, message, cancellation);

    private async Task Holds(Func<Task<bool>> condition, TimeSpan? max, TimeSpan? interval, string? message, CancellationToken cancellation)
    {
        var wait = RemainingOrDilated(max);
        if (!await Poll(condition, wait, interval, cancellation).ConfigureAwait(false))
            _assertions.Fail($"Timeout {wait} expired while waiting for condition. {message}");
    }

    private static async Task<bool> Poll(Func<Task<bool>> condition, TimeSpan max, TimeSpan? interval, CancellationToken cancellation)
    {
        var end = Now + max;
        var holds = ImplicitSender.Keep<bool, Task<bool>>(_ => condition());
        var pause = interval ?? TimeSpan.FromMilliseconds(Math.Clamp(max.TotalMilliseconds / 10, 5, 100));
        while (!await holds(true).ConfigureAwait(false))
        {
            var left = Left(end);
            if (left == TimeSpan.Zero) return false;
            await Task.Delay(Min(pause, left), cancellation).ConfigureAwait(false);
        }
        return true;
    }

    private static Func<Task<bool>> Lifted(Func<bool> condition) => () => Task.FromResult(condition());
}
