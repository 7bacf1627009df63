using System.Collections.Immutable;
using Eos.Identity;
using Eos.Kernel;
using Eos.Namespace;

namespace Eos.Gateway;

/// <summary>Attributes that a directory takes from another one.</summary>
public abstract partial class Routine
{
    /// <summary>False: asks for what directories have themselves.</summary>
    protected virtual bool FollowsAttributeLinks => true;

    /// <summary>Has the attributes of the directory to which this one is linked come with the caller from now on; null: there is nothing to learn.</summary>
    protected IEnumerable<Step>? LearnLink(DirectoryRecord record) =>
        FollowsAttributeLinks && AttributeRules.MissingLink(Caller, record) is { } link ? LearnLink(link) : null;

    private IEnumerable<Step> LearnLink(string link)
    {
        var linked = new LinkedDirectoryRoutine(link, facts);
        foreach (var step in linked.Run()) yield return step;
        _caller = Caller with
        {
            Links = [.. Caller.Links, new LinkedAttribute(link, "", ""), .. linked.Attributes.Select(a => new LinkedAttribute(link, a.Key, a.Value))],
        };
    }

    /// <summary>Which attributes count in a directory: its own, below them those of the directory that <see cref="AttributeRules.LinkKey"/> names (one that is not there adds none), and those of its space.</summary>
    protected IEnumerable<Step> Effective(DirectoryRecord record, Action<ImmutableSortedDictionary<string, string>> take)
    {
        foreach (var step in LearnLink(record) ?? []) yield return step;
        var all = AttributeRules.Effective(Caller, record);
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

/// <summary>What the directory has that others are linked to: whoever may ask for those need not be able to see it. Asks directories without ever losing patience, so that a walk may do it too.</summary>
internal sealed class LinkedDirectoryRoutine(string link, RoutineFacts facts)
    : Routine(new GatewayProtocol.Head(facts.NewOp(), 0, GatewayProtocol.Claim.Nobody), RecycleBin.Keeper, facts)
{
    public ImmutableSortedDictionary<string, string> Attributes { get; private set; } = ImmutableSortedDictionary<string, string>.Empty;

    protected override bool FollowsAttributeLinks => false;

    protected override bool IsPatient => true;

    public override IEnumerable<Step> Run()
    {
        if (EosPath.Parse(link).Path is not { } path) yield break;
        var place = new Place();
        foreach (var step in Know(path, place)) yield return step;
        if (place.Record is { } record) Attributes = record.Attributes.Remove(AttributeRules.LinkKey);
    }
}
