using System.Text.Json;
using Eos.Cli;
using Eos.Cli.Shell;
using Eos.Tests.Support;
using MakeDirectory = Eos.Gateway.GatewayProtocol.MakeDirectory;

namespace Eos.Tests.Unit.Cli;

/// <summary>The shell's own words, files of commands, and what stands for all commands alike.</summary>
public sealed class ShellWordTests : IDisposable
{
    private readonly FakeGateway _gateway = new FakeGateway().Directory("/eos/dev/a").File("/eos/dev/f", 5);
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Json_is_turned_on_and_off()
    {
        var run = new Run(_gateway, "json\nls -l /eos/dev\njson\nls /eos/dev\n");
        Assert.Equal(0, await run.Line());
        Assert.EndsWith("\na\nf\n", run.Output);
        Assert.Equal("0", JsonDocument.Parse(run.Output[..^"a\nf\n".Length]).RootElement.GetProperty("retc").GetString());
    }

    [Fact]
    public async Task A_role_stands_until_the_next_and_a_line_may_have_one_of_its_own()
    {
        var run = new Run(_gateway, "whoami\nrole 7 8\nwhoami\n-r 9 9 whoami\nwhoami\nrole nobody-knows-whom\n");
        Assert.Equal(22, await run.Line());
        string[] expected =
        [
            "Virtual Identity: uid=4001 gid=5001", "=> selected user role ruid=<7> and group role rgid=<8>", "Virtual Identity: uid=7 gid=8", "Virtual Identity: uid=9 gid=9",
            "Virtual Identity: uid=7 gid=8",
        ];
        Assert.Equal(expected, run.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.Contains("no such user: 'nobody-knows-whom'", run.Error);
    }

    [Fact]
    public async Task Timing_tells_of_each_line()
    {
        var run = new Run(_gateway, "timing\nls /eos\ntiming\nls /eos\n");
        Assert.Equal(0, await run.Line());
        Assert.Equal(2, run.Error.Split('\n').Count(l => l.StartsWith("time: ", StringComparison.Ordinal) && l.EndsWith(" ms", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Cd_knows_the_directory_before_and_home()
    {
        var run = new Run(_gateway, "cd /eos/dev/a\ncd ..\npwd\ncd -\npwd\ncd\npwd\ncd ~/eos\npwd\n");
        Assert.Equal(0, await run.Line());
        Assert.Equal("/eos/dev/\n/eos/dev/a/\n/\n/eos/\n", run.Output);
    }

    [Fact]
    public void The_directory_is_kept_in_a_file()
    {
        var file = Path.Combine(_folder.Path, "pwd");
        Assert.Equal("/", WorkingDirectory.Load(file));
        WorkingDirectory.Save(file, "/eos/dev/a b");
        Assert.Equal("/eos/dev/a b", WorkingDirectory.Load(file));
        File.WriteAllText(file, "no path");
        Assert.Equal("/", WorkingDirectory.Load(file));
        WorkingDirectory.Save(null, "/eos");
    }

    [Fact]
    public async Task A_file_of_commands_runs_line_by_line_and_may_call_others()
    {
        var (outer, inner) = (Path.Combine(_folder.Path, "outer.eos"), Path.Combine(_folder.Path, "inner.eos"));
        File.WriteAllText(inner, "pwd\nls none\n");
        File.WriteAllText(outer, $"# first\ncd /eos/dev\n. {inner}\nsource {inner}\nls\nquit\nmkdir never\n");
        var run = new Run(_gateway);
        Assert.Equal(0, await run.Line(outer));
        Assert.Equal("/eos/dev/\n/eos/dev/\na\nf\n", run.Output);
        Assert.Equal(2, await run.Line(inner));
        Assert.Equal(2, await run.Line(".", _folder.Path + "/none"));
        Assert.False(_gateway.Has("/eos/dev/never"));
    }

    [Fact]
    public async Task Files_that_call_each_other_without_end_are_an_error()
    {
        var file = Path.Combine(_folder.Path, "self");
        File.WriteAllText(file, $"source {file}\n");
        var run = new Run(_gateway);
        Assert.Equal(40, await run.Line(file));
        Assert.Contains("call each other", run.Error);
    }

    [Theory]
    [InlineData("--comment", "why not", "mkdir", "/eos/dev/x")]
    [InlineData("mkdir", "/eos/dev/x", "--comment", "why not")]
    [InlineData("-b", "mkdir", "--comment", "why not", "-p", "/eos/dev/x")]
    public async Task A_comment_goes_with_whatever_is_asked(params string[] words)
    {
        Assert.Equal(0, await new Run(_gateway).Line(words));
        Assert.Equal("why not", _gateway.Asked.OfType<MakeDirectory>().Single().Head.Claim.Comment);
    }

    [Fact]
    public async Task In_a_shell_a_comment_belongs_to_its_line()
    {
        Assert.Equal(0, await new Run(_gateway, "mkdir /eos/dev/x --comment once\nmkdir /eos/dev/y\n").Line());
        Assert.Equal(["once", ""], _gateway.Asked.OfType<MakeDirectory>().Select(m => m.Head.Claim.Comment));
    }

    [Fact]
    public async Task Words_that_print_need_no_instance()
    {
        var run = new Run(_gateway);
        Assert.Equal(0, await run.Line("license"));
        Assert.Contains("Apache License", run.Output);
        Assert.Equal(0, await run.Line("help", "cp"));
        Assert.Contains("--no-overwrite", run.Output);
        Assert.Equal(0, await run.Line("quit"));
        Assert.Equal(95, await run.Line("console"));
        Assert.Empty(_gateway.Asked);
    }

    [Fact]
    public async Task Test_makes_lists_and_removes_directories_and_says_how_fast()
    {
        var run = new Run(_gateway, "cd /eos/dev\ntest mkdir 2\ntest ls 2\ntest lsla 1 -m\n");
        Assert.Equal(0, await run.Line());
        Assert.StartsWith("test mkdir: 10 x 2 in ", run.Output);
        Assert.Contains("\ntest=lsla operations=10 seconds=", run.Output);
        Assert.True(_gateway.Has("/eos/dev/test/09/00001"));
        Assert.Equal(0, await new Run(_gateway, "cd /eos/dev\ntest rmdir 2\n").Line());
        Assert.False(_gateway.Has("/eos/dev/test"));
        Assert.Equal(22, await run.Line("test", "ls", "0"));
    }
}
