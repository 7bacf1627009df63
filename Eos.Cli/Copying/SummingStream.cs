using Eos.Fst;
using Eos.Kernel;

namespace Eos.Cli.Copying;

/// <summary>Passes bytes through, one way only, and sums them on the way. It can be set back to where it began if what is below can.</summary>
internal sealed class SummingStream(Stream inner, ChecksumType type) : Stream
{
    private readonly long _begin = inner.CanSeek ? inner.Position : 0;
    private ChecksumStream _sum = ChecksumStream.Of(type);

    public long Count { get; private set; }

    public Checksum Finish() => _sum.FinishValue();

    public override bool CanRead => inner.CanRead;
    public override bool CanWrite => inner.CanWrite;
    public override bool CanSeek => inner.CanSeek;
    public override long Length => inner.Length - _begin;

    public override long Position
    {
        get => Count;
        set
        {
            if (value != 0) throw new NotSupportedException("a passing stream can be set back to its beginning only");
            inner.Position = _begin;
            _sum.Dispose();
            (_sum, Count) = (ChecksumStream.Of(type), 0);
        }
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var read = await inner.ReadAsync(buffer, cancellationToken);
        Pass(buffer.Span[..read]);
        return read;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count)
    {
        var read = inner.Read(buffer, offset, count);
        Pass(buffer.AsSpan(offset, read));
        return read;
    }

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        await inner.WriteAsync(buffer, cancellationToken);
        Pass(buffer.Span);
    }

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override void Write(byte[] buffer, int offset, int count)
    {
        inner.Write(buffer, offset, count);
        Pass(buffer.AsSpan(offset, count));
    }

    public override void Flush() => inner.Flush();
    public override Task FlushAsync(CancellationToken cancellationToken) => inner.FlushAsync(cancellationToken);
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException("a passing stream cannot be set back");
    public override void SetLength(long value) => inner.SetLength(_begin + value);

    protected override void Dispose(bool disposing)
    {
        if (disposing) _sum.Dispose();
        base.Dispose(disposing);
    }

    private void Pass(ReadOnlySpan<byte> bytes)
    {
        _sum.Append(bytes);
        Count += bytes.Length;
    }
}
