using Eos.Gateway;

namespace Eos.Client;

/// <summary>How requests reach a gateway. It repeats an unanswered request until the token is cancelled, and acknowledges what is streamed.</summary>
public interface IGatewayLink : IAsyncDisposable
{
    /// <summary>How bytes are moved by who has this link.</summary>
    TransferSettings Transfer { get; }

    /// <summary>What the caller claims, with the proof that this way has for it, if it has one.</summary>
    ValueTask<GatewayProtocol.Claim> ProveAsync(GatewayProtocol.Claim claim, CancellationToken cancel) => ValueTask.FromResult(claim);

    /// <summary>The replies to one request in order; the last one is a <see cref="GatewayProtocol.IFinal"/> and never <see cref="GatewayProtocol.Unknown"/>.</summary>
    IAsyncEnumerable<GatewayProtocol.IReply> AskAsync(GatewayProtocol.IRequest request, CancellationToken cancel);
}
