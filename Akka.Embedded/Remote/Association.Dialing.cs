using Akka.Actor;

namespace Akka.Remote;

/// <summary>Connecting: one attempt at a time; a failed one closes the gate, at first for a short time, at most for retry-gate-closed-for.</summary>
internal sealed partial class Association
{
    private static readonly TimeSpan FirstGate = TimeSpan.FromMilliseconds(100);

    /// <summary>Milliseconds after which a connection counts as having worked.</summary>
    private const long SteadyAge = 1000;

    private int _dial;
    private int _failures;
    private CancellationTokenSource? _dialing;

    /// <summary>Starts an attempt if none is under way and the gate is open.</summary>
    private void Connect()
    {
        var unreachable = false;
        lock (_gate)
        {
            if (_connection is not null || _link is Link.Dialing || _blocked || _remoting.IsStopping) return;
            if (CanDial) StartDial();
            else
            {
                unreachable = true;
                CloseGate(FirstGate);
            }
        }
        if (unreachable) Empty();
    }

    private void StartDial()
    {
        _link = Link.Dialing;
        var dial = ++_dial;
        _dialing = new CancellationTokenSource();
        var cancel = _dialing.Token;
        _ = Task.Run(() => Dial(dial, cancel));
    }

    private void CancelDial()
    {
        _dial++;
        _dialing?.Cancel();
        _dialing = null;
    }

    private async Task Dial(int dial, CancellationToken cancel)
    {
        try
        {
            var connection = await Dialer.Open(_remoting, this, cancel).ConfigureAwait(false);
            try
            {
                Adopt(connection, dial, _adopted);
            }
            catch
            {
                connection.Dispose();
                throw;
            }
            _remoting.Established(this, connection);
        }
        catch (Exception e)
        {
            DialFailed(dial, e);
        }
    }

    private TimeSpan NextGate()
    {
        var limit = _remoting.Settings.RetryGate;
        var gate = FirstGate * Math.Pow(2, Math.Min(_failures++, 16));
        return gate < limit ? gate : limit;
    }

    private void DialFailed(int dial, Exception cause)
    {
        bool duplicate;
        lock (_gate)
        {
            if (dial != _dial || _link != Link.Dialing) return;
            _dialing = null;
            // The other side's own attempt is on its way here: keep what waits, and look again soon.
            duplicate = cause is RefusedException { Reason: Refusal.Duplicate, ByPeer: true } && _quarantined is null;
            if (duplicate) _link = Link.Idle;
            else CloseGate(NextGate());
        }
        if (duplicate) _ = Task.Delay(FirstGate).ContinueWith(_ => Wake(), TaskScheduler.Default);
        else
        {
            _remoting.DialFailed(this, cause, _failures, _gateOpens - Environment.TickCount64);
            Empty();
        }
    }

    /// <summary>Regular upkeep: gates, idle connections, system messages that nobody confirms.</summary>
    public void Tick(long now)
    {
        var settings = _remoting.Settings;
        if (_blocked && _quarantined is null) TryUnblock();
        if (!_blocked && _connection is null && WantsConnection) Wake();
        if (_connection is { } connection)
        {
            if (now - Volatile.Read(ref connection.LastRead) > settings.IdleLimit.TotalMilliseconds)
                Lost(connection, new TimeoutException($"nothing was heard for {settings.IdleLimit}"));
            else if (now - Volatile.Read(ref connection.LastWrite) > settings.IdleHeartbeat.TotalMilliseconds) PingSoon();
        }
        if (_system.Waiting > settings.SystemMessageTimeout.TotalMilliseconds)
        {
            Quarantine(null, $"system messages were not confirmed for {settings.SystemMessageTimeout}");
            _system.Clear();
        }
    }
}
