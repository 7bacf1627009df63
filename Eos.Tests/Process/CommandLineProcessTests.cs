using System.Text;
using Eos.Tests.Support;

namespace Eos.Tests.Processes;

/// <summary>A node that all tests of the class share; each works in a directory of its own.</summary>
public sealed class OneNode : IAsyncLifetime
{
    internal EosProcess Node { get; private set; } = null!;

    public async Task InitializeAsync() => Node = await EosProcess.StartedAsync();

    public async Task DisposeAsync() => await Node.DisposeAsync();
}

/// <summary>The command line as a process against a node as a process.</summary>
[Collection(ProcessesCollection.Name)]
public class CommandLineProcessTests(OneNode one) : IClassFixture<OneNode>
{
    private EosProcess Node => one.Node;

    private async Task<string> Cli(int code, params string[] words)
    {
        var outcome = await Node.CliAsync(words);
        Assert.True(outcome.Code == code, $"eos {string.Join(' ', words)}: exit code {outcome.Code}, not {code}\n{outcome.Output}{outcome.Error}\n{Node.Log}");
        return code == 0 ? outcome.Output : outcome.Error;
    }

    [Fact]
    public async Task A_tree_goes_in_and_comes_out_with_its_bytes_and_names()
    {
        var (source, back) = (Node.Scratch("tree"), Node.Scratch("back"));
        var files = new Dictionary<string, byte[]>
        {
            ["empty"] = [],
            ["a file with blanks"] = "text"u8.ToArray(),
            ["sub/ünïcode.txt"] = Encoding.UTF8.GetBytes("grüße"),
            ["sub/deeper/three megabytes"] = Bytes(3_000_017),
            ["sub/deeper/%41&?#.txt"] = Bytes(1000),
        };
        foreach (var (name, bytes) in files)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(source, name))!);
            await File.WriteAllBytesAsync(Path.Combine(source, name), bytes);
        }
        Directory.CreateDirectory(Path.Combine(source, "an empty folder"));

        var summary = await Cli(0, "cp", "-r", source + "/", "/eos/dev/tree/");
        Assert.StartsWith("[eos-cp] copied 5/5 files and 3.00M in ", summary);
        Assert.Equal("a file with blanks\nan empty folder/\nempty\nsub/\n", await Cli(0, "ls", "-F", "/eos/dev/tree"));
        await Cli(0, "cp", "-r", "/eos/dev/tree/", back + "/");
        foreach (var (name, bytes) in files) Assert.Equal(bytes, await File.ReadAllBytesAsync(Path.Combine(back, name)));
        Assert.Equal(files.Count, Directory.GetFiles(back, "*", SearchOption.AllDirectories).Length);
        Assert.True(Directory.Exists(Path.Combine(back, "an empty folder")));

        await Cli(0, "rm", "-r", "/eos/dev/tree");
        Assert.Contains("(errc=2)", await Cli(2, "ls", "/eos/dev/tree"));
    }

    [Fact]
    public async Task A_dash_is_standard_input_and_output()
    {
        var stored = await Child.RunAsync("eos-cli.dll", ["cp", "-", "/eos/dev/from stdin"], Node.Client, "some bytes\n"u8.ToArray());
        Assert.True(stored.Code == 0, stored.Error);
        Assert.Equal("some bytes\n", await Cli(0, "cp", "/eos/dev/from stdin", "-"));
        Assert.Equal("some bytes\n", await Cli(0, "cat", "/eos/dev/from stdin"));
    }

    [Fact]
    public async Task Parts_appended_bytes_and_patterns_come_out_as_they_went_in()
    {
        var (one, two, back) = (Bytes(9_000_001), Bytes(77), Node.Scratch("parts-back"));
        await File.WriteAllBytesAsync(Node.Scratch("one.bin"), one);
        await File.WriteAllBytesAsync(Node.Scratch("two.bin"), two);
        await Cli(0, "cp", "-p", Node.Scratch("one.bin"), Node.Scratch("two.bin"), "/eos/dev/parts/");
        Directory.CreateDirectory(back);
        Assert.StartsWith("[eos-cp] copied 2/2 files", await Cli(0, "cp", "--streams", "4", "--rate", "500", "/eos/dev/parts/*.bin", back));
        Assert.Equal(one, await File.ReadAllBytesAsync(Path.Combine(back, "one.bin")));
        await Cli(0, "cp", "-a", Node.Scratch("two.bin"), "/eos/dev/parts/one.bin");
        await Cli(0, "cp", "-a", "/eos/dev/parts/one.bin", Path.Combine(back, "two.bin"));
        byte[] whole = [.. two, .. one, .. two];
        Assert.Equal(whole, await File.ReadAllBytesAsync(Path.Combine(back, "two.bin")));
    }

    [Fact]
    public async Task Within_the_namespace_a_copy_has_the_same_checksum()
    {
        var file = Node.Scratch("original");
        await File.WriteAllBytesAsync(file, Bytes(2_500_000));
        await Cli(0, "cp", file, "/eos/dev/original");
        await Cli(0, "cp", "/eos/dev/original", "/eos/dev/copy");
        Assert.Equal(Xs(await Cli(0, "fileinfo", "/eos/dev/original", "-m")), Xs(await Cli(0, "fileinfo", "/eos/dev/copy", "-m")));
    }

    [Fact]
    public async Task Refusals_have_the_exit_codes_of_their_errnos()
    {
        await Cli(0, "mkdir", "-p", "/eos/dev/codes/full");
        await Cli(0, "cp", Script(), "/eos/dev/codes/full/x");
        await Cli(0, "cp", Script(), "/eos/dev/codes/y");
        Assert.StartsWith("error: ", await Cli(17, "mkdir", "/eos/dev/codes/full"));
        await Cli(0, "mkdir", "-p", "/eos/dev/codes/full");
        await Cli(2, "mkdir", "/eos/dev/codes/none/below");
        await Cli(2, "ls", "/eos/dev/codes/none");
        await Cli(2, "cat", "/eos/dev/codes/none");
        await Cli(2, "rm", "/eos/dev/codes/none");
        await Cli(14, "stat", "/eos/dev/codes/none");
        await Cli(39, "rmdir", "/eos/dev/codes/full");
        await Cli(21, "rm", "/eos/dev/codes/full");
        await Cli(17, "file", "rename", "/eos/dev/codes/y", "/eos/dev/codes/full");
        await Cli(17, "cp", "-k", Script(), "/eos/dev/codes/y");
        await Cli(0, "mv", "/eos/dev/codes/y", "/eos/dev/codes/z");
        Assert.Equal("full\nz\n", await Cli(0, "ls", "/eos/dev/codes"));
        await Cli(22, "ls", "--nonsense");
    }

    [Fact]
    public async Task The_owner_is_who_the_holder_of_the_key_says_and_mode_bits_decide()
    {
        await Cli(0, "-r", "4001", "5001", "mkdir", "/eos/dev/own");
        Assert.Contains("uid=4001 (4001) gid=5001 (5001)", await Cli(0, "-r", "4001", "5001", "whoami"));
        Assert.Contains(" uid=4001 gid=5001 ", await Cli(0, "fileinfo", "/eos/dev/own", "-m"));
        Assert.Contains("(Operation not permitted)", await Cli(1, "-r", "4001", "5001", "mkdir", "/eos/not-mine"));
        await Cli(0, "-r", "0", "0", "mkdir", "/eos/not-theirs");
    }

    [Fact]
    public async Task Views_show_the_one_filesystem()
    {
        Assert.Contains(" stat.boot=booted configstatus=rw ", await Cli(0, "fs", "ls", "-m"));
        Assert.Contains(" online ", await Cli(0, "node", "ls"));
        Assert.Contains("default.0", await Cli(0, "group", "ls"));
        Assert.Contains(" spaceview default ", await Cli(0, "space", "ls"));
        Assert.Contains("EOS_INSTANCE=", await Cli(0, "version"));
        Assert.Contains("ns.boot.status=booted", await Cli(0, "ns", "-m"));
    }

    [Fact]
    public async Task A_shell_that_is_fed_by_a_pipe_shares_one_connection()
    {
        var shell = await Child.RunAsync(
            "eos-cli.dll", [], Node.Client, Encoding.UTF8.GetBytes("mkdir -p /eos/dev/shell/a\ncd /eos/dev/shell\nls\npwd\nrmdir a\nls none\n"));
        Assert.Equal((2, "a\n/eos/dev/shell/\n"), (shell.Code, shell.Output));
        Assert.Contains("(errc=2)", shell.Error);
    }

    [Fact]
    public async Task An_endpoint_that_is_dead_is_passed_over()
    {
        var found = await Node.CliAsync("--mgm", $"localhost:1,{Node.Status.Remoting}", "ls", "/eos");
        Assert.Equal(0, found.Code);
        Assert.Contains("dev\n", found.Output);
    }

    [Fact]
    public async Task No_node_within_the_timeout_is_64()
    {
        var none = await Node.CliAsync("--mgm", "localhost:1", "--timeout", "1", "ls", "/eos");
        Assert.Equal(64, none.Code);
        Assert.EndsWith("(errc=64) (Machine is not on the network)\n", none.Error);
    }

    [Fact]
    public async Task A_client_with_another_key_gets_no_answer()
    {
        var keytab = Node.Scratch("other-keytab");
        await File.WriteAllTextAsync(keytab, "akka.remote.embedded.client-key = \"0000\"\n");
        Assert.Equal(64, (await Node.CliAsync("--key", keytab, "--timeout", "2", "ls", "/eos")).Code);
        Assert.Equal(2, (await Node.CliAsync("--key", Node.Scratch("no-keytab"), "ls", "/eos")).Code);
    }

    [Fact]
    public async Task An_interrupted_upload_leaves_nothing()
    {
        await Cli(0, "mkdir", "/eos/dev/interrupted");
        using var upload = Child.Start("eos-cli.dll", ["cp", "-", "/eos/dev/interrupted/half"], Node.Client);
        await upload.StandardInput.BaseStream.WriteAsync(Bytes(4_000_000));
        await upload.StandardInput.BaseStream.FlushAsync();
        await Child.RunAsync("/bin/sh", ["-c", $"kill -INT {upload.Id}"]);
        await upload.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(120));
        Assert.Equal(130, upload.ExitCode);
        Assert.Equal("", await Cli(0, "ls", "/eos/dev/interrupted"));
    }

    private static byte[] Bytes(int count)
    {
        var bytes = new byte[count];
        new Random(count).NextBytes(bytes);
        return bytes;
    }

    private static string Script() => Path.Combine(Eos.Tests.Architecture.SourceTree.Root, "eos");

    private static string Xs(string info) => info.Split(' ').Single(w => w.StartsWith("xs=", StringComparison.Ordinal));
}
