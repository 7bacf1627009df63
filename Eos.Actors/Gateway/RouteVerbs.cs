using Eos.Instance;
using Eos.Kernel;
using Eos.Services;
using static Eos.Gateway.AdminVerdict;
using static Eos.Gateway.GatewayProtocol;

namespace Eos.Gateway;

/// <summary>`route ls|link|unlink`: prefixes of paths that another instance has.</summary>
internal static class RouteVerbs
{
    public static readonly AdminVerb[] All =
    [
        new("route", "ls", AdminRight.Everybody, List),
        new("route", "link", AdminRight.Administrator, Link),
        new("route", "unlink", AdminRight.Administrator, f => Change(
            now => now[Endpoint.Section, PathMap.Ended(f.Word(0))] is null
                ? Revision.Refuse(Errno.NoEntry, $"there is no route for {f.Word(0)}")
                : Revision.Remove(Endpoint.Section, PathMap.Ended(f.Word(0))),
            $"success: removed route '{PathMap.Ended(f.Word(0))}'")),
    ];

    private static AdminVerdict List(AdminFacts f)
    {
        var routes = f.Instance.Section(Endpoint.Section).Where(r => f.Request.Arguments.IsEmpty || r.Key == PathMap.Ended(f.Word(0))).ToList();
        return routes.Count == 0 && !f.Request.Arguments.IsEmpty
            ? Refuse(Errno.NoEntry, $"there is no route for {f.Word(0)}")
            : Rows(routes.Select(r => AdminRecord.Empty.Add("path", r.Key).Add("endpoints", Marked(r.Value))), routes.Select(r => $"{r.Key} => {Marked(r.Value)}"));

        string Marked(string endpoints) => string.Join(',', Endpoint.Parse(endpoints).Select(f.Endpoints.Marked));
    }

    private static AdminVerdict Link(AdminFacts f)
    {
        var (path, endpoints) = (PathMap.Ended(f.Word(0)), Endpoint.Parse(f.Word(1)));
        if (f.Request.Arguments.Length != 2 || !PathMap.IsPlain(path)) return Refuse(Errno.Invalid, "a routed path is absolute, without blanks, backslashes, '/./' and '/../'");
        if (endpoints.IsEmpty) return Refuse(Errno.Invalid, $"'{f.Word(1)}': endpoints are host[:port[:http-port]], with commas between");
        if ($"/eos/{f.Settings.Instance}/".StartsWith(path, StringComparison.Ordinal)) return Refuse(Errno.Invalid, $"{path} has this instance in it, and can't be elsewhere");
        return Change(
            now => now[Endpoint.Section, path] is { } there && there != string.Join(',', endpoints)
                ? Revision.Refuse(Errno.Exists, $"{path} is routed to {there}")
                : Revision.Set(Endpoint.Section, path, string.Join(',', endpoints)),
            $"success: routed '{path}' to {string.Join(',', endpoints)}");
    }
}
