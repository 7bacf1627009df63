using System.Collections.Immutable;
using Eos.Kernel;
using Eos.Namespace;

namespace Eos.Gateway;

/// <summary>Attributes that a directory takes from another one.</summary>
public abstract partial class Routine
{
    /// <summary>Which attributes count in a directory: its own, below them those of the directory that <see cref="AttributeRules.LinkKey"/> names (one that is not there adds none), and those of its space.</summary>
    protected IEnumerable<Step> Effective(DirectoryRecord record, Action<ImmutableSortedDictionary<string, string>> take)
    {
        var all = record.Attributes;
        if (all.TryGetValue(AttributeRules.LinkKey, out var text) && EosPath.Parse(text).Path is { } path)
        {
            var place = new Place();
            foreach (var step in Know(path, place)) yield return step;
            if (place.Record is { } linked) all = AttributeRules.Effective(all, linked.Attributes);
        }
        var space = SpaceAttributes.SpaceOf(all);
        take(SpaceAttributes.Over(all, facts.View().Configuration.Attributes(space.Length > 0 ? space : facts.Settings.Usual.Space)));
    }

    /// <summary>Walks down to a directory and learns its attributes, with those that it takes from another one.</summary>
    protected IEnumerable<Step> KnowEffective(EosPath path, Place place)
    {
        foreach (var step in Know(path, place)) yield return step;
        if (place.Record is not { } record) yield break;
        foreach (var step in Effective(record, all => place.Record = ReferenceEquals(all, record.Attributes) ? record : record with { Attributes = all })) yield return step;
    }

    /// <summary>The directory that an attribute link names, or a refusal as the result.</summary>
    protected IEnumerable<Step> LinkedBy(string text, Action<DirectoryRecord> take)
    {
        if (Parse(text) is not { } path) yield break;
        var place = new Place();
        foreach (var step in Know(path, place)) yield return step;
        if (place.Refusal is not null) Refuse(place.Refusal);
        else take(place.Record!);
    }
}
