using System.Collections.Immutable;
using Eos.Identity;
using Eos.Instance;
using Eos.Kernel;
using Eos.Master;
using Eos.Namespace;
using Eos.Views;
using static Eos.Gateway.GatewayProtocol;

namespace Eos.Gateway;

/// <summary>What routines need of the world. The moment is that of the request's arrival.</summary>
/// <param name="NewOp">A fresh operation id of this gateway: for queries, and for the single steps of long walks.</param>
/// <param name="Sign">Makes the text of a capability.</param>
public sealed record RoutineFacts(
    GatewaySettings Settings, PathCache Cache, Func<ViewState> View, IClock Clock, Func<OpId> NewOp, Func<Fst.Capability, string> Sign, ulong Turn)
{
    public Instant Now => Clock.Now;

    /// <summary>The gateway has just started: what it does not know may be there.</summary>
    public bool IsLearning { get; init; }

    /// <summary>The configuration of the instance, the newest that this node knows.</summary>
    public Func<InstanceState> Instance { get; init; } = () => InstanceState.Empty;

    /// <summary>Users and groups as this node has them.</summary>
    public Func<UserBook> Users { get; init; } = () => UserBook.Empty;

    /// <summary>Who has asked this gateway lately. For the gateway's own turn, not for steps.</summary>
    public Func<ImmutableArray<SessionView>> Sessions { get; init; } = () => [];

}

/// <summary>
/// One request, told as a sequence of steps: reads like straight code, knows nothing of actors, and may be run against directories in memory.
/// Whoever runs it fulfils each step before asking for the next; when there is none, <see cref="Answer"/> is the answer.
/// </summary>
public abstract class Routine(Head head, VirtualIdentity who, RoutineFacts facts)
{
    /// <summary>How often a walk starts again because a directory that the cache knew is gone.</summary>
    private const int MaxWalks = 4;

    private readonly Dictionary<DirectoryId, DirectoryRecord> _seeds = new()
    {
        [DirectoryId.Root] = new DirectoryRecord(
            DirectoryId.Root, default, default, 0x5ed, Times.At(Instant.Epoch), ImmutableSortedDictionary<string, string>.Empty),
    };

    /// <summary>The answer.</summary>
    public IFinal Answer { get; protected set; } = new Unknown(head.Op, "not finished");

    /// <summary>Fulfils <see cref="Step.TakeNumber"/>.</summary>
    public ulong Number { get; set; }

    /// <summary>Fulfils <see cref="Step.AskMaster"/>.</summary>
    public MasterProtocol.IReply? MasterAnswer { get; set; }

    /// <summary>Fulfils <see cref="Step.AskNodes"/>.</summary>
    public ImmutableArray<INodeReply> NodeAnswers { get; set; } = [];

    /// <summary>Fulfils <see cref="Step.AskInstance"/>.</summary>
    public InstanceProtocol.IReply? InstanceAnswer { get; set; }

    /// <summary>All that is to be done, in order.</summary>
    public abstract IEnumerable<Step> Run();

    protected OpId Op => head.Op;
    protected VirtualIdentity Who => who;
    protected RoutineFacts Facts => facts;
    protected Caller Caller => who.Caller;

    /// <summary>This request's operation, for changes that must happen once.</summary>
    protected DirectoryProtocol.Call Call => new(head.Op, head.AnsweredBelow, Caller);

    /// <summary>A step of a walk: safe to do again, so it needs no memory beyond this gateway's.</summary>
    protected DirectoryProtocol.Call FreshCall => new(facts.NewOp(), 0, Caller);

    protected void Refuse(Errno why, string text) => Answer = new Refused(head.Op, why, text);

    protected void Refuse(Refusal refusal) => Refuse(refusal.Why, refusal.Text);

    protected void Refuse(Refusal refusal, EosPath path) => Refuse(refusal.Why, $"{path}: {refusal.Text}");

    /// <summary>Hands a directory's refusal on; anything else that was not hoped for is stale or gone.</summary>
    protected void Refuse(DirectoryProtocol.IReply? reply, EosPath path)
    {
        if (reply is DirectoryProtocol.Refused refused) Refuse(refused.Why, $"{path}: {refused.Text}");
        else Refuse(Errno.NoEntry, $"{path}: no such file or directory");
    }

    /// <summary>Changes the configuration of the instance. What became of it is <see cref="InstanceAnswer"/>; if it is not so, that is also the answer.</summary>
    protected IEnumerable<Step> Alter(Func<InstanceState, Revision> revise)
    {
        yield return new Step.AskInstance(new InstanceProtocol.Change(Op, revise));
        if (InstanceAnswer is InstanceProtocol.NotChanged not) Refuse(not.Refusal);
        else if (InstanceAnswer is InstanceProtocol.NotKnown unknown) Answer = new Unknown(Op, unknown.Why);
    }

    /// <summary>The path that is meant, or a refusal as the result.</summary>
    protected EosPath? Parse(string text)
    {
        var (path, refusal) = EosPath.Parse(PathMap.Apply(facts.Instance(), text));
        if (refusal is not null) Refuse(refusal);
        if (path is null || PathRoute.Find(facts.Instance(), path.ToString()) is not { } route) return path;
        Answer = new Elsewhere(head.Op, path.ToString(), route.Host, route.Port, route.HttpPort);
        return null;
    }

    /// <summary>The path of what can only be a file, or a refusal as the result.</summary>
    protected EosPath? ParseFile(string text)
    {
        var path = Parse(text);
        if (path is not { IsRoot: true }) return path;
        Refuse(Errno.IsADirectory, "/: is a directory");
        return null;
    }

    /// <summary>Asks one directory. If it was never begun and its seed is known, it is begun and asked again.</summary>
    /// <param name="patience">After this time it goes without an answer; null: never.</param>
    protected IEnumerable<Step> Ask(Question question, TimeSpan? patience = null)
    {
        yield return new Step.AskAll([question], patience);
        if (question.Answer is not DirectoryProtocol.Unborn || !_seeds.TryGetValue(question.Message.Directory, out var seed)) yield break;
        yield return new Step.AskAll([Question.Of(new DirectoryProtocol.Begin(seed.Id, FreshCall, seed))]);
        question.Answer = null;
        yield return new Step.AskAll([question]);
    }

    /// <summary>What a directory says of itself and of one name.</summary>
    protected Question Look(DirectoryId directory, string name, OpId? earlier = null) =>
        Question.Of(new DirectoryProtocol.Lookup(directory, facts.NewOp(), name, earlier));

    /// <summary>Remembers what entries and records say, for this routine and for others.</summary>
    protected void Learn(DirectoryId parent, ChildEntry child)
    {
        _seeds[child.Id] = child.Seed;
        facts.Cache.Remember(parent, child, facts.Now);
    }

    /// <summary>A directory on the way: found, or why not.</summary>
    protected sealed class Place
    {
        public DirectoryId? Directory { get; set; }

        /// <summary>What it says of itself, where that was wanted.</summary>
        public DirectoryRecord? Record { get; set; }
        public Refusal? Refusal { get; set; }
    }

    /// <summary>
    /// Walks down to a directory, with the right to enter each one on the way (EACCES) but not the last. One on the way that does not answer is passed by what it said last: a node
    /// that is lost has directories above others that live elsewhere, and those go on.
    /// </summary>
    protected IEnumerable<Step> Resolve(EosPath path, Place place)
    {
        for (var walk = 0; walk < MaxWalks; walk++)
        {
            place.Refusal = null;
            var stale = false;
            var at = DirectoryId.Root;
            for (var i = 0; i < path.Names.Length && place.Refusal is null && !stale; i++)
            {
                var name = path.Names[i];
                var (child, record) = (facts.Cache.Child(at, name, facts.Now), facts.Cache.Record(at, facts.Now));
                if (child is null || record is null)
                {
                    var last = facts.Cache.Last(at, name, facts.Now);
                    var look = Look(at, name);
                    foreach (var step in Ask(look, last is null ? null : facts.Settings.PathPatience)) yield return step;
                    if (look.Answer is DirectoryProtocol.Found found)
                    {
                        facts.Cache.Remember(found.Self, facts.Now);
                        record = found.Self;
                        child = found.Entry as ChildEntry;
                        if (child is not null) facts.Cache.Remember(at, child, facts.Now);
                        if (found.Entry is FileEntry) place.Refusal = new Refusal(Errno.NotADirectory, $"{path}: '{name}' is not a directory");
                        else if (child is null) place.Refusal = new Refusal(Errno.NoEntry, $"{path}: no such file or directory");
                    }
                    else if (look.Answer is null && last is { } old)
                    {
                        facts.Cache.Believe(at, name, facts.Now);
                        (record, child) = old;
                    }
                    else
                    {
                        stale = true;
                        if (i > 0) ForgetWay(path, i);
                        continue;
                    }
                }
                if (AccessRules.Check(Caller, record, Intent.Enter) is { } denied) place.Refusal = denied with { Text = $"{path}: {denied.Text}" };
                if (child is null) continue;
                _seeds[child.Id] = child.Seed;
                at = child.Id;
            }
            if (stale) continue;
            place.Directory = place.Refusal is null ? at : null;
            yield break;
        }
        place.Refusal = new Refusal(Errno.NoEntry, $"{path}: no such file or directory");
    }

    /// <summary>Walks down to a directory and learns its attributes, from memory if they were seen lately.</summary>
    protected IEnumerable<Step> Know(EosPath path, Place place)
    {
        foreach (var step in Resolve(path, place)) yield return step;
        if (place.Directory is not { } directory) yield break;
        place.Record = facts.Cache.Record(directory, facts.Now);
        if (place.Record is not null) yield break;
        Question? asked = null;
        foreach (var step in AskAt(path, place, d => Look(d, ""), q => asked = q)) yield return step;
        if (place.Refusal is not null) yield break;
        if (asked?.Answer is DirectoryProtocol.Found found) facts.Cache.Remember(place.Record = found.Self, facts.Now);
        else place.Refusal = new Refusal(Errno.NoEntry, $"{path}: no such file or directory");
    }

    /// <summary>A directory that was reached by a remembered name is gone: nothing on the way there is believed any more.</summary>
    protected void ForgetWay(EosPath path, int depth)
    {
        var at = DirectoryId.Root;
        for (var i = 0; i < depth; i++)
        {
            var child = facts.Cache.Forget(at, path.Names[i]);
            facts.Cache.Forget(at);
            if (child is null) return;
            at = child.Id;
        }
    }

    /// <summary>
    /// Asks a directory that was found by its path. If it is gone, the way there was remembered wrongly: walks again and asks whoever has the name now.
    /// </summary>
    protected IEnumerable<Step> AskAt(EosPath path, Place place, Func<DirectoryId, Question> ask, Action<Question> take)
    {
        for (var walk = 0; walk < MaxWalks; walk++)
        {
            foreach (var step in Resolve(path, place)) yield return step;
            if (place.Directory is not { } directory) yield break;
            var question = ask(directory);
            foreach (var step in Ask(question)) yield return step;
            take(question);
            if (question.Answer is not DirectoryProtocol.Gone) yield break;
            ForgetWay(path, path.Names.Length);
        }
    }

    /// <summary>Asks a directory that was found by its path for a change, which is all there is to do.</summary>
    /// <param name="named">What a refusal names.</param>
    protected IEnumerable<Step> Change(EosPath path, Place place, EosPath named, Func<DirectoryId, Question> ask)
    {
        Question? asked = null;
        foreach (var step in AskAt(path, place, ask, q => asked = q)) yield return step;
        if (place.Refusal is not null) Refuse(place.Refusal);
        else if (asked?.Answer is DirectoryProtocol.Done) Answer = new Done(Op);
        else Refuse(asked?.Answer, named);
    }
}
