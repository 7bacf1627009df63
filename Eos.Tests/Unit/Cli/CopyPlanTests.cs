using Eos.Cli.Copying;
using Eos.Client;
using Eos.Gateway;
using Eos.Kernel;
using Eos.Tests.Support;

namespace Eos.Tests.Unit.Cli;

public sealed class CopyPlanTests : IDisposable
{
    private readonly TemporaryFolder _local = new();
    private readonly FakeGateway _gateway = new FakeGateway()
        .Directory("/eos/dev/src").Directory("/eos/dev/src/sub").File("/eos/dev/src/a", 1).File("/eos/dev/src/sub/b", 2).File("/eos/dev/file", 3);

    public void Dispose() => _local.Dispose();

    private Task<CopyPlan> Plan(bool recursive, params string[] places)
    {
        var all = places.Select(Place.Parse).ToList();
        return new CopyPlanner(new EosClient(_gateway, GatewayProtocol.Claim.Nobody), recursive).PlanAsync(all[..^1], all[^1], CancellationToken.None);
    }

    private static string[] Moves(CopyPlan plan) => [.. plan.Files.Select(f => $"{f.From} -> {f.To}")];

    [Fact]
    public async Task A_file_goes_into_a_directory_or_becomes_the_target()
    {
        var file = _local.Of("x");
        await File.WriteAllTextAsync(file, "12345");
        Assert.Equal([$"{file} -> /eos/dev/x"], Moves(await Plan(false, file, "/eos/dev")));
        Assert.Equal([$"{file} -> /eos/dev/y"], Moves(await Plan(false, file, "/eos/dev/y")));
        Assert.Equal(5, (await Plan(false, file, "/eos/dev/y")).Bytes);
        Assert.Null((await Plan(false, "-", "/eos/dev/y")).Bytes);
    }

    [Theory]
    [InlineData("/eos/dev/src", "dst", "dst", "src/a", "src/sub/b")]
    [InlineData("/eos/dev/src/", "dst", "dst", "a", "sub/b")]
    public async Task A_slash_behind_a_source_directory_stands_for_what_is_in_it(string source, string made, string target, params string[] names)
    {
        Directory.CreateDirectory(_local.Of(made));
        var plan = await Plan(true, source, _local.Of(target));
        Assert.Equal(names.Select(n => _local.Of($"{target}/{n}")), plan.Files.Select(f => f.To.Path));
        Assert.Equal("00000001", plan.Files[0].Expected!.Hex);
    }

    [Fact]
    public async Task A_missing_target_becomes_the_copy_of_the_directory()
    {
        var plan = await Plan(true, "/eos/dev/src", _local.Of("new"));
        Assert.Equal([_local.Of("new"), _local.Of("new/sub")], plan.Directories.Select(d => d.Path));
        Assert.Equal(_local.Of("new/sub/b"), plan.Files[1].To.Path);
    }

    [Fact]
    public async Task Links_to_files_are_followed_and_links_to_directories_are_not()
    {
        var tree = Directory.CreateDirectory(_local.Of("tree")).FullName;
        await File.WriteAllTextAsync(Path.Combine(tree, "real"), "four");
        File.CreateSymbolicLink(Path.Combine(tree, "link"), "real");
        File.CreateSymbolicLink(Path.Combine(tree, "broken"), "nowhere");
        Directory.CreateSymbolicLink(Path.Combine(tree, "loop"), tree);
        var plan = await Plan(true, tree, "/eos/dev/t");
        Assert.Equal(["/eos/dev/t/link", "/eos/dev/t/real"], plan.Files.Select(f => f.To.Path));
        Assert.Equal(8, plan.Bytes);
        Assert.Equal(2, plan.Skipped.Count);
    }

    [Theory]
    [InlineData(Errno.IsADirectory, "/eos/dev/src", "x")]
    [InlineData(Errno.NoEntry, "/eos/dev/none", "x")]
    [InlineData(Errno.NoEntry, "no-such-local-file", "/eos/dev/x")]
    [InlineData(Errno.Invalid, "a", "b")]
    [InlineData(Errno.IsADirectory, "-", "/eos/dev")]
    [InlineData(Errno.NotADirectory, "/eos/dev/file", "/eos/dev/src/a", "/eos/dev/file")]
    public async Task What_cannot_be_copied_is_refused_before_anything_happens(Errno why, params string[] places)
    {
        Assert.Equal(why, (await Assert.ThrowsAsync<EosException>(() => Plan(false, places))).Why);
        Assert.DoesNotContain(_gateway.Asked, r => r is not GatewayProtocol.ILook);
    }

    [Fact]
    public async Task A_source_is_a_name_or_a_pattern_if_nothing_has_that_name()
    {
        _gateway.File("/eos/dev/src/a[1]", 1).File("/eos/dev/src/a1", 1).File("/eos/dev/src/ab", 1);
        await File.WriteAllTextAsync(_local.Of("l1"), "");
        await File.WriteAllTextAsync(_local.Of("l2"), "");
        Assert.Equal(["/eos/dev/src/a[1]"], await Expand("/eos/dev/src/a[1]"));
        Assert.Equal(["/eos/dev/src/a", "/eos/dev/src/a1", "/eos/dev/src/a[1]", "/eos/dev/src/ab", "/eos/dev/file"], await Expand("/eos/dev/src/a*", "/eos/dev/file"));
        Assert.Equal([_local.Of("l1"), _local.Of("l2")], await Expand(_local.Of("l?")));
        Assert.Equal(Errno.NoEntry, (await Assert.ThrowsAsync<EosException>(() => Expand(_local.Of("m*")))).Why);
        Assert.Equal(Errno.NoEntry, (await Assert.ThrowsAsync<EosException>(() => Expand("/eos/dev/none*"))).Why);
        Assert.Equal(Errno.Invalid, (await Assert.ThrowsAsync<EosException>(() => Expand("/eos/*/file"))).Why);

        async Task<IEnumerable<string>> Expand(params string[] typed) =>
            (await Sources.ExpandAsync(new EosClient(_gateway, GatewayProtocol.Claim.Nobody), typed.Select(Place.Parse), CancellationToken.None)).Select(p => p.Path);
    }

    [Theory]
    [InlineData("as3:bucket/x")]
    [InlineData("https://host/x")]
    [InlineData("gsiftp://host/x")]
    public void What_other_programs_are_needed_for_is_refused(string typed) => Assert.Equal(Errno.NotSupported, Assert.Throws<EosException>(() => Place.Parse(typed)).Why);

    [Theory]
    [InlineData(100_000_000, 4, 4)]
    [InlineData(9_000_000, 4, 2)]
    [InlineData(100, 4, 1)]
    [InlineData(0, 4, 1)]
    public void Parts_of_a_file_are_not_too_small(long size, int wanted, int parts)
    {
        var place = Place.Parse("/eos/dev/f");
        Assert.Equal(parts, ParallelDownload.Parts(new FileCopy(place, place, size, new Checksum(ChecksumType.Adler32, "00000001"), null), wanted));
        Assert.Equal(1, ParallelDownload.Parts(new FileCopy(place, place, size, Checksum.None, null), wanted));
        Assert.Equal(1, ParallelDownload.Parts(new FileCopy(place, place, null, new Checksum(ChecksumType.Adler32, "00000001"), null), wanted));
    }

    [Fact]
    public async Task A_pace_holds_for_all_who_share_it()
    {
        var clock = new InstantTimers();
        var pacer = new Pacer(1000, TimeSpan.Zero, clock);
        await pacer.WentAsync(500, CancellationToken.None);
        await pacer.WentAsync(500, CancellationToken.None);
        await pacer.WentAsync(1000, CancellationToken.None);
        Assert.Equal([0.5, 1.0, 2.0], clock.Waited.Select(w => Math.Round(w.TotalSeconds, 2)));
        clock.Now = TimeSpan.FromSeconds(10);
        await pacer.WentAsync(100, CancellationToken.None);
        Assert.Equal(0.1, clock.Waited[^1].TotalSeconds, 2);
    }

    /// <summary>A clock that stands still and whose timers are due at once.</summary>
    private sealed class InstantTimers : TimeProvider
    {
        public List<TimeSpan> Waited { get; } = [];
        public TimeSpan Now { get; set; }

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;
        public override long GetTimestamp() => Now.Ticks;

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            Waited.Add(dueTime);
            return System.CreateTimer(callback, state, TimeSpan.Zero, Timeout.InfiniteTimeSpan);
        }
    }
}
