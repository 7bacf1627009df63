using Akka.Actor;
using Eos.Fst;

namespace Eos.Views;

/// <summary>
/// The view of one node. Filesystems send it <see cref="FstProtocol.FsReport"/>; readers subscribe once and get the whole state, now and when it has
/// changed; orders for filesystems go through it, because the last report came from the filesystem's actor. None of this is acknowledged:
/// the next report, view or order makes up for a lost one.
/// </summary>
public static class ViewProtocol
{
    /// <summary>Where filesystems send their reports, on every node that keeps a view.</summary>
    public const string Path = "/user/views";

    // signals: never leave the process

    /// <summary>The sender wants every <see cref="Published"/> from now on.</summary>
    public sealed record Subscribe;

    /// <summary>The whole state. Immutable.</summary>
    public sealed record Published(ViewState View);

    /// <summary>Pass the order on to the filesystem's actor; dropped if the filesystem is not known.</summary>
    public sealed record Deliver(FstProtocol.IOrder Order, IActorRef Sender);

    /// <summary>Time to publish.</summary>
    public sealed record Publish;
}
