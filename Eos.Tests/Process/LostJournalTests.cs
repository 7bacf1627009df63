using System.Net;
using Eos.Tests.Support;

namespace Eos.Tests.Processes;

/// <summary>A node finds its bytes but neither its member of the group nor its own journal, which know of them.</summary>
public sealed class LostJournalTests
{
    private static readonly string[] Quick = ["--set", "eos.fst.sweep.retry-interval=200ms"];

    [Fact]
    public async Task A_node_without_its_journal_deletes_no_bytes_and_has_its_files_again_with_it()
    {
        await using var node = await EosProcess.StartedAsync(Quick);
        using var http = new HttpFiles();
        for (var i = 0; i < 5; i++) Assert.Equal(HttpStatusCode.Created, (await http.PutAsync(node.Status.Http, $"/eos/dev/f{i}", HttpFiles.Bytes(i, 1000 * i))).Status);
        Assert.Equal(0, (await node.CliAsync("mkdir", "/eos/dev/d")).Code);
        Assert.Equal(0, (await node.CliAsync("cp", typeof(LostJournalTests).Assembly.Location, "/eos/dev/d/below")).Code);
        await node.KillAsync();
        var bytes = Files(node);
        Assert.Equal(12, bytes.Count);
        var aside = Directory.CreateDirectory(node.Scratch("aside")).FullName;
        foreach (var file in Directory.GetFiles(node.Data, "journal.db*")) File.Move(file, Path.Combine(aside, Path.GetFileName(file)));
        Directory.Move(Path.Combine(node.Data, "qdb"), Path.Combine(aside, "qdb"));

        await node.StartAsync(Quick);
        Assert.Empty(await http.ListAsync(node.Status.Http, "/eos/dev"));
        await Eventually.True(() => node.Log.Contains("replicas are of no file that their directories know of", StringComparison.Ordinal), "the sweep's complaint");
        await node.KillAsync();
        Assert.Equal(bytes, Files(node));

        foreach (var file in Directory.GetFiles(node.Data, "journal.db*")) File.Delete(file);
        Directory.Delete(Path.Combine(node.Data, "qdb"), recursive: true);
        Directory.Move(Path.Combine(aside, "qdb"), Path.Combine(node.Data, "qdb"));
        foreach (var file in Directory.GetFiles(aside)) File.Move(file, Path.Combine(node.Data, Path.GetFileName(file)));
        await node.StartAsync(Quick);
        for (var i = 0; i < 5; i++) Assert.Equal(HttpFiles.Bytes(i, 1000 * i), await http.ReadAsync(node.Status.Http, $"/eos/dev/f{i}"));
        Assert.Equal(0, (await node.CliAsync("cp", "/eos/dev/d/below", node.Scratch("back"))).Code);
    }

    private static SortedDictionary<string, string> Files(EosProcess node) => new(
        Directory.EnumerateFiles(Path.Combine(node.Data, "fst", "1"), "*", SearchOption.AllDirectories)
            .Where(f => !Path.GetFileName(f).StartsWith(".eosfs", StringComparison.Ordinal))
            .ToDictionary(f => f, f => HttpFiles.Sum(File.ReadAllBytes(f))));
}
