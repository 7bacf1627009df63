using Akka.Actor;
using Akka.Configuration;
using Akka.Persistence;

namespace Eos.Tests.Support;

/// <summary>Talks to a journal by its protocol. A subclass says how the journal is configured.</summary>
public abstract class JournalTest : IAsyncLifetime
{
    private readonly HashSet<string> _known = [];
    private int _instance;

    /// <summary>HOCON that makes the journal under test the default journal.</summary>
    protected abstract string Hocon { get; }

    protected ActorSystem System { get; private set; } = null!;

    protected Collector Probe { get; private set; } = null!;

    protected IActorRef Journal => Persistence.Instance.Apply(System).JournalFor("");

    public Task InitializeAsync()
    {
        StartSystem();
        return Task.CompletedTask;
    }

    public virtual async Task DisposeAsync() => await System.Terminate();

    protected void StartSystem()
    {
        System = ActorSystem.Create("journal", ConfigurationFactory.ParseString(Hocon + """

            akka.loglevel = OFF
            akka.stdout-loglevel = OFF
            akka.persistence.snapshot-store.plugin = "akka.persistence.snapshot-store.inmem"
            """));
        Probe = new Collector(System);
        _known.Clear();
        Started();
    }

    /// <summary>The system has started; nothing has been asked of the journal yet.</summary>
    protected virtual void Started()
    {
    }

    protected async Task RestartSystem()
    {
        await System.Terminate();
        StartSystem();
    }

    protected static Persistent Event(string id, long number, object? payload = null, IActorRef? sender = null, string writer = "w") =>
        new(payload ?? $"{id}-{number}", number, id, sender: sender, writerGuid: writer);

    protected int Send(params IPersistentEnvelope[] envelopes)
    {
        foreach (var write in envelopes.OfType<AtomicWrite>()) Recover(write.PersistenceId);
        Journal.Tell(new WriteMessages(envelopes, Probe.Ref, ++_instance), Probe.Ref);
        return _instance;
    }

    /// <summary>As persistent actors do: nobody writes under an id without having asked for what is there.</summary>
    private void Recover(string id)
    {
        if (_known.Add(id)) Journal.Tell(new ReplayMessages(0, 0, 0, id, ActorRefs.Nobody));
    }

    /// <summary>Stores events first..last of an id, each as a write of its own.</summary>
    protected async Task Write(string id, long first, long last, string writer = "w")
    {
        var numbers = Enumerable.Range(0, (int)(last - first + 1)).Select(i => first + i).ToArray();
        Send([.. numbers.Select(n => new AtomicWrite(Event(id, n, writer: writer)))]);
        var answers = await Answers(numbers.Length + 1);
        Assert.Equal(numbers, answers.OfType<WriteMessageSuccess>().Select(a => a.Persistent.SequenceNr));
        Assert.Single(answers.OfType<WriteMessagesSuccessful>());
    }

    protected async Task<List<object>> Answers(int count)
    {
        var answers = new List<object>();
        while (answers.Count < count) answers.Add(await Probe.Next<object>());
        return answers;
    }

    /// <summary>What a replay gives, and the highest number it ends with.</summary>
    protected async Task<(object[] Payloads, long Highest)> Replay(string id, long from = 1, long to = long.MaxValue, long max = long.MaxValue)
    {
        Journal.Tell(new ReplayMessages(from, to, max, id, Probe.Ref), Probe.Ref);
        var events = new List<object>();
        while (true)
        {
            switch (await Probe.Next<object>())
            {
                case ReplayedMessage m:
                    Assert.Equal(id, m.Persistent.PersistenceId);
                    events.Add(m.Persistent.Payload);
                    break;
                case RecoverySuccess m:
                    return ([.. events], m.HighestSequenceNr);
                case var other:
                    throw new InvalidOperationException($"replay of {id}: {other}");
            }
        }
    }

    protected static object[] Payloads(string id, long first, long last) => [.. Enumerable.Range(0, (int)(last - first + 1)).Select(i => (object)$"{id}-{first + i}")];

    protected async Task Delete(string id, long to)
    {
        Recover(id);
        Journal.Tell(new DeleteMessagesTo(id, to, Probe.Ref), Probe.Ref);
        Assert.Equal(to, (await Probe.Next<DeleteMessagesSuccess>()).ToSequenceNr);
    }
}
