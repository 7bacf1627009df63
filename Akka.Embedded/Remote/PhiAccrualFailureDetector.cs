using Akka.Configuration;
using Akka.Event;

namespace Akka.Remote;

/// <summary>
/// The phi accrual failure detector of Hayashibara, Défago, Yared and Katayama (2004): suspicion grows with the silence, measured by the
/// distribution of past intervals. phi = -log10(1 - F(time since the last heartbeat)), F being the normal distribution, approximated by a logistic one.
/// </summary>
public class PhiAccrualFailureDetector : FailureDetector
{
    private readonly object _gate = new();
    private readonly double _threshold;
    private readonly double _minStdDeviation;
    private readonly double _acceptablePause;
    private readonly HeartbeatHistory _history;
    private readonly Clock _clock;
    private long? _last;

    /// <param name="threshold">The phi above which the resource counts as gone; higher is more patient.</param>
    /// <param name="maxSampleSize">How many intervals are remembered.</param>
    /// <param name="minStdDeviation">The least deviation used, so that very regular heartbeats don't make it too strict.</param>
    /// <param name="acceptableHeartbeatPause">Silence that is forgiven on top of the mean.</param>
    /// <param name="firstHeartbeatEstimate">The interval assumed until there are samples.</param>
    /// <param name="clock">Milliseconds; the default is the process's uptime.</param>
    public PhiAccrualFailureDetector(double threshold, int maxSampleSize, TimeSpan minStdDeviation, TimeSpan acceptableHeartbeatPause,
        TimeSpan firstHeartbeatEstimate, Clock? clock = null)
    {
        if (threshold <= 0) throw new ArgumentException("failure-detector.threshold must be > 0");
        if (minStdDeviation <= TimeSpan.Zero) throw new ArgumentException("failure-detector.min-std-deviation must be > 0");
        if (acceptableHeartbeatPause < TimeSpan.Zero) throw new ArgumentException("failure-detector.acceptable-heartbeat-pause must be >= 0");
        if (firstHeartbeatEstimate <= TimeSpan.Zero) throw new ArgumentException("failure-detector.heartbeat-interval must be > 0");
        _threshold = threshold;
        _minStdDeviation = minStdDeviation.TotalMilliseconds;
        _acceptablePause = acceptableHeartbeatPause.TotalMilliseconds;
        _clock = clock ?? DefaultClock;
        _history = new HeartbeatHistory(maxSampleSize);

        // Two samples around the estimate give it as the mean, and a wide deviation, since it is only a guess.
        var estimate = (long)firstHeartbeatEstimate.TotalMilliseconds;
        _history.Add(estimate - estimate / 4);
        _history.Add(estimate + estimate / 4);
    }

    /// <summary>From the keys threshold, max-sample-size, min-std-deviation, acceptable-heartbeat-pause and heartbeat-interval.</summary>
    public PhiAccrualFailureDetector(Config config, EventStream ev) : this(
        config.GetDouble("threshold"), config.GetInt("max-sample-size"), config.GetTimeSpan("min-std-deviation"),
        config.GetTimeSpan("acceptable-heartbeat-pause"), config.GetTimeSpan("heartbeat-interval"))
    {
    }

    public override bool IsAvailable => PhiNow < _threshold;

    public override bool IsMonitoring
    {
        get
        {
            lock (_gate) return _last is not null;
        }
    }

    internal double PhiNow
    {
        get
        {
            lock (_gate) return PhiAt(_clock());
        }
    }

    /// <summary>An interval that already looked like a failure is not learned.</summary>
    public override void HeartBeat()
    {
        lock (_gate)
        {
            var now = _clock();
            if (_last is { } last && PhiAt(now) < _threshold) _history.Add(now - last);
            _last = now;
        }
    }

    private double PhiAt(long now) => _last is { } last
        ? Phi(now - last, _history.Mean + _acceptablePause, Math.Max(_history.StdDeviation, _minStdDeviation))
        : 0;

    /// <summary>The logistic approximation of the normal distribution's tail, in decimal logarithms.</summary>
    internal static double Phi(double silence, double mean, double deviation)
    {
        var y = (silence - mean) / deviation;
        var e = Math.Exp(-y * (1.5976 + 0.070566 * y * y));
        return silence > mean ? -Math.Log10(e / (1 + e)) : -Math.Log10(1 - 1 / (1 + e));
    }
}
