using Akka.Actor;
using Akka.Persistence;

namespace Eos.Tests.Support;

/// <summary>
/// A process whose persistent actors write to a shared SQLite file without end. It says <c>ACK id number</c> for every event stored and
/// <c>FAIL id</c> when a write fails; it ends when standard input closes.
/// </summary>
internal static class JournalWriter
{
    public static async Task Run(string file, string name, int actors)
    {
        var system = ActorSystem.Create("writer", SqlitePlugins.Hocon(file) + "\nakka.loglevel = OFF\nakka.stdout-loglevel = OFF\n");
        for (var i = 0; i < actors; i++)
        {
            var id = $"{name}-{i}";
            system.ActorOf(Props.Create(() => new Writer(id)));
        }
        while (await Console.In.ReadLineAsync() is not null) { }
        await system.Terminate();
    }

    private sealed class Writer(string id) : UntypedPersistentActor
    {
        public override string PersistenceId => id;

        protected override void OnRecover(object message)
        {
            if (message is RecoveryCompleted) Self.Tell("write", Self);
        }

        protected override void OnCommand(object message) => Persist($"{id}-{LastSequenceNr + 1}", _ =>
        {
            Console.WriteLine($"ACK {id} {LastSequenceNr}");
            Self.Tell(message, Self);
        });

        protected override void OnRecoveryFailure(Exception reason, object? message = null) => Console.WriteLine($"FAIL {id} {reason.Message}");

        protected override void OnPersistFailure(Exception cause, object @event, long sequenceNr) => Console.WriteLine($"FAIL {id} {cause.Message}");
    }
}
