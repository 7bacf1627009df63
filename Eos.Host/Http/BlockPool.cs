using System.Buffers;
using System.Collections.Concurrent;
using Microsoft.AspNetCore.Connections;

namespace Eos.Host.Http;

/// <summary>Buffers of one large size for the data port: one system call moves a block, where the server's own pool would take one for 4 KiB.</summary>
/// <remarks>Blocks are pinned and kept for ever, at most <c>kept</c> of them; connections that wait hold none.</remarks>
internal sealed class BlockPool(int blockSize, int kept) : MemoryPool<byte>
{
    private readonly ConcurrentQueue<byte[]> _free = new();

    public override int MaxBufferSize => blockSize;

    public override IMemoryOwner<byte> Rent(int minBufferSize = -1) =>
        minBufferSize > blockSize
            ? throw new ArgumentOutOfRangeException(nameof(minBufferSize), minBufferSize, $"blocks are of {blockSize} bytes")
            : new Block(this, _free.TryDequeue(out var bytes) ? bytes : GC.AllocateUninitializedArray<byte>(blockSize, pinned: true));

    protected override void Dispose(bool disposing) => _free.Clear();

    private void Return(byte[] bytes)
    {
        if (_free.Count < kept) _free.Enqueue(bytes);
    }

    private sealed class Block(BlockPool pool, byte[] bytes) : IMemoryOwner<byte>
    {
        private byte[]? _bytes = bytes;

        public Memory<byte> Memory => _bytes ?? throw new ObjectDisposedException(nameof(Block));

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _bytes, null) is { } returned) pool.Return(returned);
        }
    }
}

/// <summary>Gives all connections of a server the same pool.</summary>
internal sealed class BlockPoolFactory(BlockPool pool) : IMemoryPoolFactory<byte>
{
    public MemoryPool<byte> Create(MemoryPoolOptions? options = null) => pool;
}
