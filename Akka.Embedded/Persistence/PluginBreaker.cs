using Akka.Actor;
using Akka.Configuration;

namespace Akka.Persistence;

/// <summary>
/// A plugin's circuit breaker (`circuit-breaker` of its configuration): after too many failures in a row calls fail at once,
/// until after a while one is let through to try. Used from several threads.
/// </summary>
internal sealed class PluginBreaker(Config config)
{
    private readonly object _gate = new();
    private readonly int _maxFailures = config.GetInt("circuit-breaker.max-failures", 10);
    private readonly TimeSpan _callTimeout = config.GetTimeSpan("circuit-breaker.call-timeout", TimeSpan.FromSeconds(10));
    private readonly TimeSpan _resetTimeout = config.GetTimeSpan("circuit-breaker.reset-timeout", TimeSpan.FromSeconds(30));
    private int _failures;
    private long? _openUntil;

    public async Task<T> Run<T>(Func<Task<T>> call)
    {
        Enter();
        try
        {
            var result = await call().WaitAsync(_callTimeout).ConfigureAwait(false);
            lock (_gate)
            {
                _failures = 0;
                _openUntil = null;
            }
            return result;
        }
        catch
        {
            lock (_gate)
                if (++_failures >= _maxFailures) _openUntil = Environment.TickCount64 + (long)_resetTimeout.TotalMilliseconds;
            throw;
        }
    }

    public Task Run(Func<Task> call) => Run(async () =>
    {
        await call().ConfigureAwait(false);
        return true;
    });

    private void Enter()
    {
        lock (_gate)
        {
            if (_openUntil is not { } until) return;
            var now = Environment.TickCount64;
            if (now < until) throw new PluginBreakerOpenException();
            _openUntil = now + (long)_resetTimeout.TotalMilliseconds;   // this call tries; the others wait for what becomes of it
        }
    }
}

/// <summary>The plugin failed too often of late and is left alone for a while.</summary>
internal sealed class PluginBreakerOpenException() : AkkaException("Circuit Breaker is open; calls are failing fast");
