using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Akka.Actor;

namespace Akka.Remote;

/// <summary>Counters of one system's remoting, also exported by the meter "Akka.Embedded.Remote", tagged with the system's address.</summary>
internal sealed class RemoteMetrics
{
    private readonly Func<(int Connections, long Queued)> _levels;
    private bool _exported;
    private long _messagesSent, _messagesReceived, _batchesSent, _framesReceived, _bytesSent, _bytesReceived, _dropped, _refused;

    public RemoteMetrics(Func<(int Connections, long Queued)> levels)
    {
        _levels = levels;
    }

    public void Export(Address address)
    {
        _exported = true;
        Exporter.All[this] = new("system", address.ToString());
    }

    public void Retire()
    {
        if (_exported) Exporter.All.TryRemove(this, out _);
    }

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

    /// <summary>The meter's instruments; made when the first system that listens starts.</summary>
    private static class Exporter
    {
        private static readonly Meter Meter = new("Akka.Embedded.Remote");

        public static readonly ConcurrentDictionary<RemoteMetrics, KeyValuePair<string, object?>> All = new();

        static Exporter()
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

        private static void Counter(string name, Func<RemoteMetrics, long> value) => Meter.CreateObservableCounter(name, () => Read(value));

        private static IEnumerable<Measurement<long>> Read(Func<RemoteMetrics, long> value) =>
            All.Select(pair => new Measurement<long>(value(pair.Key), pair.Value));
    }
}
