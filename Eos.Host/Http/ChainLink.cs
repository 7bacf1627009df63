using System.Buffers;
using System.IO.Pipelines;
using System.Net;
using Eos.Fst;
using Eos.Kernel;

namespace Eos.Host.Http;

/// <summary>
/// The way from one data server of an upload to the next: bytes go out while they come in, a few blocks ahead at most, so that the slower of disk and
/// link sets the pace for all. What goes wrong there is thrown here as <see cref="PeerFault"/>.
/// </summary>
internal sealed class ChainLink : IAsyncDisposable
{
    private const int BlocksAhead = 4;
    private readonly Pipe _pipe;
    private readonly CancellationTokenSource _broken = new();
    private readonly TaskCompletionSource _taken = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Task<PeerReplica> _answer;

    private readonly ChainGrant _next;
    private readonly TimeSpan _answerTimeout;

    private ChainLink(PeerPort peers, ChainGrant next, ulong? size, Instant modified, HttpSettings settings)
    {
        (_next, _answerTimeout) = (next, settings.CommitTimeout);
        _pipe = new Pipe(new PipeOptions(
            pauseWriterThreshold: BlocksAhead * settings.BlockSize,
            resumeWriterThreshold: BlocksAhead / 2 * settings.BlockSize,
            minimumSegmentSize: settings.BlockSize,
            useSynchronizationContext: false));
        _answer = RunAsync(peers, next, size, modified);
    }

    /// <summary>Opens the way to the place behind; null at the end of the chain. Returns when that place, and all behind it, take bytes.</summary>
    public static async Task<ChainLink?> OpenAsync(PeerPort peers, ChainGrant here, ulong? size, Instant modified, HttpSettings settings)
    {
        if (here.Next is not { } next) return null;
        var link = new ChainLink(peers, next, size, modified, settings);
        try
        {
            await await Task.WhenAny(link._taken.Task, link._answer);
            return link;
        }
        catch
        {
            await link.DisposeAsync();
            throw;
        }
    }

    public void Write(ReadOnlySpan<byte> piece) => _pipe.Writer.Write(piece);

    /// <summary>Waits while the next server is behind.</summary>
    public async ValueTask FlushAsync(CancellationToken cancel)
    {
        if ((await _pipe.Writer.FlushAsync(cancel)).IsCompleted) await EndedEarlyAsync();
    }

    /// <summary>There are no more bytes; the answer comes when they are on stable storage there.</summary>
    public async Task<PeerReplica> FinishAsync()
    {
        await _pipe.Writer.CompleteAsync();
        try
        {
            return await _answer.WaitAsync(_answerTimeout);
        }
        catch (TimeoutException)
        {
            throw new PeerFault(_next.Place.Fs, Errno.TimedOut, $"filesystem {_next.Place.Fs} has not said within {_answerTimeout.TotalSeconds:0} s that it has the bytes");
        }
    }

    /// <summary>Breaks the connection unless the transfer is over: the next server then leaves nothing.</summary>
    public async ValueTask DisposeAsync()
    {
        await _broken.CancelAsync();
        await _pipe.Writer.CompleteAsync();
        await ((Task)_answer).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _broken.Dispose();
    }

    private async Task EndedEarlyAsync()
    {
        await _answer;
        throw new InvalidOperationException("the next server answered before it had all bytes");
    }

    private async Task<PeerReplica> RunAsync(PeerPort peers, ChainGrant next, ulong? size, Instant modified)
    {
        try
        {
            using var body = new Body(this, next, size, peers.Patience);
            return await peers.StoreAsync(next, body, modified, _broken.Token);
        }
        finally
        {
            await _pipe.Reader.CompleteAsync();   // a writer that waits goes on and finds out
        }
    }

    private sealed class Body(ChainLink link, ChainGrant next, ulong? size, TimeSpan patience) : HttpContent
    {
        protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => SerializeToStreamAsync(stream, context, CancellationToken.None);

        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancel)
        {
            link._taken.TrySetResult();
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
            while (true)
            {
                var read = await link._pipe.Reader.ReadAsync(cancel);
                try
                {
                    limit.CancelAfter(patience);
                    foreach (var piece in read.Buffer) await stream.WriteAsync(piece, limit.Token);
                    limit.CancelAfter(Timeout.InfiniteTimeSpan);
                }
                catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
                {
                    throw new PeerFault(next.Place.Fs, Errno.TimedOut, $"filesystem {next.Place.Fs} took nothing for {patience.TotalSeconds:0} s");
                }

                link._pipe.Reader.AdvanceTo(read.Buffer.End);
                if (read.IsCompleted) return;
            }
        }

        protected override bool TryComputeLength(out long length)
        {
            length = (long)(size ?? 0);
            return size is not null;
        }
    }
}
