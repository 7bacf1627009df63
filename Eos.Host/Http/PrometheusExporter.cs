using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Globalization;
using System.Text;

namespace Eos.Host.Http;

/// <summary>Gathers what all meters named Eos… and Akka… measure and writes it, with the figures of the process, as Prometheus text (version 0.0.4).</summary>
internal sealed class PrometheusExporter : IDisposable
{
    private static readonly double[] Buckets = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 60];
    private readonly MeterListener _listener = new();
    private readonly ConcurrentDictionary<Instrument, ConcurrentDictionary<string, Series>> _instruments = new();

    public PrometheusExporter()
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Name.StartsWith("Eos", StringComparison.Ordinal) || instrument.Meter.Name.StartsWith("Akka", StringComparison.Ordinal))
                listener.EnableMeasurementEvents(instrument);
        };
        _listener.MeasurementsCompleted = (instrument, _) => _instruments.TryRemove(instrument, out var ended);
        _listener.SetMeasurementEventCallback<byte>((i, v, tags, _) => Take(i, v, tags));
        _listener.SetMeasurementEventCallback<short>((i, v, tags, _) => Take(i, v, tags));
        _listener.SetMeasurementEventCallback<int>((i, v, tags, _) => Take(i, v, tags));
        _listener.SetMeasurementEventCallback<long>((i, v, tags, _) => Take(i, v, tags));
        _listener.SetMeasurementEventCallback<float>((i, v, tags, _) => Take(i, v, tags));
        _listener.SetMeasurementEventCallback<double>((i, v, tags, _) => Take(i, v, tags));
        _listener.Start();
    }

    /// <summary>The whole page.</summary>
    public string Write()
    {
        _listener.RecordObservableInstruments();
        var text = new StringBuilder(16 * 1024);
        foreach (var (instrument, series) in _instruments.OrderBy(pair => pair.Key.Name, StringComparer.Ordinal)) WriteInstrument(text, instrument, series);
        WriteProcess(text);
        return text.ToString();
    }

    public void Dispose() => _listener.Dispose();

    private void Take(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var series = _instruments.GetOrAdd(instrument, _ => new ConcurrentDictionary<string, Series>());
        var one = series.GetOrAdd(Labels(tags), _ => new Series(IsHistogram(instrument) ? Buckets.Length + 1 : 0));
        if (instrument.IsObservable) one.Set(value);
        else one.Add(value);
    }

    private static void WriteInstrument(StringBuilder text, Instrument instrument, ConcurrentDictionary<string, Series> series)
    {
        var counter = instrument.GetType().Name.StartsWith("Counter", StringComparison.Ordinal) || instrument.GetType().Name.StartsWith("ObservableCounter", StringComparison.Ordinal);
        var name = Name(instrument.Name) + (counter && !instrument.Name.EndsWith("_total", StringComparison.Ordinal) ? "_total" : "");
        if (!string.IsNullOrEmpty(instrument.Description)) text.Append("# HELP ").Append(name).Append(' ').Append(instrument.Description.Replace('\n', ' ')).Append('\n');
        text.Append("# TYPE ").Append(name).Append(IsHistogram(instrument) ? " histogram\n" : counter ? " counter\n" : " gauge\n");
        foreach (var (labels, one) in series.OrderBy(pair => pair.Key, StringComparer.Ordinal))
        {
            if (!IsHistogram(instrument))
            {
                Line(text, name, labels, one.Sum);
                continue;
            }

            var (separator, total) = (labels.Length > 0 ? "," : "", 0L);
            for (var i = 0; i <= Buckets.Length; i++)
            {
                total += one.Count(i);
                Line(text, name + "_bucket", $"{labels}{separator}le=\"{(i == Buckets.Length ? "+Inf" : Number(Buckets[i]))}\"", total);
            }

            Line(text, name + "_sum", labels, one.Sum);
            Line(text, name + "_count", labels, total);
        }
    }

    private static void WriteProcess(StringBuilder text)
    {
        using var process = Process.GetCurrentProcess();
        Gauge("process_cpu_seconds_total", "counter", "User and system time of the process", process.TotalProcessorTime.TotalSeconds);
        Gauge("process_resident_memory_bytes", "gauge", "Memory that the process holds", process.WorkingSet64);
        Gauge("process_virtual_memory_bytes", "gauge", "Address space of the process", process.VirtualMemorySize64);
        Gauge("process_start_time_seconds", "gauge", "When the process started, in seconds since 1970", (process.StartTime.ToUniversalTime() - DateTime.UnixEpoch).TotalSeconds);
        if (OperatingSystem.IsLinux()) Gauge("process_open_fds", "gauge", "Open file descriptors", Directory.EnumerateFileSystemEntries("/proc/self/fd").Count());
        Gauge("process_threads", "gauge", "Threads of the process", process.Threads.Count);
        Gauge("dotnet_gc_heap_bytes", "gauge", "Managed heap", GC.GetTotalMemory(forceFullCollection: false));
        Gauge("dotnet_gc_allocated_bytes_total", "counter", "Bytes allocated on the managed heap", GC.GetTotalAllocatedBytes());
        text.Append("# HELP dotnet_gc_collections_total Garbage collections\n# TYPE dotnet_gc_collections_total counter\n");
        for (var generation = 0; generation <= GC.MaxGeneration; generation++) Line(text, "dotnet_gc_collections_total", $"generation=\"{generation}\"", GC.CollectionCount(generation));
        Gauge("dotnet_gc_pause_seconds_total", "counter", "Time that garbage collection stopped the process", GC.GetTotalPauseDuration().TotalSeconds);
        Gauge("dotnet_threadpool_threads", "gauge", "Threads of the pool", ThreadPool.ThreadCount);
        Gauge("dotnet_threadpool_queue", "gauge", "Work that waits for a thread of the pool", ThreadPool.PendingWorkItemCount);
        Gauge("dotnet_threadpool_completed_total", "counter", "Work done by the pool", ThreadPool.CompletedWorkItemCount);

        void Gauge(string name, string type, string help, double value)
        {
            text.Append("# HELP ").Append(name).Append(' ').Append(help).Append("\n# TYPE ").Append(name).Append(' ').Append(type).Append('\n');
            Line(text, name, "", value);
        }
    }

    private static void Line(StringBuilder text, string name, string labels, double value)
    {
        text.Append(name);
        if (labels.Length > 0) text.Append('{').Append(labels).Append('}');
        text.Append(' ').Append(Number(value)).Append('\n');
    }

    private static bool IsHistogram(Instrument instrument) => instrument.GetType().Name.StartsWith("Histogram", StringComparison.Ordinal);

    private static string Number(double value) => value.ToString("R", CultureInfo.InvariantCulture);

    private static string Name(string name) => new([.. name.Select(c => char.IsAsciiLetterOrDigit(c) || c == '_' ? c : '_')]);

    private static string Labels(ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        if (tags.IsEmpty) return "";
        var text = new StringBuilder();
        foreach (var (key, value) in tags)
        {
            if (text.Length > 0) text.Append(',');
            var shown = Convert.ToString(value, CultureInfo.InvariantCulture) ?? "";
            text.Append(Name(key)).Append("=\"").Append(shown.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal)).Append('"');
        }

        return text.ToString();
    }

    /// <summary>One line of one instrument; written from any thread.</summary>
    private sealed class Series(int buckets)
    {
        private readonly long[] _counts = new long[buckets];
        private double _sum;

        public double Sum => Volatile.Read(ref _sum);

        public long Count(int bucket) => Interlocked.Read(ref _counts[bucket]);

        public void Set(double value) => Volatile.Write(ref _sum, value);

        public void Add(double value)
        {
            if (buckets > 0)
            {
                var bucket = 0;
                while (bucket < Buckets.Length && value > Buckets[bucket]) bucket++;
                Interlocked.Increment(ref _counts[bucket]);
            }

            for (var seen = Volatile.Read(ref _sum); ;)
            {
                var before = Interlocked.CompareExchange(ref _sum, seen + value, seen);
                if (before.Equals(seen)) return;
                seen = before;
            }
        }
    }
}
