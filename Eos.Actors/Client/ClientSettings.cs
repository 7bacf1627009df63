using Eos.Kernel;

namespace Eos.Client;

/// <summary>Knobs of a client: `eos.client` in eos.reference.conf.</summary>
public sealed record ClientSettings
{
    public ClientSettings(TimeSpan firstRetry, TimeSpan lastRetry, TransferSettings transfer)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(firstRetry, TimeSpan.FromMilliseconds(10));
        ArgumentOutOfRangeException.ThrowIfLessThan(lastRetry, firstRetry);
        (FirstRetry, LastRetry, Transfer) = (firstRetry, lastRetry, transfer);
    }

    public static ClientSettings From(Settings s) => new(s.Duration("first-retry"), s.Duration("last-retry"), TransferSettings.From(s.Section("transfer")));

    /// <summary>A request without an answer is repeated after this time, then after twice as long, and so on.</summary>
    public TimeSpan FirstRetry { get; }

    /// <summary>The longest pause between two repetitions.</summary>
    public TimeSpan LastRetry { get; }

    public TransferSettings Transfer { get; }
}

/// <summary>Knobs of moving bytes: `eos.client.transfer`.</summary>
public sealed record TransferSettings
{
    public TransferSettings(int tries, TimeSpan pause, TimeSpan patience, TimeSpan avoid, long replay)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(tries, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(tries, 100);
        ArgumentOutOfRangeException.ThrowIfLessThan(pause, TimeSpan.FromMilliseconds(1));
        ArgumentOutOfRangeException.ThrowIfLessThan(patience, TimeSpan.FromSeconds(1));
        ArgumentOutOfRangeException.ThrowIfNegative(replay);
        (Tries, Pause, Patience, Avoid, Replay) = (tries, pause, patience, avoid, replay);
    }

    public static TransferSettings From(Settings s) =>
        new(s.Int("tries"), s.Duration("pause"), s.Duration("patience"), s.Duration("avoid"), s.Bytes("replay"));

    /// <summary>Places that are tried for one file.</summary>
    public int Tries { get; }

    /// <summary>Before the third try, and twice as long before each further one.</summary>
    public TimeSpan Pause { get; }

    /// <summary>A server that neither takes nor gives a byte for so long counts as dead.</summary>
    public TimeSpan Patience { get; }

    /// <summary>For so long a filesystem that failed is not asked for, as long as there are others.</summary>
    public TimeSpan Avoid { get; }

    /// <summary>So many bytes of a source that can't be set back are remembered, to begin again elsewhere.</summary>
    public long Replay { get; }
}
