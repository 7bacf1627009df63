using System.Text.RegularExpressions;
using Eos.Kernel;

namespace Eos.Tests.Scenarios;

/// <summary>Scenarios G and H: the recycle bin and versions of files.</summary>
public abstract class RecycleAndVersions(ScenarioInstance instance) : Scenario(instance)
{
    [Fact]
    public async Task G92_A_removed_file_is_in_the_bin()
    {
        await Bin();
        await Up(OneK, $"{D}/named92", "-r 3 4");
        await Ok($"-r 3 4 rm {D}/named92");
        Assert.Single(Lines(await Ok("find -f /eos/dev/proc/recycle/")), l => l.Contains("named92", StringComparison.Ordinal));
        Assert.Contains($"{D}/named92", await Ok("recycle ls --all"));
        Assert.Contains($"{D}/named92", await Ok("-r 3 4 recycle ls"));
        Assert.DoesNotContain($"{D}/named92", await Ok("-r 5 5 recycle ls"));
    }

    [Fact]
    public async Task G93_A_removed_tree_is_one_entry_and_comes_back()
    {
        await Bin();
        await Ok($"-r 3 4 mkdir -p {D}/tree/a/b");
        await Up(OneK, $"{D}/tree/a/b/f", "-r 3 4");
        Assert.Contains("recycle restore", await Ok($"-r 3 4 rm -r {D}/tree"));
        await Fails($"stat {D}/tree");
        await Ok($"-r 3 4 recycle restore {await Key($"{D}/tree", "-r 3 4")}");
        Assert.Equal(OneK, await Down($"{D}/tree/a/b/f", "-r 3 4"));
    }

    [Fact]
    public async Task G94_A_name_that_is_taken_is_given_back_by_force_only()
    {
        await Bin();
        await Up(OneK, $"{D}/f", "-r 3 4");
        await Ok($"-r 3 4 rm {D}/f");
        await Up(OneM, $"{D}/f", "-r 3 4");
        var key = await Key($"{D}/f", "-r 3 4");
        await Fails(Errno.Exists, $"-r 3 4 recycle restore {key}");
        await Ok($"-r 3 4 recycle restore -f {key}");
        Assert.Equal(OneK, await Down($"{D}/f", "-r 3 4"));
        Assert.Contains(Lines(await Ok($"ls {D}")), name => Regex.IsMatch(name, "^f\\.[0-9a-f]+$"));
        await Fails("recycle restore fxid:00000000ffffffff");
    }

    [Fact]
    public async Task G96_Only_root_configures_and_not_every_value_makes_sense()
    {
        await Ok("recycle config --lifetime 2d");
        await Settles(() => Ok("recycle -m"), line => line.Contains("lifetime=172800", StringComparison.Ordinal), "the lifetime");
        await Fails("recycle config --lifetime 10");
        await Fails(Errno.NotPermitted, "-r 3 3 recycle config --lifetime 3d");
    }

    [Fact]
    public async Task G98_What_is_purged_is_gone()
    {
        await Bin();
        await Up(OneK, $"{D}/f", "-r 3 4");
        await Ok($"-r 3 4 rm {D}/f");
        await Ok($"-r 3 4 recycle purge -k {await Key($"{D}/f", "-r 3 4")}");
        Assert.DoesNotContain($"{D}/f", await Ok("recycle ls --all"));
    }

    [Fact]
    public async Task G99_Root_goes_round_the_bin()
    {
        await Bin();
        await Up(OneK, $"{D}/f");
        await Ok($"rm -F {D}/f");
        Assert.DoesNotContain($"{D}/f", await Ok("recycle ls --all"));
    }

    [Fact]
    public async Task G99_A_bin_without_quota_takes_nothing()
    {
        await Bin();
        await Up(OneK, $"{D}/f", "-r 3 4");
        await Ok("quota set -g 99 -v 1 -p /eos/dev/proc/recycle/");
        try
        {
            await Fails(Errno.NoSpace, $"-r 3 4 rm {D}/f");
        }
        finally
        {
            await Ok("quota rmnode --really-want -p /eos/dev/proc/recycle/");
        }
        await Ok($"-r 3 4 rm {D}/f");
    }

    [Fact]
    public async Task H101_So_many_versions_are_kept()
    {
        await Ok($"attr set sys.versioning=3 {D}");
        for (var i = 0; i < 4; i++) await Up(Yes(1000 + i), $"{D}/f");
        await Versions(3);
        await Ok($"file version {D}/f 99");
        await Ok($"file version {D}/f 99");
        await Versions(5);
        await Ok($"file purge {D}/f 4");
        await Versions(4);
        await Ok($"file purge {D}/f -1");
        await Versions(3);
        await Ok($"file purge {D}/f 0");
        await Fails($"ls {D}/.sys.v#.f");
    }

    [Fact]
    public async Task H102_Versions_go_with_their_file_and_are_purged_by_find()
    {
        await Ok($"attr set sys.versioning=3 {D}");
        for (var i = 0; i < 4; i++) await Up(Yes(1000 + i), $"{D}/f");
        await Ok($"file version {D}/f 99");
        await Ok($"find {D} --purge -1");
        await Versions(3);
        await Ok($"find {D} --purge 1");
        await Versions(1);
        await Ok($"find {D} --purge 0");
        await Fails($"ls {D}/.sys.v#.f");
        await Up(Yes(500), $"{D}/f");
        await Versions(1);
        await Ok($"rm {D}/f");
        await Settles(async () => $"{await Code($"ls {D}/.sys.v#.f")}", code => code != "0", "the versions are gone");
    }

    [Fact]
    public async Task H103_An_older_version_comes_back()
    {
        await Ok($"attr set sys.versioning=3 {D}");
        await Up(OneK, $"{D}/f");
        await Up(OneM, $"{D}/f");
        var version = Assert.Single(Lines(await Ok($"ls {D}/.sys.v#.f")));
        await Ok($"file versions {D}/f {version}");
        Assert.Equal(OneK, await Down($"{D}/f"));
    }

    [Fact]
    public async Task H104_A_version_directory_inherits_nothing()
    {
        await Ok($"attr set sys.versioning=3 {D}");
        await Ok($"attr set user.tag=x {D}");
        await Ok($"mkdir {D}/.sys.v#.x");
        Assert.DoesNotContain("sys.versioning", await Ok($"attr ls {D}/.sys.v#.x"));
    }

    private async Task Bin()
    {
        await Ok($"chmod 777 {D}");
        await Ok($"recycle config --add-bin {D}");
    }

    private async Task<string> Key(string path, string role) =>
        Value(Lines(await Ok($"{role} recycle ls -m")).Single(l => l.Contains($"restore-path={path} ", StringComparison.Ordinal)), "restore-key");

    private async Task Versions(int count) => Assert.Equal(count, Lines(await Ok($"ls {D}/.sys.v#.f")).Length);
}

/// <inheritdoc/>
[Collection(WholeInstance.Name)]
public sealed class RecycleAndVersionsOnThree(ScenarioInstance instance) : RecycleAndVersions(instance);

/// <inheritdoc/>
[Collection(InstanceWithoutOne.Name)]
public sealed class RecycleAndVersionsOnTwo(ScenarioInstanceWithoutOne instance) : RecycleAndVersions(instance);
