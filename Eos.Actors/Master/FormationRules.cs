using System.Collections.Immutable;
using Step = (Eos.Master.FormationState State, System.Collections.Immutable.ImmutableArray<Eos.Master.FormationEffect> Effects);

namespace Eos.Master;

/// <summary>
/// How nodes come to be one cluster with nobody's help. Whoever sees a living member joins it. Whoever sees none takes the lease `cluster-seed`, writes itself
/// down as founder if nothing changed since it looked, and joins itself; everyone else joins what stands there. A member is counted once it is enrolled, and it enrols
/// only into the cluster that stands: so two clusters never both have members that serve. A founder that dies before it has joined itself is over with its
/// node session, and the next one founds. Nobody joins before all living members answer it, since two members that do not hear each other hold up the cluster; of two that
/// come to that later, one leaves (<see cref="CutRules"/>). Pure.
/// <code>
///  Looking --all that live answer--> Joining --up--> Enrolling --written--> Member
///     |                                 ^
///     none lives                        | joins itself
///     v                                 |
///  Contending --lease--> Founding-------+          any phase --another cluster stands, or has to go--> Ended
/// </code>
/// </summary>
public static class FormationRules
{
    private const string Unheard = "it and another member do not hear each other";

    /// <param name="self">This node; the cluster's number in it counts for nothing.</param>
    /// <param name="now">A moment of a clock that never goes back.</param>
    public static Step Next(FormationState s, FormationInput input, Enrolment self, TimeSpan now, FormationSettings settings) =>
        input is FormationInput.Looked x ? OnPicture(Count(s, x), x, self, now, settings) : OnAnswer(s, input, self, now);

    private static Step OnPicture(FormationState s, FormationInput.Looked x, Enrolment self, TimeSpan now, FormationSettings settings) => s.Phase switch
    {
        FormationPhase.Joining or FormationPhase.Enrolling when MustGo(s, x, self, settings) => End(s, Unheard),
        FormationPhase.Looking => OnLook(s, x, self, now),
        FormationPhase.Founding => x.Roll.Cluster == s.Token && x.Roll.Has(self.Node) ? JoinSelf(s, now) : GiveUp(s),
        FormationPhase.Joining => OnLookWhileJoining(s, x, self, now, settings.Patience),
        FormationPhase.Enrolling => Enrol(s, x, self),
        FormationPhase.Member => OnLookAsMember(s, x, self, settings),
        FormationPhase.Contending => (s with { Phase = FormationPhase.Looking }, []),
        _ => (s, []),
    };

    private static Step OnAnswer(FormationState s, FormationInput input, Enrolment self, TimeSpan now) => (s.Phase, input) switch
    {
        (FormationPhase.Contending, FormationInput.Granted x) => Found(s with { Token = x.Token }, self),
        (FormationPhase.Contending, _) => (s with { Phase = FormationPhase.Looking }, []),
        (FormationPhase.Founding, FormationInput.Written) => JoinSelf(s, now),
        (FormationPhase.Founding, FormationInput.Unknown) => (s, []),
        (FormationPhase.Founding, _) => GiveUp(s),
        (FormationPhase.Enrolling, FormationInput.Written) => (s with { Phase = FormationPhase.Member }, [new FormationEffect.Serve()]),
        _ => (s, []),
    };

    /// <summary>Sessions of earlier runs at this node's own place: whoever has the place now knows that they are over.</summary>
    public static bool IsFormer(Incarnation session, Incarnation self) => session.Place == self.Place && session.Uid != self.Uid;

    private static Step OnLook(FormationState s, FormationInput.Looked x, Enrolment self, TimeSpan now)
    {
        var living = x.Roll.Living(x.Sessions);
        if (living.IsEmpty) return (s with { Phase = FormationPhase.Contending, Roll = x.Roll }, [new FormationEffect.Contend()]);
        ImmutableArray<string> others = [.. living.Where(m => m.Node != self.Node).Select(m => m.Node.Place)];
        ImmutableArray<string> silent = [.. others.Where(place => !x.Links.Answering.Contains(place))];
        return silent.IsEmpty ? Ask(s with { Roll = x.Roll }, others, now) : (s, [new FormationEffect.Await(silent)]);
    }

    /// <summary>
    /// Who goes writes so under the version by which it was chosen: of two that were chosen by different versions, one is refused and looks again. It stays on the roll as
    /// long as it lives, because whoever sees no living member there founds another cluster.
    /// </summary>
    private static Step OnLookAsMember(FormationState s, FormationInput.Looked x, Enrolment self, FormationSettings settings)
    {
        if (!(x.Roll.Cluster == s.Cluster && x.Roll.Has(self.Node))) return End(s, "it is not on the roll of the cluster any more");
        if (x.Roll.Leavers.Contains(self.Node)) return End(s, Unheard);
        if (MustGo(s, x, self, settings)) return (s, [new FormationEffect.Write(x.Roll.Version, ClusterRoll.Leaves(self.Node), null)]);
        var written = x.Roll.Cuts.Where(cut => cut.From == self.Node).Select(cut => cut.To);
        return x.Links.Silent.SetEquals(written) ? (s, []) : (s, [new FormationEffect.Write(x.Roll.Version, ClusterRoll.Unheard(self.Node, x.Links.Silent), null)]);
    }

    private static FormationState Count(FormationState s, FormationInput.Looked x) =>
        x.Roll.Cuts.SequenceEqual(s.Cuts) ? s with { CutsStood = s.CutsStood + 1 } : s with { Cuts = x.Roll.Cuts, CutsStood = 0 };

    private static bool MustGo(FormationState s, FormationInput.Looked x, Enrolment self, FormationSettings settings) =>
        s.CutsStood >= settings.CutLooks && CutRules.Leaver(x.Roll, x.Sessions, x.Master) == self.Node;

    private static Step GiveUp(FormationState s) => (FormationState.Start, [new FormationEffect.GiveBack(s.Token)]);

    private static Step Ask(FormationState s, ImmutableArray<string> places, TimeSpan now) => (
        s with { Phase = FormationPhase.Joining, Cluster = s.Roll.Cluster, Asked = places, AskedAt = now },
        [new FormationEffect.Join(places)]);

    private static Step Found(FormationState s, Enrolment self) => (
        s with { Phase = FormationPhase.Founding },
        [new FormationEffect.Write(s.Roll.Version, s.Roll.Founded(self with { Cluster = s.Token }), s.Token)]);

    private static Step JoinSelf(FormationState s, TimeSpan now) => (
        s with { Phase = FormationPhase.Joining, Cluster = s.Token, Asked = [], AskedAt = now },
        [new FormationEffect.GiveBack(s.Token), new FormationEffect.JoinSelf()]);

    private static Step OnLookWhileJoining(FormationState s, FormationInput.Looked x, Enrolment self, TimeSpan now, TimeSpan patience)
    {
        var isOurs = x.Roll.Cluster == s.Cluster;
        if (x.Admission != Admission.None && !(isOurs && IsWithin(x, self))) return End(s, "the cluster that this node was joining is no more");
        if (x.Admission == Admission.Up) return Enrol(s with { Phase = FormationPhase.Enrolling }, x, self);
        if (x.Admission == Admission.Welcomed || (isOurs && x.Roll.Has(self.Node))) return (s, []);
        var living = isOurs ? x.Roll.Living(x.Sessions) : [];
        if (living.IsEmpty) return (FormationState.Start, []);
        ImmutableArray<string> places = [.. living.Select(m => m.Node.Place)];
        return !places.SequenceEqual(s.Asked) || now - s.AskedAt >= patience ? Ask(s with { Roll = x.Roll }, places, now) : (s, []);
    }

    private static Step Enrol(FormationState s, FormationInput.Looked x, Enrolment self)
    {
        if (x.Roll.Cluster != s.Cluster || !IsWithin(x, self)) return End(s, "another cluster was founded while this node was joining");
        if (x.Roll.Has(self.Node)) return (s with { Phase = FormationPhase.Member }, [new FormationEffect.Serve()]);
        return (s, [new FormationEffect.Write(x.Roll.Version, x.Roll.Enrolled(self with { Cluster = s.Cluster }, x.Sessions), null)]);
    }

    /// <summary>An admission that was asked of a cluster before may come late: the one that admitted this node is the one on the roll if they share a member that lives.</summary>
    private static bool IsWithin(FormationInput.Looked x, Enrolment self) => x.Roll.Has(self.Node) || x.Roll.Living(x.Sessions).Any(m => x.Peers.Contains(m.Node));

    private static Step End(FormationState s, string why) => (s with { Phase = FormationPhase.Ended }, [new FormationEffect.End(why)]);
}
