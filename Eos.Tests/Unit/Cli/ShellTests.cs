using Eos.Cli;
using Eos.Cli.Render;
using Eos.Cli.Shell;
using Eos.Client;
using Eos.Gateway;

namespace Eos.Tests.Unit.Cli;

public class ShellTests
{
    private readonly FakeGateway _gateway = new FakeGateway().Directory("/eos/dev/sub").File("/eos/dev/file one", 5).File("/eos/dev/file.two", 5);

    [Fact]
    public async Task A_piped_shell_runs_each_line_and_ends_with_the_last_exit_code()
    {
        var run = new Run(_gateway, "cd /eos/dev\npwd\n# a comment\nls\nls none\n\nquit\nmkdir never\n");
        Assert.Equal(2, await run.Line());
        Assert.Equal("/eos/dev/\nfile one\nfile.two\nsub\n", run.Output);
        Assert.Equal("error: List: no such file or directory (errc=2) (No such file or directory)\n", run.Error);
        Assert.False(_gateway.Has("/eos/dev/never"));
    }

    [Fact]
    public async Task Cd_goes_only_where_a_directory_is()
    {
        var run = new Run(_gateway, "cd /eos/dev/none\ncd '/eos/dev/file one'\npwd\ncd /eos/dev\ncd ..\npwd\n");
        Assert.Equal(0, await run.Line());
        Assert.Equal("/\n/eos/\n", run.Output);
        Assert.Contains("(errc=2)", run.Error);
        Assert.Contains("(errc=20)", run.Error);
    }

    [Theory]
    [InlineData("mk", 0, "mkdir ")]
    [InlineData("fs l", 3, "ls ")]
    [InlineData("ls /eos/de", 3, "/eos/dev/")]
    [InlineData("cat /eos/dev/file\\ ", 4, "/eos/dev/file\\ one ")]
    [InlineData("rm -r sub", 6, "sub/")]
    [InlineData("cp --no", 3, "--no-overwrite ")]
    [InlineData("ls /eos/none/x", 3)]
    public async Task The_word_before_the_cursor_is_completed(string line, int start, params string[] choices)
    {
        await using var session = Session();
        session.Directory = "/eos/dev";
        var commands = new CommandLine(session);
        var completer = new Completer(session, [.. commands.CommandNames], commands.WordsAfter);
        var (from, found) = await completer.CompleteAsync(line, CancellationToken.None);
        Assert.Equal(start, from);
        Assert.Equal(choices, found);
    }

    [Fact]
    public void Choices_share_a_beginning_and_are_shown_in_columns()
    {
        Assert.Equal("/a/fil", Completer.CommonStart(["/a/file ", "/a/film/"]));
        Assert.Equal("file   x\nfilm/", Completer.InColumns(["/a/file ", "/a/film/", "/a/x "], 14));
    }

    private Session Session() => new(
        new Terminal(new StringWriter(), new StringWriter(), Stream.Null, Stream.Null, false, false),
        _ => new EosClient(_gateway, GatewayProtocol.Claim.Nobody), new Names("/nonexistent", "/nonexistent"));
}
