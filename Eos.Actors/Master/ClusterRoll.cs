using System.Collections.Immutable;
using System.Globalization;

namespace Eos.Master;

/// <summary>A member of the cluster as it enrolled.</summary>
/// <param name="Cluster">The cluster that it is in.</param>
/// <param name="Roles">Separated by commas.</param>
/// <param name="Name">Of the node, for people.</param>
public sealed record Enrolment(Incarnation Node, ulong Cluster, string Roles, string Name)
{
    public bool Has(string role) => Roles.Split(',').Contains(role);

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Node.Uid} {Cluster} {Roles} {Name}");

    /// <summary>Null when the text is not one of ours.</summary>
    public static Enrolment? Parse(string place, string text)
    {
        var part = text.Split(' ', 4);
        return part.Length == 4
            && int.TryParse(part[0], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var uid)
            && ulong.TryParse(part[1], NumberStyles.None, CultureInfo.InvariantCulture, out var cluster)
            ? new Enrolment(new Incarnation(place, uid), cluster, part[2], part[3])
            : null;
    }
}

/// <summary>
/// The part of the configuration that says which cluster there is and who is in it: `cluster.founded` is the cluster's number, `cluster.member.host:port` a
/// member, `cluster.cut.host:port` whom that node does not hear, `cluster.leaves.host:port` that it goes because of that. A member enrols once it is up, and only into the cluster that stands here; so whoever founds another has seen all members of the one before.
/// </summary>
/// <param name="Version">Of the whole configuration.</param>
/// <param name="Cluster">Token of the lease under which it was founded; 0: there was never one.</param>
public sealed record ClusterRoll(ulong Version, ulong Cluster, ImmutableSortedDictionary<string, Enrolment> Members)
{
    public const string Prefix = "cluster.";
    private const string FoundedKey = Prefix + "founded";
    private const string MemberKey = Prefix + "member.";
    private const string CutKey = Prefix + "cut.";
    private const string LeavesKey = Prefix + "leaves.";

    public static readonly ClusterRoll Empty = new(0, 0, ImmutableSortedDictionary.Create<string, Enrolment>(StringComparer.Ordinal));

    /// <summary>Who does not hear whom, as each wrote it.</summary>
    public ImmutableArray<Cut> Cuts { get; init; } = [];

    /// <summary>Who goes because it and another do not hear each other.</summary>
    public ImmutableHashSet<Incarnation> Leavers { get; init; } = [];

    public static ClusterRoll Of(ulong version, ImmutableSortedDictionary<string, string> values)
    {
        var members = values
            .Where(v => v.Key.StartsWith(MemberKey, StringComparison.Ordinal))
            .Select(v => Enrolment.Parse(v.Key[MemberKey.Length..], v.Value))
            .OfType<Enrolment>();
        return new ClusterRoll(
            version,
            ulong.TryParse(values.GetValueOrDefault(FoundedKey), NumberStyles.None, CultureInfo.InvariantCulture, out var cluster) ? cluster : 0,
            members.ToImmutableSortedDictionary(m => m.Node.Place, m => m, StringComparer.Ordinal))
        {
            Cuts = [.. values.Where(v => v.Key.StartsWith(CutKey, StringComparison.Ordinal)).SelectMany(v => Cut.Parse(v.Key[CutKey.Length..], v.Value))],
            Leavers = [.. values.Where(v => v.Key.StartsWith(LeavesKey, StringComparison.Ordinal)).Select(v => Incarnation.Parse(v.Value)).OfType<Incarnation>()],
        };
    }

    /// <summary>The members that live: those whose node session holds.</summary>
    public ImmutableArray<Enrolment> Living(IReadOnlySet<Incarnation> sessions) => [.. Members.Values.Where(m => m.Cluster == Cluster && sessions.Contains(m.Node))];

    public bool Has(Incarnation node) => Members.TryGetValue(node.Place, out var member) && member.Node == node && member.Cluster == Cluster;

    /// <summary>What the founder writes: the number, itself, and nobody else.</summary>
    public ImmutableSortedDictionary<string, string?> Founded(Enrolment founder) => Changes(
        Members.Keys.Where(place => place != founder.Node.Place).Select(place => KeyValuePair.Create(MemberKey + place, (string?)null))
            .Concat(Struck(_ => true))
            .Append(KeyValuePair.Create(FoundedKey, (string?)founder.Cluster.ToString(CultureInfo.InvariantCulture)))
            .Append(KeyValuePair.Create(MemberKey + founder.Node.Place, (string?)founder.ToString())));

    /// <summary>What a new member writes: itself; those that live no more are struck off.</summary>
    public ImmutableSortedDictionary<string, string?> Enrolled(Enrolment member, IReadOnlySet<Incarnation> sessions) => Changes(
        Members.Values.Where(m => m.Node.Place != member.Node.Place && !sessions.Contains(m.Node)).Select(m => KeyValuePair.Create(MemberKey + m.Node.Place, (string?)null))
            .Concat(Struck(node => !sessions.Contains(node)))
            .Append(KeyValuePair.Create(MemberKey + member.Node.Place, (string?)member.ToString())));

    /// <summary>What a node writes that does not hear these others, or hears all again.</summary>
    public static ImmutableSortedDictionary<string, string?> Unheard(Incarnation node, IReadOnlyCollection<Incarnation> silent) =>
        Changes([KeyValuePair.Create(CutKey + node.Place, silent.Count == 0 ? null : Cut.Text(node, silent))]);

    /// <summary>What a member writes that goes.</summary>
    public static ImmutableSortedDictionary<string, string?> Leaves(Incarnation node) => Changes([KeyValuePair.Create(LeavesKey + node.Place, (string?)node.ToString())]);

    /// <summary>What was written of cuts by such nodes is struck off.</summary>
    private IEnumerable<KeyValuePair<string, string?>> Struck(Func<Incarnation, bool> by) =>
        Cuts.Select(cut => cut.From).Where(by).Select(node => CutKey + node.Place).Concat(Leavers.Where(by).Select(node => LeavesKey + node.Place)).Distinct()
            .Select(key => KeyValuePair.Create(key, (string?)null));

    private static ImmutableSortedDictionary<string, string?> Changes(IEnumerable<KeyValuePair<string, string?>> changes) => changes.ToImmutableSortedDictionary(StringComparer.Ordinal);
}
