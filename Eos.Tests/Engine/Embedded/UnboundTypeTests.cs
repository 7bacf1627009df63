using System.Runtime.Serialization;
using Akka.Actor;

namespace Eos.Tests.Engine.Embedded;

public sealed class UnboundTypeTests : IAsyncLifetime
{
    private readonly ActorSystem _system = ActorSystem.Create("unbound");

    private sealed record Nothing;

    public Task InitializeAsync() => Task.CompletedTask;

    public Task DisposeAsync() => _system.Terminate();

    [Fact]
    public void A_type_without_a_binding_is_an_error_that_names_type_and_key()
    {
        var error = Assert.Throws<SerializationException>(() => _system.Serialization.Serialize(new Nothing()));
        Assert.Contains(typeof(Nothing).FullName!, error.Message);
        Assert.Contains("serialization-bindings", error.Message);
    }
}
