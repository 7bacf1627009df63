using Akka.Actor;
using Akka.Configuration;
using Eos.Tests.Support;

namespace Eos.Tests.Engine;

/// <summary>Extensions: one of each kind in a system.</summary>
public class ExtensionTests : ActorTest
{
    public sealed class Counter : IExtension
    {
        private static int _made;
        public int Number { get; } = Interlocked.Increment(ref _made);
    }

    public sealed class CounterId : ExtensionIdProvider<Counter>
    {
        public override Counter CreateExtension(ExtendedActorSystem system) => new();
    }

    [Fact]
    public void An_extension_is_made_once_for_a_system()
    {
        var all = new Counter[20];
        Parallel.For(0, all.Length, i => all[i] = new CounterId().Apply(Sys));
        Assert.Single(all.Distinct());
        Assert.Same(all[0], Sys.GetExtension<Counter>());
        Assert.Same(all[0], new CounterId().Get(Sys));
    }

    [Fact]
    public void What_was_not_registered_is_not_there()
    {
        Assert.False(Sys.HasExtension<Counter>());
        Assert.False(Sys.TryGetExtension<Counter>(out _));
    }

    [Fact]
    public async Task An_extension_named_in_the_configuration_is_loaded_at_the_start()
    {
        var system = ActorSystem.Create("ext", ConfigurationFactory.ParseString($"akka.extensions = [\"{typeof(CounterId).AssemblyQualifiedName}\"]"));
        Assert.True(system.HasExtension<Counter>());
        await system.Terminate();
    }
}
