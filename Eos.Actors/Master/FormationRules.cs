using System.Collections.Immutable;
using Step = (Eos.Master.FormationState State, System.Collections.Immutable.ImmutableArray<Eos.Master.FormationEffect> Effects);

namespace Eos.Master;

/// <summary>
/// How nodes come to be one cluster with nobody's help. Whoever sees a living member joins it. Whoever sees none takes the lease `cluster-seed`, writes itself
/// down as founder if nothing changed since it looked, and joins itself; everyone else joins what stands there. A member is counted once it is enrolled, and it enrols
/// only into the cluster that stands: so two clusters never both have members that serve. A founder that dies before it has joined itself is over with its
/// node session, and the next one founds. Pure.
/// <code>
///  Looking --a member lives--> Joining --up--> Enrolling --written--> Member
///     |                           ^
///     none lives                  | joins itself
///     v                           |
///  Contending --lease--> Founding-+          any phase --another cluster stands--> Ended
/// </code>
/// </summary>
public static class FormationRules
{
    /// <param name="self">This node; the cluster's number in it counts for nothing.</param>
    /// <param name="now">A moment of a clock that never goes back.</param>
    /// <param name="patience">After this time members that have not admitted this node are asked again.</param>
    public static Step Next(FormationState s, FormationInput input, Enrolment self, TimeSpan now, TimeSpan patience) => (s.Phase, input) switch
    {
        (FormationPhase.Ended, _) => (s, []),
        (FormationPhase.Looking, FormationInput.Looked x) => OnLook(s, x, self, now),
        (FormationPhase.Contending, FormationInput.Granted x) => Found(s with { Token = x.Token }, self),
        (FormationPhase.Contending, _) => (s with { Phase = FormationPhase.Looking }, []),
        (FormationPhase.Founding, FormationInput.Written) => JoinSelf(s, now),
        (FormationPhase.Founding, FormationInput.Looked x) when x.Roll.Cluster == s.Token && x.Roll.Has(self.Node) => JoinSelf(s, now),
        (FormationPhase.Founding, FormationInput.Unknown) => (s, []),
        (FormationPhase.Founding, _) => (FormationState.Start, [new FormationEffect.GiveBack(s.Token)]),
        (FormationPhase.Joining, FormationInput.Looked x) => OnLookWhileJoining(s, x, self, now, patience),
        (FormationPhase.Enrolling, FormationInput.Looked x) => Enrol(s, x, self),
        (FormationPhase.Enrolling, FormationInput.Written) => (s with { Phase = FormationPhase.Member }, [new FormationEffect.Serve()]),
        (FormationPhase.Member, FormationInput.Looked x) when !(x.Roll.Cluster == s.Cluster && x.Roll.Has(self.Node)) => End(s, "another cluster was founded without this node"),
        _ => (s, []),
    };

    /// <summary>Sessions of earlier runs at this node's own place: whoever has the place now knows that they are over.</summary>
    public static bool IsFormer(Incarnation session, Incarnation self) => session.Place == self.Place && session.Uid != self.Uid;

    private static Step OnLook(FormationState s, FormationInput.Looked x, Enrolment self, TimeSpan now)
    {
        var living = x.Roll.Living(x.Sessions);
        if (living.IsEmpty) return (s with { Phase = FormationPhase.Contending, Roll = x.Roll }, [new FormationEffect.Contend()]);
        return Ask(s with { Roll = x.Roll }, [.. living.Where(m => m.Node != self.Node).Select(m => m.Node.Place)], now);
    }

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
