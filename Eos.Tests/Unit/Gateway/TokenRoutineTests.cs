using System.Collections.Immutable;
using System.Globalization;
using Eos.Identity;
using Eos.Kernel;
using Eos.Tests.Support;
using static Eos.Gateway.GatewayProtocol;

namespace Eos.Tests.Unit.Gateway;

/// <summary>`token`: who may issue which, and what one opens.</summary>
public sealed class TokenRoutineTests
{
    private readonly NamespaceInMemory _eos = new();

    public TokenRoutineTests()
    {
        _eos.Instance.Set("global", "/config/eosdev/space/default#token.generation", "1");
        _eos.Must(h => new MakeDirectory(h, "/eos/dev/own", false, 0x1c0), 7);
        _eos.Put("/eos/dev/own/f", 7);
    }

    private IFinal Ask(uint uid, params (string Key, string Value)[] options) => _eos.Do(
        h => new Administer(h, "token", "", [], options.ToImmutableSortedDictionary(o => o.Key, o => o.Value, StringComparer.Ordinal)), uid);

    private IFinal Issue(uint uid, string path, string permission = "rx", TimeSpan? life = null, params (string, string)[] more) => Ask(
        uid, [("path", path), ("permission", permission), ("expires", (_eos.Now + (life ?? TimeSpan.FromHours(1))).Seconds.ToString(CultureInfo.InvariantCulture)), .. more]);

    private string Token(uint uid, string path, string permission = "rx", params (string, string)[] more) =>
        Assert.Single(Assert.IsType<Report>(Issue(uid, path, permission, null, more)).Lines);

    private Errno Why(IFinal answer) => Assert.IsType<Refused>(answer).Why;

    private IFinal As(string token, Func<Head, IRequest> request) => _eos.Do(request(_eos.Head(99) is var h ? h with { Claim = h.Claim with { Token = token } } : h));

    [Fact]
    public void Root_issues_any_and_others_what_is_theirs()
    {
        Assert.StartsWith("zteos64:", Token(0, "/eos/dev/own/", "rwxm!d"));
        Assert.StartsWith("zteos64:", Token(7, "/eos/dev/own/", "rwx"));
        Assert.Equal(Errno.NotPermitted, Why(Issue(8, "/eos/dev/own/")));
        Assert.Equal(Errno.NotPermitted, Why(Issue(7, "/eos/dev/own/", "rwxm")));
        Assert.Equal(Errno.NoEntry, Why(Issue(7, "/eos/dev/none/")));

        _eos.Must(h => new ChangeAttributes(h, "/eos/dev/own", ImmutableSortedDictionary<string, string>.Empty.Add("sys.acl", "u:8:trx"), "", false));
        Assert.StartsWith("zteos64:", Token(8, "/eos/dev/own/", "rx"));
        Assert.Equal(Errno.NotPermitted, Why(Issue(8, "/eos/dev/own/", "rwx")));
    }

    [Fact]
    public void What_makes_no_sense_is_refused()
    {
        Assert.Equal(Errno.Invalid, Why(Issue(0, "/eos/dev/own/", "rx", TimeSpan.FromSeconds(-1))));
        Assert.Equal(Errno.Invalid, Why(Issue(0, "own", "rx")));
        Assert.Equal(Errno.Invalid, Why(Issue(0, "/eos/dev/own/", "nonsense")));
        Assert.Equal(Errno.Invalid, Why(Issue(0, "/eos/dev/own/", "rx", null, ("origin", "a#b"))));
        Assert.Equal(Errno.Invalid, Why(Ask(0, ("path", "/eos"), ("expires", "tomorrow"))));
        Assert.Equal(Errno.Invalid, Why(Ask(0, ("token", "zteos64:nonsense"))));
        _eos.Instance.Set("global", "/config/eosdev/space/default#token.generation", null);
        Assert.Equal(Errno.AccessDenied, Why(Issue(0, "/eos/dev/own/")));
    }

    [Fact]
    public void A_token_shows_what_it_says()
    {
        var lines = string.Concat(Assert.IsType<Report>(Ask(0, ("token", Token(7, "/eos/dev/own/", "rx", ("tree", ""))))).Lines);
        Assert.Contains("\"path\": \"/eos/dev/own/\"", lines);
        Assert.Contains("\"allowtree\": true", lines);
        Assert.Contains("\"requester\"", lines);
    }

    [Fact]
    public void Its_bearer_sees_its_paths_and_nothing_else()
    {
        var token = Token(7, "/eos/dev/own/f");
        Assert.IsType<Status>(As(token, h => new Stat(h, "/eos/dev/own/f")));
        Assert.Equal(Errno.AccessDenied, Why(As(token, h => new Stat(h, "/eos/dev/own"))));
        Assert.Equal(Errno.AccessDenied, Why(As(token, h => new Stat(h, "/eos/dev/own/g"))));
    }

    [Fact]
    public void The_public_sees_so_many_levels()
    {
        Assert.IsType<Listing>(_eos.Do(h => new List(h, "/eos/dev", "", false), 99));
        _eos.Instance.Set(VidBook.Section, "publicaccesslevel", "2");
        Assert.Equal(Errno.AccessDenied, _eos.Refusal(h => new List(h, "/eos/dev", "", false), 99));
        Assert.IsType<Listing>(_eos.Do(h => new List(h, "/eos", "", false), 99));
        var file = Assert.IsType<FileInformation>(_eos.Do(h => new Inform(h, "/eos/dev/own/f"))).File.Id.Value;
        Assert.Equal(Errno.AccessDenied, _eos.Refusal(h => new Inform(h, $"fid:{file}"), 99));
        Assert.IsType<Listing>(_eos.Do(h => new List(h, "/eos/dev", "", false), 98));
        Assert.IsType<Listing>(_eos.Do(h => new List(h, "/eos/dev", "", false), 98));
    }
}
