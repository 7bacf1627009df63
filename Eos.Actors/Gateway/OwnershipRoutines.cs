using System.Collections.Immutable;
using Eos.Identity;
using Eos.Kernel;
using Eos.Namespace;
using static Eos.Gateway.GatewayProtocol;

namespace Eos.Gateway;

/// <summary>`chmod`, `chown`, `acl`, `attr set` and `attr rm` of one file or directory.</summary>
public sealed class OwnershipRoutine(IOwnershipRequest request, VirtualIdentity who, RoutineFacts facts) : LookRoutine(request.Head, who, facts)
{
    public override IEnumerable<Step> Run()
    {
        var (command, refusal) = OwnershipCommands.Of(request, Who, Facts.Users());
        if (refusal is not null)
        {
            Refuse(refusal);
            yield break;
        }
        if (Parse(request.Path) is not { } path) yield break;
        if (request is ChangeAttributes { Set: var set } && set.TryGetValue(AttributeRules.LinkKey, out var target))
        {
            var isThere = false;
            foreach (var step in LinkedBy(target, _ => isThere = true)) yield return step;
            if (!isThere) yield break;
        }
        foreach (var step in Find(path, follow: !request.OfLink)) yield return step;
        if (Answer is Refused) yield break;
        if (request.Recursive)
        {
            var tree = new OwnershipTree(request, command!, Facts, () => FreshCall) { Learn = LearnLink };
            foreach (var step in File is { } alone ? tree.Run(alone.Parent, alone.File) : tree.Run(path.ToString(), Directory!.Value.Record.Id)) yield return step;
            Answer = tree.Done;
            yield break;
        }
        var question = Question.Of(File is { } file ? command!(file.Parent, Call, file.File.Name) : command!(Directory!.Value.Record.Id, Call, ""));
        foreach (var step in Ask(question)) yield return step;
        if (Directory is { } directory) Facts.Cache.Forget(directory.Record.Id);
        if (question.Answer is DirectoryProtocol.Done) Answer = new Done(Op);
        else Refuse(question.Answer, path);
    }
}

/// <summary>`attr ls` and `attr get`.</summary>
public sealed class ReadAttributesRoutine(ReadAttributes request, VirtualIdentity who, RoutineFacts facts) : LookRoutine(request.Head, who, facts)
{
    /// <summary>When it was made, shown as an attribute.</summary>
    private const string Born = "sys.eos.btime";

    public override IEnumerable<Step> Run()
    {
        if (Parse(request.Path) is not { } path) yield break;
        foreach (var step in Find(path, follow: true)) yield return step;
        if (Answer is Refused) yield break;
        var (attributes, born) = (File?.File.File.Attributes ?? Directory!.Value.Record.Attributes, (File?.File.File.Times ?? Directory!.Value.Record.Times).Born);
        if (Directory is { } directory)
        {
            foreach (var step in Effective(directory.Record, all => attributes = all)) yield return step;
        }
        var seesAll = Directory is { } self ? OwnershipRules.SeesSystemAttributes(Caller, self.Record) : Who.IsSudoer || Caller.IsAdmin;
        if (seesAll) attributes = attributes.SetItem(Born, string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{born.Seconds}.{born.NanosecondOfSecond:000000000}"));
        else attributes = attributes.RemoveRange(attributes.Keys.Where(k => k.StartsWith("sys.", StringComparison.Ordinal)));
        Answer = new AttributeList(Op, path.ToString(), attributes);
    }
}

/// <summary>`acl -l`.</summary>
public sealed class ReadAclRoutine(ReadAcl request, VirtualIdentity who, RoutineFacts facts) : LookRoutine(request.Head, who, facts)
{
    public override IEnumerable<Step> Run()
    {
        if (Parse(request.Path) is not { } path) yield break;
        foreach (var step in Find(path, follow: true)) yield return step;
        if (Answer is Refused) yield break;
        var attributes = File?.File.File.Attributes ?? Directory!.Value.Record.Attributes;
        if (Directory is { } directory)
        {
            foreach (var step in Effective(directory.Record, all => attributes = all)) yield return step;
        }
        Answer = new AclListing(Op, path.ToString(), Shown(EntryAcl.SysKey), Shown(EntryAcl.UserKey));

        string Shown(string key) => string.Join(',', AclText.Parse(attributes.GetValueOrDefault(key, ""), key == EntryAcl.UserKey).Rules.Select(r => AclText.Write(r, Named)));
    }

    private string Named(AclRule rule) => rule.Subject == AclSubject.Group ? Facts.Users().Group(rule.Id) : Facts.Users().User(rule.Id);
}

/// <summary>`attr fold`.</summary>
public sealed class FoldAttributesRoutine(FoldAttributes request, VirtualIdentity who, RoutineFacts facts) : LookRoutine(request.Head, who, facts)
{
    public override IEnumerable<Step> Run()
    {
        if (Parse(request.Path) is not { } path) yield break;
        foreach (var step in Find(path, follow: true)) yield return step;
        if (Answer is Refused) yield break;
        if (Directory is not { Record: var record })
        {
            Refuse(Errno.NotADirectory, $"{path}: is not a directory");
            yield break;
        }
        if (!record.Attributes.TryGetValue(AttributeRules.LinkKey, out var target))
        {
            Refuse(Errno.NoData, $"{path}: '{AttributeRules.LinkKey}' is not set");
            yield break;
        }
        var linked = ImmutableSortedDictionary<string, string>.Empty;
        foreach (var step in LinkedBy(target, found => linked = found.Attributes)) yield return step;
        if (Answer is Refused) yield break;
        var same = record.Attributes.Where(a => linked.TryGetValue(a.Key, out var other) && other == a.Value).Select(a => a.Key).ToImmutableArray();
        Answer = new Done(Op);
        if (same.IsEmpty) yield break;
        var question = Question.Of(new DirectoryProtocol.SetAttributes(record.Id, Call, "", ImmutableSortedDictionary<string, string>.Empty, same, false));
        foreach (var step in Ask(question)) yield return step;
        Facts.Cache.Forget(record.Id);
        if (question.Answer is not DirectoryProtocol.Done) Refuse(question.Answer, path);
    }
}
