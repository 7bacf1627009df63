namespace Eos.Cli;

/// <summary>Standard input whose reader can be called off: the read itself cannot, so it is left behind, and the process ends around it.</summary>
internal sealed class InterruptibleInput(Stream inner) : Stream
{
    public override bool CanRead => true;
    public override bool CanSeek => false;
    public override bool CanWrite => false;
    public override long Length => throw new NotSupportedException("the length of standard input is not known");

    public override long Position
    {
        get => throw new NotSupportedException("standard input has no position");
        set => throw new NotSupportedException("standard input cannot be set back");
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        await inner.ReadAsync(buffer, CancellationToken.None).AsTask().WaitAsync(cancellationToken);

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => inner.Read(buffer, offset, count);
    public override void Flush() { }
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException("standard input cannot be set back");
    public override void SetLength(long value) => throw new NotSupportedException("standard input has no length to set");
    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException("standard input is not written");
}
