using System.Collections.Immutable;
using Akka.Actor;
using Eos.Kv;
using Eos.Raft;
using static Eos.Journal.KvDoorProtocol;
using static Eos.Kv.SystemProtocol;

namespace Eos.Journal;

/// <summary>Beside a member of the group: takes requests of other nodes' clients to it, and takes its answers back. Answers that come in together go out together.</summary>
internal sealed class KvDoorActor : UntypedActor
{
    public const string Name = "kv-door";

    private readonly IActorRef _member;
    private readonly long _batchBytes;
    private readonly Inlet<(IActorRef Client, bool IsEntry, ulong Number, KvFate Fate)> _fates;

    public KvDoorActor(IActorRef member, long batchBytes)
    {
        (_member, _batchBytes) = (member, batchBytes);
        _fates = new(Self, Told.Instance);
    }

    public static Props Props(IActorRef member, KvClientSettings settings) => Akka.Actor.Props.Create(() => new KvDoorActor(member, settings.BatchBytes));

    /// <summary>Where the door of a member is.</summary>
    public static string PathAt(ActorSystem system, MemberId member) =>
        $"{((ExtendedActorSystem)system).Provider.DefaultAddress.Protocol}://{system.Name}@{member.Value}/user/{Name}";

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case Requests m: Forward(m, Sender); break;
            case Told: Answer(); break;
            default: Unhandled(message); break;
        }
    }

    private void Forward(Requests requests, IActorRef client)
    {
        if (!requests.Entries.IsEmpty)
            _member.Tell(new RaftNodeProtocol.Submit([.. requests.Entries.Select(i => new Submission(i.Bytes, f => _fates.Put((client, true, i.Number, f))))]));
        if (!requests.Questions.IsEmpty)
            _member.Tell(new RaftNodeProtocol.Ask([.. requests.Questions.Select(i => new KvReading(KvWire.DecodeQuestion(i.Bytes), f => _fates.Put((client, false, i.Number, f))))]));
    }

    private void Answer()
    {
        foreach (var client in _fates.Take().GroupBy(f => f.Client))
        {
            var (entries, questions, size) = (ImmutableArray.CreateBuilder<Fate>(), ImmutableArray.CreateBuilder<Fate>(), 0L);
            foreach (var one in client)
            {
                var fate = FateOf(one.Number, one.Fate);
                if (size > 0 && size + fate.Answer.Length > _batchBytes) Post();
                (one.IsEntry ? entries : questions).Add(fate);
                size += fate.Answer.Length + 16;
            }
            Post();

            void Post()
            {
                client.Key.Tell(new Answers(entries.DrainToImmutable(), questions.DrainToImmutable()));
                size = 0;
            }
        }
    }

    private static Fate FateOf(ulong number, KvFate fate) => fate.Kind switch
    {
        KvFateKind.Done => new Fate(number, FateKind.Done, KvWire.Encode(fate.Outcome is KvProtocol.Outcome outcome ? outcome.Answer : (IAnswer)fate.Outcome!), "", ""),
        KvFateKind.Refused => new Fate(number, FateKind.Refused, default, fate.Leader?.Value ?? "", fate.Why ?? ""),
        _ => new Fate(number, FateKind.Unknown, default, "", fate.Why ?? ""),
    };

    /// <summary>An entry as it came over the wire.</summary>
    private sealed class Submission(ReadOnlyMemory<byte> entry, Action<KvFate> told) : ISubmission
    {
        public ReadOnlyMemory<byte> Entry => entry;

        public void Applied(object outcome) => told(new KvFate(KvFateKind.Done, outcome, null, null));

        public void Refused(MemberId? leader, string why) => told(new KvFate(KvFateKind.Refused, null, leader, why));

        public void Unknown(string why) => told(new KvFate(KvFateKind.Unknown, null, null, why));
    }

    /// <summary>Fates have come in.</summary>
    private sealed class Told
    {
        public static readonly Told Instance = new();
    }
}
