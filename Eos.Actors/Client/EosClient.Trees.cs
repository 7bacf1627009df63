using System.Runtime.CompilerServices;
using Eos.Gateway;
using Eos.Kernel;
using static Eos.Gateway.GatewayProtocol;

namespace Eos.Client;

/// <summary>What is asked of whole trees. It has no time limit: it takes as long as it takes, and ends when it is cancelled.</summary>
public sealed partial class EosClient
{
    /// <summary>
    /// Finds what is below <paramref name="path"/> and fits, in the order of a walk by names. The walk waits for whoever takes its parts; cut off by the loss of a
    /// gateway, it goes on where it was. Counts in the parts are of the whole walk.
    /// </summary>
    public async Task<TreeDone> FindAsync(string path, FindQuery query, Func<TreePart, ValueTask> take, CancellationToken cancel = default)
    {
        var (after, files, directories, faults, first) = ("", 0ul, 0ul, 0ul, Errno.None);
        while (true)
        {
            TreePart? last = null;
            var (begin, isCut) = (after, false);
            await foreach (var reply in AskEachAsync(head => new Find(head, path, begin, query), cancel))
            {
                switch (reply)
                {
                    case TreePart part when last is not null && part.Run != last.Run:
                        isCut = true;
                        break;
                    case TreePart part:
                        last = part;
                        faults += (ulong)part.Faults.Length;
                        if (first == Errno.None && part.Faults.Length > 0) first = part.Faults[0].Why;
                        await take(part with { Files = files + part.Files, Directories = directories + part.Directories });
                        break;
                    case TreeDone done: return new TreeDone(done.Op, files + done.Files, directories + done.Directories, faults, first);
                }
                if (isCut) break;
            }
            if (last is null || !isCut) throw new EosException(Errno.NoNetwork, "the connection to the gateway was closed");
            (after, files, directories) = (last.At, files + last.Files, directories + last.Directories);
        }
    }

    /// <summary>
    /// Removes all below and including <paramref name="path"/>. What can't be removed stays, with all above it; <paramref name="take"/> hears of it, and
    /// where there is nobody to hear, it is an exception in the end.
    /// </summary>
    public async Task<TreeDone> RemoveTreeAsync(string path, Action<TreePart>? take = null, bool forced = false, CancellationToken cancel = default) =>
        await ChangeAsync(head => new RemoveTree(head, path) { IsForced = forced }, take, cancel);

    /// <summary>Compares everything with what is said of it elsewhere: <paramref name="take"/> hears of each difference.</summary>
    public Task<TreeDone> CheckNamespaceAsync(Action<TreePart> take, CancellationToken cancel = default) => ChangeAsync(head => new CheckNamespace(head), take, cancel);

    private async Task<TreeDone> ChangeAsync(Func<Head, IRequest> request, Action<TreePart>? take, CancellationToken cancel)
    {
        await foreach (var reply in AskEachAsync(request, cancel))
        {
            if (reply is TreeDone done) return take is not null || done.Faults == 0 ? done : throw new EosException(done.First, $"{done.Faults} entries could not be changed");
            if (reply is TreePart part) take?.Invoke(part);
        }
        throw new EosException(Errno.NoNetwork, "the connection to the gateway was closed");
    }

    /// <summary>All replies. A time limit counts while nothing is heard, not while the caller works.</summary>
    private async IAsyncEnumerable<IReply> AskEachAsync(Func<Head, IRequest> request, [EnumeratorCancellation] CancellationToken cancel)
    {
        var lane = _operations.Begin();
        var op = lane.Op;
        using var silence = new CancellationTokenSource();
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancel, silence.Token);
        try
        {
            var proved = await link.ProveAsync(claim, either.Token);
            await using var replies = HearAsync(request(new Head(op, op.Number, proved)), either.Token).GetAsyncEnumerator(either.Token);
            while (true)
            {
                silence.CancelAfter(timeout ?? Timeout.InfiniteTimeSpan);
                try
                {
                    if (!await replies.MoveNextAsync()) yield break;
                }
                catch (OperationCanceledException) when (silence.IsCancellationRequested && !cancel.IsCancellationRequested)
                {
                    throw new EosException(Errno.NoNetwork, "no gateway answered in time");
                }
                silence.CancelAfter(Timeout.InfiniteTimeSpan);
                if (replies.Current is Refused refused) throw new EosException(refused.Why, refused.Text);
                if (replies.Current is Elsewhere elsewhere) throw new RoutedException(elsewhere);
                yield return replies.Current;
            }
        }
        finally
        {
            _operations.End(lane);
        }
    }
}
