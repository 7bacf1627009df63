using Eos.Client;
using Eos.Instance;
using Eos.Kernel;
using Eos.Namespace;
using Eos.Tests.Support;
using static Eos.Gateway.GatewayProtocol;

namespace Eos.Tests.Cluster;

/// <summary>What the namespace promises of many directories, with the directories on several nodes.</summary>
[Collection(ClustersCollection.Name)]
public sealed class ShardedNamespaceTests
{
    private const string Top = "/eos/dev/t";

    [Fact]
    public async Task A_walk_wakes_no_directory_and_shows_what_is_stored()
    {
        const int count = 20;
        await using var nodes = await ShardedNodes.StartedAsync(2);
        var directories = new List<DirectoryId>();
        for (var i = 0; i < count; i++)
        {
            await nodes.Client(i).MakeDirectoryAsync($"{Top}/d{i}/e", parents: true);
            await nodes.Client(i).TouchAsync($"{Top}/d{i}/f", placed: false);
            foreach (var name in (string[])["", "/e"]) directories.Add(((DirectoryInformation)await nodes.Client(0).InfoAsync($"{Top}/d{i}{name}")).Directory.Id);
        }
        var used = await nodes.AwakeAsync(DirectorySharding.TypeName);
        Assert.Contains(directories, d => used.Contains(d.ToString()));

        // sums that are still on their way up wake directories too: then once more
        var expected = Enumerable.Range(0, count).SelectMany(i => (string[])[$"{Top}/d{i}/", $"{Top}/d{i}/e/", $"{Top}/d{i}/f"]).Append($"{Top}/").Order(StringComparer.Ordinal);
        await Eventually.Is(
            async () =>
            {
                await nodes.SleepAsync(directories);
                Assert.Equal(expected, (await FoundAsync(nodes, Top)).Order(StringComparer.Ordinal));
                var awake = await nodes.AwakeAsync(DirectorySharding.TypeName);
                return directories.Where(d => awake.Contains(d.ToString())).ToList();
            },
            woken => woken.Count == 0, "a walk wakes nobody");

        // one that is used wakes, and another walk shows what it did
        await nodes.Client(1).TouchAsync($"{Top}/d7/e/new", placed: false);
        Assert.Contains($"{Top}/d7/e/new", await FoundAsync(nodes, Top));
    }

    [Fact]
    public async Task Two_directories_that_are_moved_into_each_other_at_once_make_no_circle()
    {
        await using var nodes = await ShardedNodes.StartedAsync(2);
        for (var round = 0; round < 10; round++)
        {
            var top = $"{Top}{round}";
            await nodes.Client(0).MakeDirectoryAsync($"{top}/a/x", parents: true);
            await nodes.Client(0).MakeDirectoryAsync($"{top}/b/y", parents: true);
            var said = await Task.WhenAll(TryAsync(nodes.Client(0), $"{top}/a", $"{top}/b/y/a"), TryAsync(nodes.Client(1), $"{top}/b", $"{top}/a/x/b"));
            var found = await FoundAsync(nodes, top);
            Assert.True(found.Count == 5 && said.Count(e => e == Errno.None) == 1, $"{string.Join(", ", said)}: {string.Join(' ', found)}");
            Assert.All(found, path => Assert.EndsWith("/", path));
            Assert.Contains(said[0] == Errno.None ? $"{top}/b/y/a/x/" : $"{top}/a/x/b/y/", found);
        }
    }

    [Fact]
    public async Task Directories_that_are_moved_while_the_node_that_moves_them_dies_are_in_one_place()
    {
        const int count = 30;
        await using var nodes = await ShardedNodes.StartedAsync(3);
        for (var i = 0; i < count; i++) await nodes.Client(i).MakeDirectoryAsync($"{Top}/from/d{i}/below", parents: true);
        await nodes.Client(0).MakeDirectoryAsync($"{Top}/to");
        await nodes.Client(0).RenameAsync($"{Top}/from/d0", $"{Top}/to/d0");
        var home = await nodes.HomeOfAsync(Mover.Name, Mover.Name);
        Assert.True(home >= 0, "the mover is awake");
        var client = nodes.Client(home + 1);

        var first = new TaskCompletionSource();
        var moves = Task.WhenAll(Enumerable.Range(1, count - 1).Select(async i =>
        {
            await client.RenameAsync($"{Top}/from/d{i}", $"{Top}/to/d{i}");
            first.TrySetResult();
        }));
        await Task.WhenAny(first.Task, moves);
        await nodes.CrashAsync(home);
        await moves;

        var found = await FoundAsync(nodes, Top);
        var expected = Enumerable.Range(0, count).SelectMany(i => (string[])[$"{Top}/to/d{i}/", $"{Top}/to/d{i}/below/"]).Concat([$"{Top}/", $"{Top}/from/", $"{Top}/to/"]).Order(StringComparer.Ordinal);
        Assert.Equal(expected, found.Order(StringComparer.Ordinal));
        foreach (var i in Enumerable.Range(0, count)) // also those above it know where it is
            Assert.Equal($"{Top}/to/d{i}/below", ((DirectoryInformation)await nodes.Client(i).InfoAsync($"{Top}/to/d{i}/below")).Path);
    }

    /// <summary>These nodes have no group.</summary>
    [Fact]
    public async Task What_is_configured_through_one_node_is_followed_by_the_others_and_survives_the_node_that_keeps_it()
    {
        await using var nodes = await ShardedNodes.StartedAsync(2);
        await nodes.Client(0).AdministerAsync("map", "link", ["/store/", "/eos/dev/s/"]);
        await Eventually.Is(() => MapsAsync(1), maps => maps == "/store/", "the other node follows");
        await nodes.CrashAsync(await nodes.HomeOfAsync(ConfigurationActor.Name, ConfigurationActor.Name));
        await nodes.Client(0).AdministerAsync("map", "link", ["/more/", "/eos/dev/m/"]);
        Assert.Equal("/more/ /store/", await MapsAsync(0));

        async Task<string> MapsAsync(int node) => string.Join(' ', (await nodes.Client(node).AdministerAsync("map", "ls", [])).Lines.Select(l => l.Split(' ')[0]));
    }

    private static async Task<List<string>> FoundAsync(ShardedNodes nodes, string path)
    {
        var found = new List<string>();
        var done = await nodes.Client(0).FindAsync(path, FindQuery.Everything, part =>
        {
            found.AddRange(part.Rows.Select(r => r.Path.TrimEnd('/') + (r.Kind == EntryKind.Directory ? "/" : "")));
            return ValueTask.CompletedTask;
        });
        Assert.Equal(0ul, done.Faults);
        return found;
    }

    private static async Task<Errno> TryAsync(EosClient client, string from, string to)
    {
        try
        {
            await client.RenameAsync(from, to);
            return Errno.None;
        }
        catch (EosException refused)
        {
            return refused.Why;
        }
    }
}
