using Eos.Gateway;
using Eos.Kernel;
using static Eos.Gateway.GatewayProtocol;

namespace Eos.Tests.Unit.Gateway;

public class LogbookTests
{
    private static readonly Head Head = new(new OpId(default, 1), 1, Claim.Nobody);

    [Fact]
    public void A_request_is_one_line_whatever_its_paths_are()
    {
        Assert.Equal("command=Mkdir path=\"/eos/a 'b' c\"", LogbookRules.Of(new MakeDirectory(Head, "/eos/a \"b\"\nc", false, null)));
        Assert.Equal("command=Rename path=\"/a\" target=\"/b\"", LogbookRules.Of(new Rename(Head, "/a", "/b", true)));
        Assert.Equal("command=Chmod path=\"/a\"", LogbookRules.Of(new ChangeMode(Head, "/a", 7)));
        Assert.Equal("command=ConfigSave args=\"config save x\"", LogbookRules.Of(new Administer(Head, "config", "save", ["x"], NoOptions)));
        Assert.InRange(LogbookRules.Of(new RemoveFile(Head, new string('x', 4000))).Length, 1000, 1100);
    }
}
