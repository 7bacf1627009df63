using System.Collections.Concurrent;
using System.Globalization;
using Eos.Kernel;
using static Eos.Kv.SystemProtocol;

namespace Eos.Journal;

/// <summary>This node's session is over for good: what it held is others' now. Published on the event stream, once; the node has to leave the cluster and to begin anew.</summary>
public sealed record NodeSessionLost(string Holder, string Why);

/// <summary>
/// The lease that says that this run of the node lives, and the leases that last as long as it does. Any thread may ask, at any time and without waiting.
/// Once lost it does not come back: who comes back is another incarnation, with a session of its own.
/// </summary>
public sealed class NodeSession
{
    /// <summary>Names of the sessions' leases begin so; the holder follows.</summary>
    public const string Prefix = "node-session/";

    private readonly IClock _clock;
    private readonly TaskCompletionSource<Fence> _begun = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource _over = new();
    private readonly ConcurrentDictionary<string, ulong> _bound = new(StringComparer.Ordinal);
    private long _heldUntil = long.MinValue;

    /// <param name="place">Where the node is reached, "host:port".</param>
    /// <param name="uid">Tells this run of the node from all others at that place.</param>
    internal NodeSession(string place, int uid, IClock clock)
    {
        _clock = clock;
        Holder = string.Create(CultureInfo.InvariantCulture, $"{place}#{uid}");
        LeaseName = Prefix + Holder;
    }

    /// <summary>This run of this node: "host:port#uid".</summary>
    public string Holder { get; }

    public string LeaseName { get; }

    /// <summary>
    /// Whether the session still holds for certain. Asked after a value was read and before it is handed out: true means that the value was current. False is no loss yet:
    /// perhaps a renewal is only late.
    /// </summary>
    public bool Holds => _clock.Now.Nanoseconds < Volatile.Read(ref _heldUntil);

    /// <summary>By what this node may write; ends never before the session has begun, and stays the same.</summary>
    public Task<Fence> Begun => _begun.Task;

    /// <summary>Cancelled when the session is lost.</summary>
    public CancellationToken Over => _over.Token;

    /// <summary>The fence of a lease that is bound to the session; null while this node has none of that name.</summary>
    public Fence? FenceOf(string lease) => !_over.IsCancellationRequested && _bound.TryGetValue(lease, out var token) ? new Fence(lease, token) : null;

    internal void Begin(ulong token) => _begun.TrySetResult(new Fence(LeaseName, token));

    /// <summary>Believed until then; a renewal that was answered late takes nothing back.</summary>
    internal void Hold(Instant until)
    {
        if (!_over.IsCancellationRequested) Volatile.Write(ref _heldUntil, Math.Max(until.Nanoseconds, Volatile.Read(ref _heldUntil)));
    }

    internal void Lose()
    {
        Volatile.Write(ref _heldUntil, long.MinValue);
        _bound.Clear();
        _over.Cancel();
    }

    internal void Bind(string lease, ulong token) => _bound[lease] = token;

    internal void Unbind(string lease, ulong token) => _bound.TryRemove(KeyValuePair.Create(lease, token));
}
