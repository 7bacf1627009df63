using System.Security.Cryptography;
using Akka.Actor;

namespace Akka.Remote;

/// <summary>The number that tells this start of the actor system from earlier ones at the same address.</summary>
public class AddressUid : IExtension
{
    public readonly int Uid = RandomNumberGenerator.GetInt32(1, int.MaxValue);
}

/// <summary>Gives an actor system its <see cref="AddressUid"/>.</summary>
public class AddressUidExtension : ExtensionIdProvider<AddressUid>
{
    private static readonly AddressUidExtension Provider = new();

    public override AddressUid CreateExtension(ExtendedActorSystem system) => new();

    public static int Uid(ActorSystem system) => Provider.Apply(system).Uid;
}
