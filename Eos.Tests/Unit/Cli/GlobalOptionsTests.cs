using Eos.Cli;
using Eos.Cli.Render;
using Eos.Kernel;

namespace Eos.Tests.Unit.Cli;

public class GlobalOptionsTests
{
    [Theory]
    [InlineData("a:1,b:2", new[] { "a:1", "b:2" })]
    [InlineData("root://a", new[] { "a:2552" })]
    [InlineData(" root://a:1094/ , 127.0.0.1 ", new[] { "a:1094", "127.0.0.1:2552" })]
    public void Endpoints_are_a_list_with_or_without_scheme_and_port(string text, string[] expected) =>
        Assert.Equal(expected, GlobalOptions.ParseEndpoints(text));

    [Theory]
    [InlineData("")]
    [InlineData("a:0")]
    [InlineData("a:x")]
    [InlineData(":1")]
    public void A_bad_endpoint_is_refused(string text) =>
        Assert.Equal(Errno.Invalid, Assert.Throws<EosException>(() => GlobalOptions.ParseEndpoints(text)).Why);

    [Fact]
    public void The_socket_of_this_machine_is_taken_when_it_is_named_or_when_nothing_else_is()
    {
        Assert.Equal("/s", GlobalOptions.SocketOf("/s", "key", "mgm", _ => false));
        Assert.Equal(GlobalOptions.UsualSocket, GlobalOptions.SocketOf(null, null, null, path => path == GlobalOptions.UsualSocket));
        Assert.Null(GlobalOptions.SocketOf(null, null, null, _ => false));
        Assert.Null(GlobalOptions.SocketOf(null, "key", null, _ => true));
        Assert.Null(GlobalOptions.SocketOf(null, null, "mgm", _ => true));
    }

    [Theory]
    [InlineData("2", 2)]
    [InlineData("0.5s", 0.5)]
    public void A_timeout_is_in_seconds(string text, double seconds) => Assert.Equal(seconds, GlobalOptions.ParseTimeout(text).TotalSeconds);

    [Theory]
    [InlineData("0")]
    [InlineData("-1")]
    [InlineData("soon")]
    public void A_bad_timeout_is_refused(string text) => Assert.Throws<EosException>(() => GlobalOptions.ParseTimeout(text));

    [Fact]
    public void A_role_is_given_by_numbers_or_by_names_of_this_machine()
    {
        var folder = Directory.CreateTempSubdirectory("eos-names").FullName;
        try
        {
            var (passwd, group) = (Path.Combine(folder, "passwd"), Path.Combine(folder, "group"));
            File.WriteAllText(passwd, "root:x:0:0::/root:/bin/sh\nann:x:4001:5001::/home/ann:/bin/sh\nbroken\n");
            File.WriteAllText(group, "phys:x:5001:\n");
            var claim = GlobalOptions.ClaimOf("ann", "5001", "test", new Names(passwd, group));
            Assert.Equal((4001u, 5001u), (claim.RoleUid, claim.RoleGid));
            Assert.Throws<EosException>(() => GlobalOptions.ClaimOf("nobody-of-that-name", null, "", new Names(passwd, group)));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
