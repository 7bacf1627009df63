using Eos.Kernel;

namespace Eos.Fst;

/// <summary>How busy a filesystem was since it was last asked.</summary>
internal sealed class LoadGauge(FilesystemMeter meter, Instant start)
{
    private Instant _at = start;
    private (long Read, long Written, TimeSpan Busy) _before;
    private FstProtocol.FsLoad _last = FstProtocol.FsLoad.Idle;

    /// <summary>Rates in MB/s and the device's share of busy time since the last call; less than a tenth of a second gives the last figures again.</summary>
    public FstProtocol.FsLoad Since(DiskSpace space, Instant now)
    {
        var seconds = (now - _at).TotalSeconds;
        if (seconds < 0.1) return _last;
        var current = (Read: meter.BytesRead, Written: meter.BytesWritten, space.Busy);
        var busy = _before.Busy > TimeSpan.Zero ? Math.Clamp((current.Busy - _before.Busy).TotalSeconds / seconds, 0, 1) : 0;
        _last = new FstProtocol.FsLoad(busy, (current.Read - _before.Read) / seconds / 1e6, (current.Written - _before.Written) / seconds / 1e6, 0, 0);
        (_at, _before) = (now, current);
        return _last;
    }
}
