namespace Eos.Tests.Support;

/// <summary>Repeats a question until its answer is the wanted one; the time between tries is the question's own, or a timer's.</summary>
public static class Eventually
{
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <summary>Asks until <paramref name="good"/>; a failed question counts as a bad answer. The message names the last answer.</summary>
    public static async Task<T> Is<T>(Func<Task<T>> question, Func<T, bool> good, string what)
    {
        using var patience = new CancellationTokenSource(Patience);
        using var pace = new PeriodicTimer(TimeSpan.FromMilliseconds(25));
        object last = "nothing";
        try
        {
            do
            {
                try
                {
                    var answer = await question();
                    if (good(answer)) return answer;
                    last = answer is System.Collections.IEnumerable and not string ? string.Join(", ", ((System.Collections.IEnumerable)answer).Cast<object?>()) : answer!;
                }
                catch (Exception e) when (e is not OperationCanceledException || !patience.IsCancellationRequested)
                {
                    last = e.Message;
                }
            }
            while (await pace.WaitForNextTickAsync(patience.Token));
        }
        catch (OperationCanceledException)
        {
        }
        throw new TimeoutException($"{what}: not within {Patience.TotalSeconds:N0} s; last seen: {last}");
    }

    /// <summary>Looks again and again for that long whether something that should not happen has happened.</summary>
    public static async Task Stays(Func<bool> condition, TimeSpan time, string otherwise)
    {
        var clock = System.Diagnostics.Stopwatch.StartNew();
        using var pace = new PeriodicTimer(TimeSpan.FromMilliseconds(25));
        do Assert.True(condition(), otherwise);
        while (clock.Elapsed < time && await pace.WaitForNextTickAsync());
    }

    public static Task True(Func<bool> condition, string what) => Is(() => Task.FromResult(condition()), ok => ok, what);
}
