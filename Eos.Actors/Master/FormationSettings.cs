using Akka.Configuration;
using Settings = Eos.Kernel.Settings;

namespace Eos.Master;

/// <summary>Knobs of how nodes become a cluster and lose its dead members: `eos.formation`.</summary>
/// <param name="SeedLease">For so long a founder has the cluster to itself.</param>
/// <param name="Look">Between two looks of a node that is on its way in.</param>
/// <param name="MemberLook">Between two looks of a member at the roll.</param>
/// <param name="Patience">After this time members that have not admitted a node are asked again.</param>
/// <param name="ShortestWatch">Least time between two looks at the sessions of the members.</param>
/// <param name="LongestWatch">Most time between two of them.</param>
/// <param name="CutLooks">A member that has not answered at so many looks in a row is cut off; when that has stood for as many looks, one of the two goes.</param>
/// <param name="Isolation">A node that could not renew its session for so long ends and begins anew, without having been told that it is lost.</param>
public sealed record FormationSettings(
    TimeSpan SeedLease, TimeSpan Look, TimeSpan MemberLook, TimeSpan Patience, TimeSpan ShortestWatch, TimeSpan LongestWatch, int CutLooks, TimeSpan Isolation)
{
    /// <exception cref="ConfigurationException">A value is out of range.</exception>
    public static FormationSettings From(Settings s)
    {
        var settings = new FormationSettings(
            s.Duration("seed-lease"), s.Duration("look-interval"), s.Duration("member-look-interval"), s.Duration("join-patience"),
            s.Duration("watch-min"), s.Duration("watch-max"), s.Int("cut-looks"), s.Duration("isolation"));
        Must(settings.SeedLease >= TimeSpan.FromSeconds(1), "seed-lease: 1s ..");
        Must(settings.Look >= TimeSpan.FromMilliseconds(10), "look-interval: 10ms ..");
        Must(settings.MemberLook >= settings.Look, "member-look-interval: look-interval ..");
        Must(settings.Patience >= settings.Look, "join-patience: look-interval ..");
        Must(settings.ShortestWatch >= TimeSpan.FromMilliseconds(10) && settings.LongestWatch >= settings.ShortestWatch, "watch-min: 10ms .. watch-max");
        Must(settings.CutLooks >= 2, "cut-looks: 2 ..");
        Must(settings.Isolation >= TimeSpan.FromSeconds(1), "isolation: 1s ..");
        return settings;
    }

    private static void Must(bool holds, string law)
    {
        if (!holds) throw new ConfigurationException($"eos.formation.{law}");
    }
}
