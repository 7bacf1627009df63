namespace Eos.Client;

/// <summary>A source that may be read again from where it began: by setting it back, or, if it can't be, as long as no more than so many bytes were taken.</summary>
internal sealed class ReplayStream(Stream inner, long limit) : Stream
{
    private readonly long _begin = inner.CanSeek ? inner.Position : 0;
    private MemoryStream? _taken = inner.CanSeek ? null : new MemoryStream();
    private long _replayed;

    public bool CanRewind => inner.CanSeek || _taken is not null;

    /// <summary>Bytes that are to come, if the source knows.</summary>
    public long? Left => inner.CanSeek ? inner.Length - _begin : null;

    public void Rewind()
    {
        if (inner.CanSeek) inner.Position = _begin;
        _replayed = 0;
    }

    public override bool CanRead => true;
    public override bool CanSeek => false;
    public override bool CanWrite => false;
    public override long Length => throw new NotSupportedException();
    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (_taken is not null && _replayed < _taken.Length)
        {
            _taken.Position = _replayed;
            var again = _taken.Read(buffer.Span);
            _replayed += again;
            return again;
        }

        var read = await inner.ReadAsync(buffer, cancellationToken);
        if (_taken is null) return read;
        if (_taken.Length + read > limit) _taken = null;
        else _taken.Write(buffer.Span[..read]);
        _replayed += read;
        return read;
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException("read asynchronously");
    public override void Flush() => throw new NotSupportedException();
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();
    public override void SetLength(long value) => throw new NotSupportedException();
    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
