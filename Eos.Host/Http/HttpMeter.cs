using System.Diagnostics;
using System.Diagnostics.Metrics;
using Microsoft.AspNetCore.Http;

namespace Eos.Host.Http;

/// <summary>Counts requests: how many, how long, how they ended, how many run now.</summary>
internal sealed class HttpMeter : IDisposable
{
    private readonly Meter _meter = new("Eos.Http");
    private readonly Counter<long> _requests;
    private readonly Histogram<double> _seconds;
    private readonly UpDownCounter<long> _active;

    public HttpMeter()
    {
        _requests = _meter.CreateCounter<long>("eos_http_requests", null, "HTTP requests answered");
        _seconds = _meter.CreateHistogram<double>("eos_http_request_seconds", "s", "Time from the first header to the last byte");
        _active = _meter.CreateUpDownCounter<long>("eos_http_requests_active", null, "HTTP requests being served");
    }

    /// <summary>Starts to measure one request; disposing ends it.</summary>
    public Measured Begin(string port, HttpContext http)
    {
        _active.Add(1, new KeyValuePair<string, object?>("port", port));
        return new Measured(this, port, http, Stopwatch.GetTimestamp());
    }

    public void Dispose() => _meter.Dispose();

    private void End(string port, HttpContext http, long began)
    {
        var (portTag, methodTag) = (new KeyValuePair<string, object?>("port", port), new KeyValuePair<string, object?>("method", http.Request.Method));
        _active.Add(-1, portTag);
        _requests.Add(1, portTag, methodTag, new KeyValuePair<string, object?>("status", http.Response.StatusCode));
        _seconds.Record(Stopwatch.GetElapsedTime(began).TotalSeconds, portTag, methodTag);
    }

    internal readonly struct Measured(HttpMeter meter, string port, HttpContext http, long began) : IDisposable
    {
        public void Dispose() => meter.End(port, http, began);
    }
}
