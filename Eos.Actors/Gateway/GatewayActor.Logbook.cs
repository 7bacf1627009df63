using Akka.Event;
using Eos.Identity;
using Eos.Kernel;
using static Eos.Gateway.GatewayProtocol;

namespace Eos.Gateway;

/// <summary>The logbook: what was asked with a comment is written to this node's log, with who asked, what became of it and why it was wanted. `rtlog` finds it by the word logbook.</summary>
public sealed partial class GatewayActor
{
    private readonly Dictionary<OpId, string> _noted = [];

    private void Note(IRequest request, VirtualIdentity who)
    {
        if (request.Head.Claim.Comment is not { Length: > 0 } comment) return;
        _noted[request.Head.Op] = $"uid={who.Uid} gid={who.Gid} host={who.Host} app={who.App} {LogbookRules.Of(request)} comment=\"{LogbookRules.Plain(comment)}\"";
    }

    private void Book(GatewaySignals.Finished done)
    {
        if (_noted.Remove(done.Op, out var line) && (done.IsDone || done.Why != Errno.None)) Logging.GetLogger(Context.System, "logbook").Info("retc={0} {1}", (int)done.Why, line);
    }
}
