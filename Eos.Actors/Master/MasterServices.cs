using Akka.Actor;

namespace Eos.Master;

/// <summary>Runs the services of the role under one token. Lives as long as its node has the role: when it has ended, so have they.</summary>
public sealed class MasterServices : UntypedActor
{
    private readonly IReadOnlyList<MasterProtocol.Service> _services;
    private readonly ulong _token;

    public MasterServices(IReadOnlyList<MasterProtocol.Service> services, ulong token) => (_services, _token) = (services, token);

    public static Props Props(IReadOnlyList<MasterProtocol.Service> services, ulong token) => Akka.Actor.Props.Create(() => new MasterServices(services, token));

    protected override void PreStart()
    {
        foreach (var service in _services) Context.ActorOf(service.Props(_token), service.Name);
    }

    protected override void OnReceive(object message) => Unhandled(message);
}
