using System.Globalization;
using System.Net;
using Eos.Kernel;
using Eos.Tests.Support;

namespace Eos.Tests.Processes;

/// <summary>A node whose disks fill up: the one with bytes, the one with the group's files.</summary>
public sealed class FullDiskTests
{
    private const string Names = "/eos/dev/names";
    private static readonly string NoSpace = $"{(int)Errno.NoSpace}";

    [FullDiskFact]
    public async Task An_upload_that_does_not_fit_is_refused_and_leaves_nothing()
    {
        using var mount = new TinyMount(16);
        await using var node = new EosProcess();
        Directory.CreateDirectory(node.Data);
        Directory.CreateSymbolicLink(Path.Combine(node.Data, "fst"), mount.Path);
        await node.StartAsync("--set", "eos.fst.headroom=1MiB", "--set", "eos.fst.report-interval=200ms");
        using var http = new HttpFiles();
        var large = HttpFiles.Bytes(1, 20_000_000);
        foreach (var announced in new[] { true, false })
        {
            var answer = await http.PutAsync(node.Status.Http, "/eos/dev/large", large, announced);
            Assert.True(answer.Status == HttpStatusCode.InsufficientStorage, $"announced: {announced}, {answer}\n{node.Log}");
            Assert.Equal(NoSpace, answer.Errno);
            Assert.Empty(await http.ListAsync(node.Status.Http, "/eos/dev"));
            Assert.Equal("", DiskAgainstNamespace.Differences(Path.Combine(node.Data, "fst", "1"), []));
        }

        var small = HttpFiles.Bytes(2, 1_000_000);
        await Eventually.Is(() => http.PutAsync(node.Status.Http, "/eos/dev/small", small), answer => answer.Status == HttpStatusCode.Created, "a small file is stored");
        Assert.Equal(small, await http.ReadAsync(node.Status.Http, "/eos/dev/small"));
        Assert.Equal("", DiskAgainstNamespace.Differences(Path.Combine(node.Data, "fst", "1"), await http.ListAsync(node.Status.Http, "/eos/dev")));
    }

    [FullDiskFact]
    public async Task A_group_without_space_refuses_and_loses_nothing_and_goes_on_with_space()
    {
        using var mount = new TinyMount(8);
        await using var node = new EosProcess();
        Directory.CreateDirectory(node.Data);
        Directory.CreateSymbolicLink(Path.Combine(node.Data, "qdb"), mount.Path);
        await node.StartAsync("--set", "eos.http.gateway-timeout=3s", "--set", "eos.http.commit-timeout=5s");
        using var http = new HttpFiles();
        var stored = new Dictionary<string, byte[]>();
        async Task<HttpAnswer> Store(string name)
        {
            var bytes = HttpFiles.Bytes(stored.Count, 5000);
            var answer = await http.PutAsync(node.Status.Http, $"/eos/dev/{name}", bytes);
            if (answer.Status == HttpStatusCode.Created) stored[name] = bytes;
            return answer;
        }

        for (var i = 0; i < 5; i++)
        {
            var name = $"before{i}";
            await Eventually.Is(() => Store(name), answer => answer.Status == HttpStatusCode.Created, $"{name} is stored");
        }
        await using var line = new CommandLineInProcess([node.Status.Remoting], node.Keytab, TimeSpan.FromSeconds(5));
        foreach (var words in new string[][] { ["mkdir", "-p", Names], ["touch", "-n", $"{Names}/moved"], ["touch", "-n", $"{Names}/removed"], ["touch", "-n", $"{Names}/stays"] })
            await Eventually.Is(() => line.RunAsync(words), said => said.Code == 0, string.Join(' ', words));
        var filler = mount.Fill();
        // asked while the writes go on: the node begins anew when it could not renew its session for long
        var said = Task.WhenAll(
            Eventually.Is(() => InfoAsync(node), info => info.Contains("+TROUBLE ", StringComparison.Ordinal), "raft-info says so"),
            Eventually.Is(() => http.HealthAsync(node.Status.Http), health => health.StartsWith("503 trouble ", StringComparison.Ordinal), "/health says so"));
        HttpAnswer refused;
        var tries = 0;
        do refused = await Store($"while{tries}");
        while (refused.Status == HttpStatusCode.Created && ++tries < 2000);   // what the files had reserved is used up first
        Assert.True((int)refused.Status >= 500, $"{refused}\n{node.Log}");
        Assert.NotEqual("", refused.Text);
        string[][] changes = [["mkdir", $"{Names}/made"], ["file", "rename", $"{Names}/moved", $"{Names}/new"], ["rm", $"{Names}/removed"]];
        foreach (var told in await Task.WhenAll(changes.Select(words => line.RunAsync(words)))) // a little space may have been left for one of them
            Assert.True((Errno)told.Code is Errno.None or Errno.NoSpace or Errno.InputOutput or Errno.NoNetwork, $"{told}");
        await said;

        File.Delete(filler);
        await Eventually.Is(() => Store("after"), answer => answer.Status == HttpStatusCode.Created, "it works again");
        await Eventually.Is(() => InfoAsync(node), info => info.StartsWith("[+TERM", StringComparison.Ordinal) && !info.Contains("TROUBLE", StringComparison.Ordinal), "raft-info is content");
        await Eventually.Is(() => http.HealthAsync(node.Status.Http), health => health.StartsWith("200 up ", StringComparison.Ordinal), "/health is content");
        // what nobody was told may have happened: then doing it again says so
        for (var i = 0; i < changes.Length; i++)
        {
            var (words, done) = (changes[i], i == 0 ? Errno.Exists : Errno.NoEntry);
            await Eventually.Is(() => line.RunAsync(words), told => told.Code == 0 || told.Code == (int)done, string.Join(' ', words));
        }
        await node.KillAsync();
        await node.StartAsync();
        await using var again = new CommandLineInProcess([node.Status.Remoting], node.Keytab);
        await Eventually.Is(async () => (await again.RunAsync(["ls", Names])).Output, names => names == "made\nnew\nstays\n", "each name is where it was put");
        foreach (var (name, bytes) in stored) Assert.Equal(bytes, await http.ReadAsync(node.Status.Http, $"/eos/dev/{name}"));
    }

    private static async Task<string> InfoAsync(EosProcess node)
    {
        using var client = await RespClient.ConnectAsync(int.Parse(node.Status.Values["redis"].Split(':')[^1], CultureInfo.InvariantCulture));
        return await client.AskAsync("raft-info");
    }
}
