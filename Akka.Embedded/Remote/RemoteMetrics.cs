using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Akka.Actor;

namespace Akka.Remote;

/// <summary>Counters of one system's remoting, also exported by the meter "Akka.Embedded.Remote", tagged with the system's address.</summary>
internal sealed class RemoteMetrics
{
    private static readonly Meter Meter = new("Akka.Embedded.Remote");
    private static readonly ConcurrentDictionary<RemoteMetrics, KeyValuePair<string, object?>> All = new();

    private readonly Func<(int Connections, long Queued)> _levels;
    private long _messagesSent, _messagesReceived, _batchesSent, _framesReceived, _bytesSent, _bytesReceived, _dropped, _refused;

    static RemoteMetrics()
    {
        Counter("akka.remote.messages.sent", m => m._messagesSent);
        Counter("akka.remote.messages.received", m => m._messagesReceived);
        Counter("akka.remote.batches.sent", m => m._batchesSent);
        Counter("akka.remote.frames.received", m => m._framesReceived);
        Counter("akka.remote.bytes.sent", m => m._bytesSent);
        Counter("akka.remote.bytes.received", m => m._bytesReceived);
        Counter("akka.remote.messages.dropped", m => m._dropped);
        Counter("akka.remote.messages.refused", m => m._refused);
        Meter.CreateObservableGauge("akka.remote.connections", () => Read(m => (long)m._levels().Connections));
        Meter.CreateObservableGauge("akka.remote.queue", () => Read(m => m._levels().Queued));
    }

    public RemoteMetrics(Func<(int Connections, long Queued)> levels)
    {
        _levels = levels;
    }

    public long MessagesDropped => Volatile.Read(ref _dropped);

    public long MessagesRefused => Volatile.Read(ref _refused);

    public void Export(Address address) => All[this] = new("system", address.ToString());

    public void Retire() => All.TryRemove(this, out _);

    public void Sent(int messages, int bytes)
    {
        Interlocked.Add(ref _messagesSent, messages);
        Interlocked.Add(ref _bytesSent, bytes);
        Interlocked.Increment(ref _batchesSent);
    }

    public void Received(int frames, int messages, long bytes)
    {
        Interlocked.Add(ref _framesReceived, frames);
        Interlocked.Add(ref _messagesReceived, messages);
        Interlocked.Add(ref _bytesReceived, bytes);
    }

    public void Dropped(int messages) => Interlocked.Add(ref _dropped, messages);

    public long Refused() => Interlocked.Increment(ref _refused);

    private static void Counter(string name, Func<RemoteMetrics, long> value) => Meter.CreateObservableCounter(name, () => Read(value));

    private static IEnumerable<Measurement<long>> Read(Func<RemoteMetrics, long> value) =>
        All.Select(pair => new Measurement<long>(value(pair.Key), pair.Value));
}
