using System.Collections.Immutable;
using System.Text.RegularExpressions;
using Eos.Identity;
using Eos.Kernel;
using Eos.Namespace;
using Eos.Views;
using static Eos.Gateway.GatewayProtocol;

namespace Eos.Gateway;

/// <summary>Whether an entry is what a `find` looks for. Made once for a query.</summary>
public sealed class FindRules
{
    private const uint Permissions = 0x1ff;

    private readonly FindQuery _query;
    private readonly Regex? _name;

    private FindRules(FindQuery query, Regex? name) => (_query, _name) = (query, name);

    /// <summary>What is asked of directories needs more than their names.</summary>
    public bool NeedsDirectories => _query.Directories
        && (_query.Detail == FindDetail.Records || _query.Uid is not null || _query.NotUid is not null || _query.Gid is not null || _query.NotGid is not null
            || _query.Mode is not null || _query.NotMode is not null || _query.ChangedBefore is not null || _query.ChangedAfter is not null
            || _query.ModifiedBefore is not null || _query.ModifiedAfter is not null || _query.Attribute.Length > 0 || _query.FaultyAcl);

    /// <summary>Or what is wrong with the query.</summary>
    public static (FindRules? Rules, Refusal? Refusal) Of(FindQuery query)
    {
        try
        {
            return (new FindRules(query, query.Name.Length == 0 ? null : new Regex(query.Name, RegexOptions.NonBacktracking | RegexOptions.CultureInvariant)), null);
        }
        catch (Exception bad) when (bad is ArgumentException or NotSupportedException)
        {
            return (null, new Refusal(Errno.Invalid, $"'{query.Name}' is no regular expression: {bad.Message}"));
        }
    }

    /// <summary>What the walk does with a directory at this depth.</summary>
    public TreeStep Plan(string name, uint depth)
    {
        if (_query.SkipVersions && HiddenNames.IsVersions(name)) return TreeStep.Skip;
        if (_query.MaxDepth is not { } deepest || depth < deepest) return TreeStep.Descend;
        if (depth > deepest || !_query.Directories) return depth == 0 ? TreeStep.Look : TreeStep.Skip;
        return NeedsDirectories || depth == 0 ? TreeStep.Look : TreeStep.Name;
    }

    public bool Fits(string name, DirectoryRecord directory) =>
        _query.Directories && !_query.Empty && !_query.MixedGroups && !_query.WrongStripes
        && IsNamed(name) && Fits(directory.Owner, directory.Mode, directory.Times, directory.Attributes);

    public bool Fits(string name, FileRecord file, ViewState view)
    {
        if (!_query.Files || !IsNamed(name) || !Fits(file.Owner, file.Mode, file.Times, file.Attributes)) return false;
        var (size, layout, locations) = (file.Content.Size, file.Content.Layout, file.Content.Locations);
        return (!_query.Empty || (size == 0 && !file.IsLink))
            && (!_query.WrongStripes || (!file.IsLink && locations.Length != layout.Stripes))
            && (!_query.MixedGroups || locations.Select(fs => view.Filesystems.GetValueOrDefault(fs)?.Report.Identity.Group).Distinct().Skip(1).Any());
    }

    private bool IsNamed(string name) => _name is null || _name.IsMatch(name);

    private bool Fits(Owner owner, uint mode, Times times, ImmutableSortedDictionary<string, string> attributes) =>
        (_query.Uid is not { } uid || owner.Uid == uid) && (_query.NotUid is not { } notUid || owner.Uid != notUid)
        && (_query.Gid is not { } gid || owner.Gid == gid) && (_query.NotGid is not { } notGid || owner.Gid != notGid)
        && (_query.Mode is not { } wanted || IsMode(mode, wanted)) && (_query.NotMode is not { } unwanted || !IsMode(mode, unwanted))
        && (_query.ChangedBefore is not { } cb || times.Changed < cb) && (_query.ChangedAfter is not { } ca || times.Changed > ca)
        && (_query.ModifiedBefore is not { } mb || times.Modified < mb) && (_query.ModifiedAfter is not { } ma || times.Modified > ma)
        && (_query.Attribute.Length == 0 || (attributes.TryGetValue(_query.Attribute, out var value) && (_query.Value == "*" || value == _query.Value)))
        && (!_query.FaultyAcl || IsFaulty(attributes, EntryAcl.SysKey) || IsFaulty(attributes, EntryAcl.UserKey));

    private static bool IsFaulty(ImmutableSortedDictionary<string, string> attributes, string key) =>
        attributes.TryGetValue(key, out var rules) && AclText.Parse(rules, key == EntryAcl.UserKey).Bad is not null;

    /// <summary>Up to 0777 the bits for sets, groups and stickiness are not looked at: every directory has one of them.</summary>
    private static bool IsMode(uint mode, uint wanted) => (wanted <= Permissions ? mode & Permissions : mode) == wanted;
}
