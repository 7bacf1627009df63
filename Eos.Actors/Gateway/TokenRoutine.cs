using System.Collections.Immutable;
using System.Globalization;
using Eos.Identity;
using Eos.Kernel;
using Eos.Namespace;
using static Eos.Gateway.GatewayProtocol;

namespace Eos.Gateway;

/// <summary>
/// `token`: issues one for paths, or shows what one says. Root issues any; others for what is theirs, or where a rule gives them `t`, never for more than they may do themselves, and in their own
/// name.
/// </summary>
public sealed class TokenRoutine(Administer request, VirtualIdentity who, RoutineFacts facts) : Routine(request.Head, who, facts)
{
    private const string UsualPermission = "rx";

    public static readonly AdminVerb[] Verbs = [new("token", "", AdminRight.Everybody, f => AdminVerdict.Run(facts => new TokenRoutine(f.Request, f.Who, facts)))];

    public override IEnumerable<Step> Run()
    {
        if (Option("token") is { Length: > 0 } text)
        {
            Show(text);
            yield break;
        }
        var (draft, bad) = Draft();
        if (bad is not null)
        {
            Refuse(bad);
            yield break;
        }
        if (!Who.IsRoot)
        {
            foreach (var path in draft.Paths)
            {
                foreach (var step in Judge(path, draft)) yield return step;
                if (Answer is Refused) yield break;
            }
        }
        Answer = new Report(Op, [], [SignedToken.Sign(draft, Facts.TokenKey())]);
    }

    private void Show(string text)
    {
        var (token, refusal) = SignedToken.Open(text, Facts.TokenKey(), TokenRules.GenerationOf(Facts.View().Configuration), Facts.Now);
        if (token is null) Refuse(refusal!);
        else Answer = new Report(Op, [], [.. TokenText.Lines(token)]);
    }

    private (EosToken Draft, Refusal? Bad) Draft()
    {
        var permission = Option("permission") is { Length: > 0 } given ? given : UsualPermission;
        var paths = Option("path").Split("://:", StringSplitOptions.RemoveEmptyEntries).ToImmutableArray();
        var origins = Option("origin").Split('\n', StringSplitOptions.RemoveEmptyEntries).ToImmutableArray();
        var generation = TokenRules.GenerationOf(Facts.View().Configuration);
        var draft = new EosToken(
            permission, default, Who.IsRoot ? Option("owner") : Who.Name, Who.IsRoot ? Option("group") : "", generation, paths, request.Options.ContainsKey("tree"), origins,
            Facts.NewOp().ToString(), Who.Name);
        if (generation == 0) return No(Errno.AccessDenied, "tokens are switched off: space.token.generation is 0");
        if (!long.TryParse(Option("expires"), NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) || seconds > uint.MaxValue) return No(Errno.Invalid, "--expires takes seconds since 1970");
        var expires = Instant.From(DateTimeOffset.FromUnixTimeSeconds(seconds));
        if (expires <= Facts.Now) return No(Errno.Invalid, "the token would have expired already");
        if (paths.IsEmpty || paths.Any(p => EosPath.Parse(p).Refusal is not null)) return No(Errno.Invalid, "--path takes an absolute path, several with ://: between them");
        if (AclText.ParseFlags(permission, isUser: false) is null) return No(Errno.Invalid, $"'{permission}' are no flags of an ACL");
        if (origins.FirstOrDefault(o => !SignedToken.IsOrigin(o)) is { } origin) return No(Errno.Invalid, $"'{origin}' is no host#name#protocol of regular expressions");
        return (draft with { Expires = expires }, null);

        (EosToken, Refusal?) No(Errno why, string text) => (draft, new Refusal(why, text));
    }

    /// <summary>The directory that a path is or lies in must be the caller's, and open to it in every way that the token is.</summary>
    private IEnumerable<Step> Judge(string text, EosToken draft)
    {
        if (Parse(text) is not { } path) yield break;
        var directory = text.EndsWith('/') || path.IsRoot ? path : path.Parent;
        var place = new Place();
        foreach (var step in Know(directory, place)) yield return step;
        if (place.Refusal is not null)
        {
            Refuse(place.Refusal);
            yield break;
        }
        var record = place.Record!;
        if (!TokenRules.MayIssue(Caller, record)) Refuse(Errno.NotPermitted, $"{directory}: tokens are issued by its owner, and by those with 't' in sys.acl");
        else if (TokenRules.Exceeds(Caller, record, draft.Permission)) Refuse(Errno.NotPermitted, $"{directory}: the token would allow more than you may do");
    }

    private string Option(string name) => request.Options.GetValueOrDefault(name, "");
}
