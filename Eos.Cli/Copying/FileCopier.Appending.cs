using System.IO.Pipelines;
using Eos.Kernel;
using Entry = Eos.Gateway.GatewayProtocol.Entry;

namespace Eos.Cli.Copying;

/// <summary>Copies behind what is there already.</summary>
internal sealed partial class FileCopier
{
    /// <summary>A local file becomes longer where it is; one that breaks off is as long as before.</summary>
    private async Task<Copied> AppendLocallyAsync(FileCopy copy, string path, IProgress<long> progress, CancellationToken cancel)
    {
        await using var target = await LocalAsync(path, () => new FileStream(path, FileMode.OpenOrCreate, FileAccess.Write, FileShare.Read, 1, FileOptions.Asynchronous));
        var before = target.Length;
        target.Position = before;
        try
        {
            return await GetAsync(copy, target, progress, cancel);
        }
        catch
        {
            target.SetLength(before);
            throw;
        }
    }

    /// <summary>A file of the namespace is stored anew, first what it had and then what comes: it is the old one or the whole new one at any time.</summary>
    private async Task<Copied> AppendAsync(Entry there, FileCopy copy, IProgress<long> progress, CancellationToken cancel)
    {
        if (there.Kind == Gateway.GatewayProtocol.EntryKind.Directory) throw new EosException(Errno.IsADirectory, $"{copy.To} is a directory");
        var old = new FileCopy(copy.To with { Query = Gateway.GatewayProtocol.NoOptions }, copy.To, (long)there.Size, there.Checksum, null);
        var whole = copy with { Size = copy.Size is { } more ? more + (long)there.Size : null };
        return await PipedAsync(whole, progress, async (target, token) =>
        {
            await GetAsync(old, target, new Progress<long>(), token);
            if (copy.From.Kind == PlaceKind.Remote)
            {
                await GetAsync(copy, target, new Progress<long>(), token);
                return;
            }
            if (copy.From.Kind == PlaceKind.Stream)
            {
                await terminal.RawInput.CopyToAsync(target, token);
                return;
            }
            await using var source = await LocalAsync(copy.From.Path, () => new FileStream(copy.From.Path, FileMode.Open, FileAccess.Read, FileShare.Read));
            await source.CopyToAsync(target, token);
        }, cancel);
    }

    /// <summary>Stores what <paramref name="feed"/> writes: the bytes pass through this process, some hundred kilobytes at a time.</summary>
    private async Task<Copied> PipedAsync(FileCopy copy, IProgress<long> progress, Func<Stream, CancellationToken, Task> feed, CancellationToken cancel)
    {
        var pipe = new Pipe(new PipeOptions(pauseWriterThreshold: BufferSize, resumeWriterThreshold: BufferSize / 2));
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        var feeding = FeedAsync();
        try
        {
            await using var source = pipe.Reader.AsStream();
            var stored = await PutAsync(source, copy, progress, linked.Token);
            await feeding;
            return stored;
        }
        catch
        {
            await linked.CancelAsync();
            await feeding.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (feeding.Exception?.InnerException is EosException cause) throw cause;
            throw;
        }

        async Task FeedAsync()
        {
            try
            {
                await feed(pipe.Writer.AsStream(leaveOpen: true), linked.Token);
                await pipe.Writer.CompleteAsync();
            }
            catch (Exception broken)
            {
                await pipe.Writer.CompleteAsync(broken);
                throw;
            }
        }
    }
}
