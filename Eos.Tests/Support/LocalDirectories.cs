using Akka.Actor;
using Eos.Kernel;
using Eos.Namespace;

namespace Eos.Tests.Support;

/// <summary>Directories and the allocator of one process without sharding: a parent that makes each at its first message.</summary>
public sealed class LocalDirectories : ReceiveActor
{
    public LocalDirectories(Func<IActorRef, DirectoryParts> parts)
    {
        var self = Self;
        Receive<IForDirectory>(m => ChildOf(m.Directory.ToString(), () => DirectoryActor.Props(m.Directory.ToString(), parts(self))).Forward(m));
        Receive<IdProtocol.TakeBlock>(m => ChildOf(IdAllocator.Name, IdAllocator.Props).Forward(m));
        Receive<IdProtocol.Reserve>(m => ChildOf(IdAllocator.Name, IdAllocator.Props).Forward(m));
        Receive<DirectoryId>(id => Sender.Tell(Context.Child(id.ToString())));
    }

    protected override SupervisorStrategy SupervisorStrategy() => new OneForOneStrategy(_ => Directive.Stop);

    private static IActorRef ChildOf(string name, Func<Props> props) =>
        Context.Child(name) is { } child && !child.IsNobody() ? child : Context.ActorOf(props(), name);
}
