using System.Text.Json;
using Eos.Kernel;
using static Eos.Gateway.GatewayProtocol;

namespace Eos.Tests.Unit.Cli;

/// <summary>`find`: what it asks for and what it prints.</summary>
public class FindCommandTests
{
    private static readonly FakeGateway Gateway = new FakeGateway().Directory("/eos/dev/d").File("/eos/dev/d/a&b", 12).File("/eos/dev/d/x#and#y", 7);

    [Fact]
    public async Task Paths_stand_alone_and_keys_behind_them()
    {
        Assert.Equal("/eos/dev/d/\n/eos/dev/d/a&b\n/eos/dev/d/x#and#y\n", await Print("find", "/eos/dev/d"));
        Assert.Equal("/eos/dev/d/ size=123 uid=4001\n/eos/dev/d/a&b size=12 uid=4001\n/eos/dev/d/x#and#y size=7 uid=4001\n", await Print("find", "--size", "--uid", "/eos/dev/d"));
        Assert.Contains("/eos/dev/d/a&b fsid=1 hosts=node1 nrep=1 checksum=00000001", await Print("find", "--fs", "--hosts", "--nrep", "--checksum", "/eos/dev/d"));
        Assert.Contains("path=\"/eos/dev/d/a&b\" type=file size=12 attr.user.tag=a b\n", await Print("find", "--format", "type,size,attr.user.tag", "/eos/dev/d"));
        Assert.Contains("/eos/dev/d/a&b user.tag=a b\n", await Print("find", "-p", "user.tag", "/eos/dev/d"));
        Assert.Equal("path=\"/eos/dev/d/\" ndirs=3 nfiles=7\n", (await Print("find", "--treecount", "/eos/dev/d")).Split('\n')[0] + "\n");
        Assert.Contains("             123  /eos/dev/d/\n", await Print("find", "--du", "/eos/dev/d"));
        Assert.StartsWith("root://127.0.0.1:2552//eos/dev/d/\n", await Print("find", "--xurl", "/eos/dev/d"), StringComparison.Ordinal);
        Assert.Equal("nfiles=2 ndirectories=1\n", await Print("find", "--count", "/eos/dev/d"));
        Assert.Contains("fsid=1 nfiles=1 volume=12\nschedgroup=default.0 nfiles=1 volume=12\nspace=default nfiles=1 volume=12\n", await Print("find", "-f", "-b", "/eos/dev/d/a&b"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task File_information_is_one_json_array_or_a_line_each()
    {
        using var json = JsonDocument.Parse(await Print("-j", "find", "--fileinfo", "/eos/dev/d"));
        Assert.Equal(["/eos/dev/d", "/eos/dev/d/a&b", "/eos/dev/d/x#and#y"], json.RootElement.EnumerateArray().Select(e => e.GetProperty("path").GetString()));
        Assert.All(json.RootElement.EnumerateArray(), e => Assert.False(e.TryGetProperty("children", out _)));
        Assert.All((await Print("find", "--fileinfo", "/eos/dev/d")).Split('\n', StringSplitOptions.RemoveEmptyEntries), line => Assert.StartsWith("keylength.file=", line, StringComparison.Ordinal));
        using var rows = JsonDocument.Parse(await Print("find", "-j", "/eos/dev/d"));
        Assert.Equal(3, rows.RootElement.GetProperty("result").GetArrayLength());
        Assert.Equal("0", rows.RootElement.GetProperty("retc").GetString());
    }

    [Fact]
    public async Task Filters_are_asked_for_as_they_are_spelled_in_EOS()
    {
        Assert.Equal(new FindQuery { Directories = false, MaxDepth = 2, Name = "x$", Uid = 5, NotGid = 6, Mode = 0x1e8 }, await Ask("-f", "--maxdepth", "2", "--name", "x$", "-uid", "5", "-ngid", "6", "-flag", "750"));
        Assert.Equal(new FindQuery { Files = false, NotUid = 5, Gid = 6, NotMode = 0x1ff, Attribute = "user.a", Value = "b=c" }, await Ask("-d", "-nuid", "5", "-gid", "6", "-nflag", "777", "-x", "user.a=b=c"));
        Assert.Equal(new FindQuery { Empty = true, MixedGroups = true, WrongStripes = true, SkipVersions = true, FaultyAcl = true }, await Ask("-0", "-g", "--stripediff", "--skip-version-dirs", "--faultyacl"));
        var aged = await Ask("--ctime", "+1", "--mtime", "-3");
        Assert.True(aged.ChangedBefore > aged.ModifiedAfter && aged.ChangedAfter is null && aged.ModifiedBefore is null);
        Assert.NotNull((await Ask("-1")).ChangedBefore);
        Assert.Equal(22, await new Run(Gateway).Line("find", "--ctime-days", "3", "/eos/dev"));
        Assert.Equal(22, await new Run(Gateway).Line("find", "-flag", "9", "/eos/dev"));
        Assert.Equal(22, await new Run(Gateway).Line("find", "--purge", "-2", "/eos/dev"));
        Assert.Equal(22, await new Run(Gateway).Line("find", "--purge", "all", "/eos/dev"));
        Assert.Equal(22, await new Run(Gateway).Line("find", "--format", "nonsense", "/eos/dev"));
    }

    [Fact]
    public async Task Layouts_of_all_files_are_told_how_many_replicas_to_want()
    {
        var gateway = new FakeGateway().Directory("/eos/dev/d").Directory("/eos/dev/d/e").File("/eos/dev/d/f", 1).File("/eos/dev/d/e/g", 1);
        var run = new Run(gateway);
        Assert.Equal(0, await run.Line("find", "--layoutstripes", "3", "root://host//eos/dev/d"));
        Assert.Equal([("/eos/dev/d/e/g", 3), ("/eos/dev/d/f", 3)], gateway.Asked.OfType<ChangeLayout>().Select(c => (c.Path, c.Stripes!.Value)).Order());
        Assert.Contains("success: setting new stripe number to 3 for file /eos/dev/d/f\n", run.Output);
    }

    [Fact]
    public async Task On_this_machine_kind_name_and_depth_are_known()
    {
        using var folder = new Eos.Tests.Support.TemporaryFolder();
        var top = folder.Of("top");
        Directory.CreateDirectory(System.IO.Path.Combine(top, "a"));
        await File.WriteAllTextAsync(System.IO.Path.Combine(top, "a", "x.txt"), "");
        await File.WriteAllTextAsync(System.IO.Path.Combine(top, "b.txt"), "");
        Assert.Equal($"{top}/\n{top}/a/\n{top}/a/x.txt\n{top}/b.txt\n", await Print("find", "file:" + top));
        Assert.Equal($"{top}/b.txt\n", await Print("find", "-f", "--name", "^b", "file://" + top));
        Assert.Equal("nfiles=1 ndirectories=2\n", await Print("find", "--count", "--maxdepth", "1", "file:" + top));
        Assert.Equal(22, await new Run(Gateway).Line("find", "-uid", "0", "file:" + top));
        Assert.Equal(22, await new Run(Gateway).Line("find", "--size", "file:" + top));
        Assert.Equal(2, await new Run(Gateway).Line("find", "file:" + top + "/none"));
        Assert.Equal(95, await new Run(Gateway).Line("find", "as3:bucket/x"));
    }

    [Fact]
    public async Task Where_one_may_not_look_is_told_on_standard_error()
    {
        var run = new Run(new FakeGateway { Fault = new TreeFault("/eos/dev/d", Errno.AccessDenied, "no permissions to read directory /eos/dev/d") }.Directory("/eos/dev/d"));
        Assert.Equal(13, await run.Line("find", "/eos/dev/d"));
        Assert.Equal("/eos/dev/d/\n", run.Output);
        Assert.Equal("error: no permissions to read directory /eos/dev/d (errc=13) (Permission denied)\n", run.Error);
    }

    private static async Task<string> Print(params string[] words)
    {
        var run = new Run(Gateway);
        Assert.Equal(0, await run.Line(words));
        return run.Output;
    }

    private static async Task<FindQuery> Ask(params string[] options)
    {
        var gateway = new FakeGateway();
        Assert.Equal(0, await new Run(gateway).Line(["find", .. options, "/eos/dev"]));
        return gateway.Asked.OfType<Find>().Last().Query;
    }
}
