using Eos.Kernel;
using Eos.Namespace;
using static Eos.Gateway.AdminVerdict;
using static Eos.Gateway.GatewayProtocol;

namespace Eos.Gateway;

/// <summary>`map ls|link|unlink`: paths that begin with one prefix mean another.</summary>
internal static class MapVerbs
{
    public static readonly AdminVerb[] All =
    [
        new("map", "ls", AdminRight.Everybody, f => Rows(
            f.Instance.Section(PathMap.Section).Select(m => AdminRecord.Empty.Add("source", m.Key).Add("destination", m.Value)),
            f.Instance.Section(PathMap.Section).Select(m => $"{m.Key,-64} => {m.Value}"))),
        new("map", "link", AdminRight.Administrator, Link),
        new("map", "unlink", AdminRight.Administrator, f => Change(
            now => now[PathMap.Section, PathMap.Ended(f.Word(0))] is null
                ? Instance.Revision.Refuse(Errno.Invalid, $"{f.Word(0)} is not mapped")
                : Instance.Revision.Remove(PathMap.Section, PathMap.Ended(f.Word(0))),
            $"success: removed mapping '{f.Word(0)}'")),
    ];

    private static AdminVerdict Link(AdminFacts f)
    {
        var (source, destination) = (f.Word(0), f.Word(1));
        if (f.Request.Arguments.Length != 2 || Wrong(source) || Wrong(destination))
            return Refuse(Errno.Invalid, "map link takes two absolute paths without blanks, backslashes, '/./' and '/../'");
        var (from, to) = (PathMap.Ended(source), PathMap.Ended(destination));
        if (from == "/") return Refuse(Errno.Invalid, "the root can't be mapped");
        return Change(
            now => now[PathMap.Section, from] is { } there && there != to
                ? Instance.Revision.Refuse(Errno.Exists, $"{from} is mapped to {there}")
                : Instance.Revision.Set(PathMap.Section, from, to),
            $"success: added mapping '{source}' => '{destination}'");
    }

    private static bool Wrong(string path) => !PathMap.IsPlain(path) || EosPath.Parse(path).Refusal is not null;
}
