using System.Collections.Immutable;
using Eos.Kernel;
using static Eos.Gateway.GatewayProtocol;

namespace Eos.Client;

/// <summary>Mode, owner, rules and attributes.</summary>
public sealed partial class EosClient
{
    /// <summary>Permission bits; a directory inherits unless 04000 is among them.</summary>
    public Task ChangeModeAsync(string path, uint mode, CancellationToken cancel = default) => AskAsync<Done>(head => new ChangeMode(head, path, mode), cancel);

    /// <summary>Names or numbers as the instance knows them; empty: stays.</summary>
    public Task ChangeOwnerAsync(string path, string user, string group, bool ofLink = false, CancellationToken cancel = default) =>
        AskAsync<Done>(head => new ChangeOwner(head, path, user, group, ofLink), cancel);

    /// <summary>Changes one rule, as `u:ann=rwx`, where it is.</summary>
    /// <param name="ofUser">`user.acl`, or `sys.acl`; null: what the caller may change.</param>
    public Task EditAclAsync(string path, string edit, bool? ofUser = null, uint? position = null, CancellationToken cancel = default) =>
        AskAsync<Done>(head => new EditAcl(head, path, edit, ofUser, position), cancel);

    /// <summary>The same of all directories below too, and of files where it applies to them. <paramref name="take"/> hears what failed; without it, that is an exception in the end.</summary>
    public Task<TreeDone> ChangeModeOfTreeAsync(string path, uint mode, Action<TreePart>? take = null, CancellationToken cancel = default) =>
        ChangeAsync(head => new ChangeMode(head, path, mode) { Recursive = true }, take, cancel);

    /// <inheritdoc cref="ChangeModeOfTreeAsync"/>
    public Task<TreeDone> ChangeOwnerOfTreeAsync(
        string path, string user, string group, bool ofLinks = false, Action<TreePart>? take = null, CancellationToken cancel = default) =>
        ChangeAsync(head => new ChangeOwner(head, path, user, group, ofLinks) { Recursive = true }, take, cancel);

    /// <inheritdoc cref="ChangeModeOfTreeAsync"/>
    public Task<TreeDone> EditAclOfTreeAsync(
        string path, string edit, bool? ofUser = null, uint? position = null, Action<TreePart>? take = null, CancellationToken cancel = default) =>
        ChangeAsync(head => new EditAcl(head, path, edit, ofUser, position) { Recursive = true }, take, cancel);

    /// <inheritdoc cref="ChangeModeOfTreeAsync"/>
    /// <param name="removed">A key to take away; empty: none.</param>
    public Task<TreeDone> ChangeAttributesOfTreeAsync(
        string path, IEnumerable<KeyValuePair<string, string>> set, string removed = "", bool onlyNew = false, Action<TreePart>? take = null, CancellationToken cancel = default) =>
        ChangeAsync(
            head => new ChangeAttributes(head, path, ImmutableSortedDictionary.CreateRange(StringComparer.Ordinal, set), removed, onlyNew) { Recursive = true }, take, cancel);

    public Task<AclListing> AclAsync(string path, CancellationToken cancel = default) => AskAsync<AclListing>(head => new ReadAcl(head, path), cancel);

    /// <summary>Attributes that count, as far as the caller may see them.</summary>
    public async Task<ImmutableSortedDictionary<string, string>> AttributesAsync(string path, CancellationToken cancel = default) =>
        (await AskAsync<AttributeList>(head => new ReadAttributes(head, path), cancel)).Attributes;

    /// <summary>Sets attributes; <paramref name="onlyNew"/>: EEXIST if one is there.</summary>
    public Task SetAttributesAsync(string path, IEnumerable<KeyValuePair<string, string>> attributes, bool onlyNew = false, CancellationToken cancel = default) =>
        AskAsync<Done>(head => new ChangeAttributes(head, path, ImmutableSortedDictionary.CreateRange(StringComparer.Ordinal, attributes), "", onlyNew), cancel);

    public Task RemoveAttributeAsync(string path, string key, CancellationToken cancel = default) =>
        AskAsync<Done>(head => new ChangeAttributes(head, path, ImmutableSortedDictionary<string, string>.Empty, key, false), cancel);

    /// <summary>Takes away what a directory has as its own although the one that it is linked to has the same.</summary>
    public Task FoldAttributesAsync(string path, CancellationToken cancel = default) => AskAsync<Done>(head => new FoldAttributes(head, path), cancel);
}
