using System.Globalization;

namespace Eos.Tests.Scenarios;

/// <summary>Scenarios A 31 to 37: owners, tags, views, sums of trees, times.</summary>
public abstract class OwnersAndTrees(ScenarioInstance instance) : Scenario(instance)
{
    [Fact]
    public async Task A31_Chown_of_a_link_and_of_a_tree_with_links()
    {
        await Ok($"mkdir {D}/dir");
        await Ok($"touch {D}/dir/file");
        await Ok($"ln {D}/dir/link {D}/dir/file");
        await Ok($"chown -h 1 {D}/dir/link");
        Assert.Equal(("1", "0"), (await Owner("link"), await Owner("file")));
        await Ok($"chown -r 2 {D}/dir");
        Assert.Equal(("1", "2"), (await Owner("link"), await Owner("file")));
        await Ok($"chown -r -h 3 {D}/dir");
        Assert.Equal(("3", "3"), (await Owner("link"), await Owner("file")));

        async Task<string> Owner(string name) =>
            Lines(await Ok($"ls -ln {D}/dir")).Single(l => l.Contains($" {name}", StringComparison.Ordinal)).Split(' ', StringSplitOptions.RemoveEmptyEntries)[2];
    }

    [Fact]
    public async Task A32_A_location_is_added_once_and_removed_once()
    {
        await Ok($"touch -n {D}/t");
        foreach (var path in new[] { $"{D}/t", $"fxid:{await Info($"{D}/t", "fxid")}" })
        {
            await Ok($"file tag {path} +12345");
            await Fails($"file tag {path} +12345");
            await Ok($"file tag {path} ~12345");
            await Ok($"file tag {path} ~12345");
            await Ok($"file tag {path} -12345");
            await Fails($"file tag {path} -12345");
        }
    }

    [Fact]
    public async Task A34_Spaces_groups_and_nodes_are_defined_and_removed()
    {
        foreach (var line in new[]
        {
            "space define __test__", "space set __test__ on", "space rm __test__", "group set __test__ on", "group rm __test__", "node set __test__ on", "node rm __test__",
        }) await Ok(line);
    }

    [Fact]
    public async Task A36_Sums_of_trees_follow_when_directories_move_at_once()
    {
        const int count = 6;
        await Ok($"mkdir {D}/source");
        await Ok($"mkdir {D}/destination");
        await Task.WhenAll(Enumerable.Range(0, count).Select(async i =>
        {
            await Ok($"mkdir -p {D}/source/d{i}/sub");
            await Ok($"touch {D}/source/d{i}/sub/empty");
            await Up(Passwd, $"{D}/source/d{i}/passwd");
        }));
        await Sums("source", count);
        await Task.WhenAll(Enumerable.Range(0, count).Select(i => Ok($"file rename {D}/source/d{i} {D}/destination/d{i}")));
        await Sums("source", 0);
        await Sums("destination", count);

        Task<string> Sums(string name, int wanted) => Settles(
            () => Ok($"fileinfo {D}/{name} -m"),
            line => (Value(line, "treecontainers"), Value(line, "treefiles"), Value(line, "treesize")) == (Text(2 * wanted), Text(2 * wanted), Text(wanted * Passwd.Length)),
            $"the sums of {name}");
    }

    [Fact]
    public async Task A37_The_time_of_the_tree_moves_when_names_come_and_go()
    {
        await Ok($"attr set sys.mtime.propagation=1 {D}");
        await Ok($"mkdir {D}/a");
        await Ok($"mkdir {D}/a/b");
        var time = await Settled();
        foreach (var line in new[]
        {
            $"touch {D}/a/b/f", $"mkdir {D}/a/b/d", $"file rename {D}/a/b/f {D}/a/b/g", $"file rename {D}/a/b/d {D}/a/b/e",
        })
        {
            await Ok(line);
            var before = time;
            time = await Settles(Sync, now => double.Parse(now, CultureInfo.InvariantCulture) > double.Parse(before, CultureInfo.InvariantCulture), $"the time after {line}");
        }
        await Ok($"chmod 700 {D}/a/b");
        Assert.Equal(time, await Settled());

        async Task<string> Sync() => await Info(D, "stime");
        async Task<string> Settled() => await Settles(async () => (await Sync()) is var now && now == await Sync() ? now : "", now => now.Length > 0, "a time");
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}

/// <inheritdoc/>
[Collection(WholeInstance.Name)]
public sealed class OwnersAndTreesOnThree(ScenarioInstance instance) : OwnersAndTrees(instance);

/// <inheritdoc/>
[Collection(InstanceWithoutOne.Name)]
public sealed class OwnersAndTreesOnTwo(ScenarioInstanceWithoutOne instance) : OwnersAndTrees(instance);
