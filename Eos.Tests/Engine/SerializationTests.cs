using System.Text;
using Akka.Actor;
using Akka.Configuration;
using Akka.Serialization;

namespace Eos.Tests.Engine;

public sealed class SerializationTests : IAsyncLifetime
{
    private readonly ActorSystem _system = ActorSystem.Create("serialization", ConfigurationFactory.ParseString("""
        akka.loglevel = WARNING
        akka.actor {
          serializers {
            words = "Eos.Tests.Engine.SerializationTests+Words, Eos.Tests"
            parcels = "Eos.Tests.Engine.SerializationTests+Parcels, Eos.Tests"
          }
          serialization-bindings {
            "Eos.Tests.Engine.SerializationTests+IAnimal, Eos.Tests" = words
            "Eos.Tests.Engine.SerializationTests+IBird, Eos.Tests" = parcels
            "Eos.Tests.Engine.SerializationTests+Letter, Eos.Tests" = parcels
          }
          serialization-identifiers {
            "Eos.Tests.Engine.SerializationTests+Words, Eos.Tests" = 1207
          }
        }
        """));

    public interface IAnimal;

    public interface IBird : IAnimal;

    public sealed record Dog(string Name) : IAnimal;

    public sealed record Owl(string Name) : IBird;

    public sealed record Letter(string Text, IActorRef To);

    public sealed class Words(ExtendedActorSystem system) : Serializer(system)
    {
        public override bool IncludeManifest => true;

        public override byte[] ToBinary(object obj) => Encoding.UTF8.GetBytes(((Dog)obj).Name);

        public override object FromBinary(byte[] bytes, Type type) => Activator.CreateInstance(type, Encoding.UTF8.GetString(bytes))!;
    }

    public sealed class Parcels(ExtendedActorSystem system) : SerializerWithStringManifest(system)
    {
        public override int Identifier => 1208;

        public override string Manifest(object o) => o is Letter ? "letter" : "owl";

        public override byte[] ToBinary(object obj) => Encoding.UTF8.GetBytes(obj is Letter letter
            ? Serialization.SerializedActorPath(letter.To) + "\n" + letter.Text
            : ((Owl)obj).Name);

        public override object FromBinary(byte[] bytes, string manifest)
        {
            var text = Encoding.UTF8.GetString(bytes);
            if (manifest == "owl") return new Owl(text);
            var lines = text.Split('\n', 2);
            return new Letter(lines[1], system.Provider.ResolveActorRef(lines[0]));
        }
    }

    private sealed class Silent : ReceiveActor;

    public Task InitializeAsync() => Task.CompletedTask;

    public Task DisposeAsync() => _system.Terminate();

    private object RoundTrip(object message)
    {
        var serializer = _system.Serialization.FindSerializerFor(message);
        var manifest = Serialization.ManifestFor(serializer, message);
        return _system.Serialization.Deserialize(_system.Serialization.Serialize(message), serializer.Identifier, manifest);
    }

    [Fact]
    public void A_bound_type_comes_back_as_it_was()
    {
        Assert.Equal(new Dog("Rex"), RoundTrip(new Dog("Rex")));
        Assert.Equal(new Owl("Minerva"), RoundTrip(new Owl("Minerva")));
    }

    [Fact]
    public void The_most_specific_binding_wins()
    {
        Assert.IsType<Words>(_system.Serialization.FindSerializerFor(new Dog("a")));
        Assert.IsType<Parcels>(_system.Serialization.FindSerializerFor(new Owl("a")));
    }

    [Fact]
    public void Identifiers_come_from_configuration_unless_the_class_has_its_own()
    {
        Assert.Equal(1207, _system.Serialization.FindSerializerForType(typeof(Dog)).Identifier);
        Assert.Equal(1208, _system.Serialization.FindSerializerForType(typeof(Owl)).Identifier);
    }

    [Fact]
    public void Byte_arrays_have_identifier_4_and_travel_as_they_are()
    {
        byte[] bytes = [1, 2, 3];
        var serializer = _system.Serialization.FindSerializerFor(bytes);
        Assert.Equal(4, serializer.Identifier);
        Assert.Equal("", Serialization.ManifestFor(serializer, bytes));
        Assert.Equal(bytes, RoundTrip(bytes));
    }

    [Fact]
    public void Null_has_a_serializer_of_its_own()
    {
        var serializer = _system.Serialization.FindSerializerFor(null);
        Assert.Equal(0, serializer.Identifier);
        Assert.Null(_system.Serialization.Deserialize([], 0, ""));
    }

    [Fact]
    public void A_reference_travels_as_its_path_and_leads_to_the_same_actor()
    {
        var actor = _system.ActorOf(Props.Create(() => new Silent()), "addressee");
        Assert.Equal(new Letter("hello", actor), RoundTrip(new Letter("hello", actor)));
    }

    [Fact]
    public void A_reference_is_written_with_the_address_of_the_transport_in_use()
    {
        var actor = _system.ActorOf(Props.Create(() => new Silent()), "far");
        var address = new Address("akka.tcp", "serialization", "example.org", 2552);
        var path = Serialization.WithTransport(_system, address, () => Serialization.SerializedActorPath(actor));
        Assert.Equal($"akka.tcp://serialization@example.org:2552/user/far#{actor.Path.Uid}", path);
        Assert.Equal("", Serialization.SerializedActorPath(ActorRefs.NoSender));
    }

    [Fact]
    public void An_unknown_serializer_id_is_an_error_that_names_it()
    {
        var error = Assert.ThrowsAny<Exception>(() => _system.Serialization.Deserialize([], 987654, "x"));
        Assert.Contains("987654", error.Message);
    }

    [Fact]
    public void A_serializer_can_be_added_while_running()
    {
        var added = new Parcels((ExtendedActorSystem)_system);
        _system.Serialization.AddSerializationMap(typeof(Dog), added);
        Assert.Same(added, _system.Serialization.FindSerializerFor(new Dog("a")));
    }
}
