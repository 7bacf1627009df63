using Akka.Actor;
using Akka.Serialization;
using FsCheck;
using FsCheck.Fluent;

namespace Eos.Tests.Properties;

public sealed class SerializationProperties : IAsyncLifetime
{
    private readonly ActorSystem _system = ActorSystem.Create("properties", "akka.actor.provider = remote\nakka.remote.dot-netty.tcp { port = 0, hostname = 127.0.0.1 }\nakka.loglevel = WARNING");

    public Task InitializeAsync() => Task.CompletedTask;

    public Task DisposeAsync() => _system.Terminate();

    private object RoundTrip(object message)
    {
        var serializer = _system.Serialization.FindSerializerFor(message);
        var manifest = Serialization.ManifestFor(serializer, message);
        return _system.Serialization.Deserialize(_system.Serialization.Serialize(message), serializer.Identifier, manifest);
    }

    private void ComesBack<T>(Arbitrary<T> values, Func<T, object> message, Func<T, bool>? when = null) =>
        Check.QuickThrowOnFailure(Prop.ForAll(values, value => !(when?.Invoke(value) ?? true) || Equals(RoundTrip(message(value)), message(value))));

    [Fact]
    public void Every_string_of_whole_characters_comes_back() =>
        ComesBack(ArbMap.Default.ArbFor<UnicodeString>(), s => s.Get, s => s.Get is { } text && !text.Any(char.IsSurrogate));

    [Fact]
    public void Every_int_comes_back() => ComesBack(ArbMap.Default.ArbFor<int>(), i => i);

    [Fact]
    public void Every_long_comes_back() => ComesBack(ArbMap.Default.ArbFor<DoNotSize<long>>(), i => i.Item);

    [Fact]
    public void Every_identity_question_comes_back() => ComesBack(ArbMap.Default.ArbFor<int>(), id => new Identify(id));

    [Fact]
    public void Every_failure_keeps_its_message() => Check.QuickThrowOnFailure(Prop.ForAll(ArbMap.Default.ArbFor<NonNull<string>>(), text =>
        ((Status.Failure)RoundTrip(new Status.Failure(new InvalidOperationException(text.Get)))).Cause.Message == text.Get));
}
