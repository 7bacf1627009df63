using System.Collections.Immutable;
using Eos.Kernel;
using Eos.Namespace;
using Eos.Scheduling;
using static Eos.Gateway.GatewayProtocol;

namespace Eos.Gateway;

/// <summary>`quota ls`: a row for everybody who has a limit or files in a quota node, and one for all together.</summary>
/// <param name="isPersonal">Only the caller's own rows, as `quota` without anything prints.</param>
internal sealed class QuotaListRoutine(AdminFacts admin, bool isPersonal, RoutineFacts facts) : Routine(admin.Request.Head, admin.Who, facts)
{
    private const double Percent = 100;
    private const int PageSize = 1000;

    public override IEnumerable<Step> Run()
    {
        if ((admin.Has("u") || admin.Has("g")) && QuotaVerbs.Subject(admin) is null)
        {
            Refuse(Errno.Invalid, $"'{admin.Option("u")}{admin.Option("g")}': there is no such user or group");
            yield break;
        }
        var path = admin.Word(0).Length > 0 ? admin.Word(0) : new[] { "p", "x", "q" }.Select(admin.Option).FirstOrDefault(p => p.Length > 0) ?? "";
        var records = ImmutableArray.CreateBuilder<AdminRecord>();
        var nodes = new List<(DirectoryId Node, string Path)>();
        foreach (var step in path.Length > 0 ? Responsible(path, nodes) : All(nodes)) yield return step;
        if (Answer is Refused) yield break;
        foreach (var (node, named) in nodes)
        {
            var read = Question.Of(new QuotaProtocol.ReadQuota(node, Facts.NewOp()));
            foreach (var step in Ask(read)) yield return step;
            if (read.Answer is QuotaProtocol.QuotaRead { Self.IsQuotaNode: true } found) records.AddRange(Table(found, PathMap.Ended(named)));
        }
        Answer = AdminRoutine.Part(admin.Request, records.ToImmutable(), []);
    }

    /// <summary>The deepest node at or above a path; with -q the path itself must be one.</summary>
    private IEnumerable<Step> Responsible(string text, List<(DirectoryId, string)> nodes)
    {
        if (Parse(text) is not { } path) yield break;
        var place = new Place();
        foreach (var step in Know(path, place)) yield return step;
        if (place.Refusal is { } refusal) Refuse(refusal);
        else if (place.DeepestQuotaNode is not { } node || (admin.Has("q") && node != place.Directory)) Refuse(Errno.NoEntry, $"{path}: there is no quota node");
        else nodes.Add((node, place.DeepestQuotaPath.ToString()));
    }

    /// <summary>By their rows in the index, so that none is looked for in the tree.</summary>
    private IEnumerable<Step> All(List<(DirectoryId, string)> nodes)
    {
        var (after, hasMore) = (default(ReadOnlyMemory<byte>), true);
        while (hasMore)
        {
            yield return new Step.ReadRows(NamespaceIndex.QuotaNodes, default, after, PageSize);
            if (Rows is not { } page)
            {
                Refuse(Errno.NotSupported, "this instance has no indexes: a path is needed (-p)");
                yield break;
            }
            (after, hasMore) = (page.More ? page.Rows[^1].Key : after, page.More);
            foreach (var row in page.Rows)
            {
                var node = NamespaceIndex.DirectoryOf(row.Key.Span);
                foreach (var step in Ascend(node, new Stack<string>(), path => nodes.Add((node, path.ToString())))) yield return step;
            }
        }
        nodes.Sort((a, b) => string.CompareOrdinal(a.Item2, b.Item2));
    }

    private IEnumerable<AdminRecord> Table(QuotaProtocol.QuotaRead node, string path)
    {
        var layout = LayoutPolicy.Of(new LayoutQuestion(
            Facts.Settings.Usual, RequestOptions.None, node.Self.Attributes, ImmutableDictionary<string, SpaceFacts>.Empty, true)).Choice.Layout;
        var subjects = node.Book.Limits.Keys.Concat(node.Book.Corrections.Keys)
            .Concat(node.Usage.SelectMany(u => new[] { new QuotaSubject(QuotaKind.User, u.Owner.Uid), new QuotaSubject(QuotaKind.Group, u.Owner.Gid) }))
            .Distinct().Where(s => s != QuotaSubject.Project || node.Book.Limits.ContainsKey(s) || node.Usage.Any(u => u.Owner.Gid == s.Id)).Order().Where(IsWanted);
        foreach (var kind in subjects.GroupBy(s => s.Kind))
        {
            var (all, limits) = (default(Usage), default(QuotaLimit));
            var count = 0;
            foreach (var subject in kind)
            {
                var isProject = subject == QuotaSubject.Project;
                var (usage, limit) = (node.Book.UsageOf(subject, node.Usage), node.Book.Limits.GetValueOrDefault(subject));
                yield return Row(kind.Key, isProject ? "project" : NameOf(subject), path, usage, limit, layout);
                if (isProject) continue;
                (all, limits, count) = (all + usage, new QuotaLimit(limits.Volume + limit.Volume, limits.Inodes + limit.Inodes), count + 1);
            }
            if (count > 0 && !isPersonal && !admin.Has("u") && !admin.Has("g") && Caller.IsPrivileged) yield return Row(kind.Key, "ALL", path, all, limits, layout);
        }
    }

    private bool IsWanted(QuotaSubject subject)
    {
        if (QuotaVerbs.Subject(admin) is { } only && (admin.Has("u") || admin.Has("g"))) return subject == only && (IsOwn(only) || Caller.IsPrivileged);
        return (Caller.IsPrivileged && !isPersonal) || IsOwn(subject);
    }

    private bool IsOwn(QuotaSubject subject) =>
        subject == QuotaSubject.Project || (subject.Kind == QuotaKind.User ? subject.Id == Caller.Uid : Caller.IsIn(subject.Id));

    private string NameOf(QuotaSubject subject) =>
        admin.Has("n") ? subject.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)
        : subject.Kind == QuotaKind.User ? admin.Users.User(subject.Id)
        : admin.Users.Group(subject.Id);

    private static AdminRecord Row(QuotaKind kind, string name, string path, Usage usage, QuotaLimit limit, LayoutId layout) => AdminRecord.Empty
        .Add("quota", "node").Add(kind == QuotaKind.User ? "uid" : "gid", name).Add("space", path)
        .Add("usedbytes", usage.Physical).Add("usedlogicalbytes", usage.Logical).Add("usedfiles", usage.Files)
        .Add("maxbytes", limit.Volume).Add("maxlogicalbytes", layout.LogicalOf(limit.Volume)).Add("maxfiles", limit.Inodes)
        .Add("percentageusedbytes", limit.Volume == 0 ? Percent : usage.Physical * Percent / limit.Volume)
        .Add("statusbytes", QuotaRules.StatusOf(usage.Physical, limit.Volume)).Add("statusfiles", QuotaRules.StatusOf(usage.Files, limit.Inodes));
}
