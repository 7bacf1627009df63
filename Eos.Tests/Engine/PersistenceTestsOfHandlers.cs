using Akka.Actor;
using Akka.Persistence;
using Eos.Tests.Support;

namespace Eos.Tests.Engine;

/// <summary>Handlers of a ReceivePersistentActor.</summary>
public sealed class PersistenceTestsOfHandlers : PersistenceTest
{
    private sealed class Account : ReceivePersistentActor
    {
        private int _balance;

        public Account(IActorRef report)
        {
            Recover<int>(amount => _balance += amount);
            Recover<RecoveryCompleted>(_ => report.Tell($"recovered with {_balance}"));
            Command<int>(amount => amount < 0, amount => Sender.Tell($"refused {amount}"));
            Command<int>(amount => Persist(amount, stored =>
            {
                _balance += stored;
                Sender.Tell(_balance);
            }));
            CommandAsync<TimeSpan>(async _ =>
            {
                await Task.Yield();
                PersistAll([1, 2], stored => _balance += stored);
                DeferAsync("all", _ => Sender.Tell(_balance));
            });
            Command<string>(word => word == "close", _ => Become(Closed));
            Command<string>(word => word == "fail", (string word) => throw new InvalidOperationException(word));
        }

        public override string PersistenceId => "account";

        private void Closed() => CommandAny(_ => Sender.Tell("closed"));
    }

    private async Task<IActorRef> Open(string with)
    {
        var report = Report.Ref;
        var account = System.ActorOf(Props.Create(() => new Account(report)));
        await Report.Expect($"recovered with {with}");
        return account;
    }

    [Fact]
    public async Task The_first_handler_whose_condition_holds_takes_a_command()
    {
        var account = await Open("0");
        foreach (var amount in new[] { 5, -1, 7 }) account.Tell(amount, Asker.Ref);
        await Asker.Expect(5, "refused -1", 12);
    }

    [Fact]
    public async Task State_comes_back_after_a_failure()
    {
        var account = await Open("0");
        account.Tell(5, Asker.Ref);
        account.Tell("fail", Asker.Ref);
        account.Tell(1, Asker.Ref);
        await Asker.Expect(5, 6);
        await Report.Expect("recovered with 5");
    }

    [Fact]
    public async Task An_asynchronous_command_persists_and_keeps_its_sender()
    {
        var account = await Open("0");
        account.Tell(TimeSpan.Zero, Asker.Ref);
        account.Tell(1, Asker.Ref);
        await Asker.Expect(3, 4);
    }

    [Fact]
    public async Task Become_replaces_the_handlers_of_commands()
    {
        var account = await Open("0");
        account.Tell("close", Asker.Ref);
        account.Tell(5, Asker.Ref);
        await Asker.Expect("closed");
    }

    [Fact]
    public async Task A_command_without_a_handler_is_published_as_unhandled()
    {
        var account = await Open("0");
        System.EventStream.Subscribe(Report.Ref, typeof(Akka.Event.UnhandledMessage));
        account.Tell(5.5, Asker.Ref);
        Assert.Equal(5.5, (await Report.Next<Akka.Event.UnhandledMessage>()).Message);
    }
}
