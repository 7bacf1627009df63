using System.Collections.Immutable;
using System.Globalization;

namespace Eos.Master;

/// <summary>One node does not hear another, although both hold their sessions.</summary>
public readonly record struct Cut(Incarnation From, Incarnation To)
{
    /// <summary>What a node writes of all that it does not hear: its own uid, and them.</summary>
    public static string Text(Incarnation from, IEnumerable<Incarnation> silent) => string.Create(CultureInfo.InvariantCulture, $"{from.Uid} {string.Join(',', silent.Select(s => s.ToString()).Order(StringComparer.Ordinal))}");

    /// <summary>Reads that; nothing from any other text.</summary>
    public static IEnumerable<Cut> Parse(string place, string text) =>
        text.Split(' ') is [var uid, var silent] && int.TryParse(uid, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
            ? silent.Split(',').Select(Incarnation.Parse).OfType<Incarnation>().Select(to => new Cut(new Incarnation(place, number), to))
            : [];
}

/// <summary>
/// Two members that both reach the group, but not each other, keep the cluster from agreeing on anything, and none of them is over. One of the two has to go, and it must
/// be one: all decide by what stands in the group, and who goes writes so if nothing changed since. Pure.
/// </summary>
public static class CutRules
{
    /// <summary>
    /// Who goes next; null when nobody has to: who is not on the roll, else who is cut from most others, else who is not the master, else the last by its name.
    /// </summary>
    /// <param name="sessions">Those that hold: who has none is over anyway.</param>
    public static Incarnation? Leaver(ClusterRoll roll, IReadOnlySet<Incarnation> sessions, Incarnation? master)
    {
        var others = roll.Cuts.Where(cut => cut.From != cut.To && Stays(cut.From) && Stays(cut.To))
            .SelectMany(cut => new[] { cut, new Cut(cut.To, cut.From) }).Distinct().ToLookup(cut => cut.From);
        return others
            .OrderBy(node => roll.Has(node.Key)).ThenByDescending(node => node.Count()).ThenBy(node => node.Key == master)
            .ThenByDescending(node => node.Key.ToString(), StringComparer.Ordinal)
            .Select(node => (Incarnation?)node.Key).FirstOrDefault();

        bool Stays(Incarnation node) => sessions.Contains(node) && !roll.Leavers.Contains(node);
    }
}
