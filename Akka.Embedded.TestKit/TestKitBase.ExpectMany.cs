namespace Akka.TestKit;

public abstract partial class TestKitBase
{
    /// <summary>Says that the next message is one of these.</summary>
    public T ExpectMsgAnyOf<T>(IEnumerable<T> messages, CancellationToken cancellationToken = default) =>
        Run(ExpectMsgAnyOfAsync(messages, cancellationToken));

    public ValueTask<T> ExpectMsgAnyOfAsync<T>(IEnumerable<T> messages, CancellationToken cancellationToken = default)
    {
        var possible = messages.ToList();
        var hint = $"any of [{string.Join(", ", possible)}]";
        return Expect<T>((m, _) => _assertions.AssertTrue(possible.Contains(m), $"Expected {hint}, found {m}"), null, hint, cancellationToken);
    }

    /// <summary>Says that the next messages are these, in any order.</summary>
    public IReadOnlyCollection<T> ExpectMsgAllOf<T>(params T[] messages) => Run(All(messages, RemainingOrDefault, default));

    public IReadOnlyCollection<T> ExpectMsgAllOf<T>(TimeSpan max, params T[] messages) => Run(All(messages, Dilated(max), default));

    public IReadOnlyCollection<T> ExpectMsgAllOf<T>(IReadOnlyCollection<T> messages, CancellationToken cancellationToken = default) =>
        Run(All(messages, RemainingOrDefault, cancellationToken));

    public IReadOnlyCollection<T> ExpectMsgAllOf<T>(TimeSpan max, IReadOnlyCollection<T> messages, CancellationToken cancellationToken = default) =>
        Run(All(messages, Dilated(max), cancellationToken));

    public IAsyncEnumerable<T> ExpectMsgAllOfAsync<T>(IReadOnlyCollection<T> messages, CancellationToken cancellationToken = default) =>
        Later(All(messages, RemainingOrDefault, cancellationToken));

    public IAsyncEnumerable<T> ExpectMsgAllOfAsync<T>(TimeSpan max, IReadOnlyCollection<T> messages, CancellationToken cancellationToken = default) =>
        Later(All(messages, Dilated(max), cancellationToken));

    private async Task<IReadOnlyCollection<T>> All<T>(IReadOnlyCollection<T> expected, TimeSpan max, CancellationToken cancellation)
    {
        var received = await Many(expected.Count, max, cancellation).ConfigureAwait(false);
        var missing = expected.ToList();
        var unexpected = received.Where(m => m is not T t || !missing.Remove(t)).ToList();
        if (missing.Count > 0)
            _assertions.Fail($"Could not find [{string.Join(", ", missing)}], found unexpected [{string.Join(", ", unexpected)}]");
        return [.. received.Cast<T>()];
    }
}
