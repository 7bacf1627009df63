using System.Runtime.CompilerServices;
using static Eos.Gateway.GatewayProtocol;

namespace Eos.Client;

/// <summary>What a caller does whom a rule holds up.</summary>
public sealed partial class EosClient
{
    /// <summary>All replies to a request. While a rule holds the caller up it waits, as long as it was told, and asks again with the same operation id.</summary>
    private async IAsyncEnumerable<IReply> HearAsync(IRequest request, [EnumeratorCancellation] CancellationToken cancel)
    {
        while (true)
        {
            Stalled? stalled = null;
            await foreach (var reply in link.AskAsync(request, cancel))
            {
                stalled = reply as Stalled;
                if (stalled is not null) break;
                yield return reply;
            }
            if (stalled is null) yield break;
            await Task.Delay(stalled.Pause, cancel);
        }
    }
}
