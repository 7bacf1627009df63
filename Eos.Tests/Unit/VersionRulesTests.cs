using System.Collections.Immutable;
using Eos.Kernel;
using Eos.Namespace;

namespace Eos.Tests.Unit;

public class VersionRulesTests
{
    private static readonly Instant Now = new(1_700_000_000_000_000_000);

    [Fact]
    public void Names_of_versions_carry_time_and_file()
    {
        var version = Version(5, TimeSpan.FromSeconds(7));
        Assert.Equal("1699999993.00000005", version.Name);
        Assert.Equal(1699999993, HiddenNames.SecondsOf(version.Name));
        Assert.Equal(".sys.v#.f", HiddenNames.VersionsOf("f"));
        Assert.True(HiddenNames.IsVersions(".sys.v#.f"));
        Assert.False(HiddenNames.IsVersions(".sys.v#."));
        Assert.True(HiddenNames.IsAtomic(".sys.a#.f.1"));
    }

    [Theory]
    [InlineData("f")]
    [InlineData("12")]
    [InlineData("12.")]
    [InlineData("12.0000000")]
    [InlineData("x.00000001")]
    [InlineData("12.0000000G")]
    public void Other_names_are_no_versions(string name) => Assert.Null(HiddenNames.SecondsOf(name));

    [Fact]
    public void The_newest_stay()
    {
        var five = Enumerable.Range(1, 5).Select(i => Version((ulong)i, TimeSpan.FromMinutes(10 - i))).ToList();
        Assert.Equal([five[1].Name, five[0].Name], VersionRules.Superfluous(five, 3, Now).ToArray());
        Assert.Empty(VersionRules.Superfluous(five, 5, Now));
        Assert.Empty(VersionRules.Superfluous(five, VersionRules.All, Now));
        Assert.Equal(5, VersionRules.Superfluous(five, 0, Now).Length);
    }

    [Fact]
    public void Versions_of_one_second_are_ordered_by_their_time_then_by_their_file()
    {
        var (first, second, third) = (Version(9, TimeSpan.FromMilliseconds(900)), Version(3, TimeSpan.FromMilliseconds(500)), Version(4, TimeSpan.FromMilliseconds(500)));
        Assert.Equal([second.Name, first.Name], VersionRules.Superfluous([first, second, third], 1, Now).ToArray());
    }

    [Fact]
    public void What_is_no_version_stays()
    {
        var other = Version(1, TimeSpan.Zero) with { Name = "notes" };
        Assert.Empty(VersionRules.Superfluous([other], 0, Now));
    }

    [Fact]
    public void Of_each_bin_of_age_the_oldest_stays()
    {
        var days = new[] { 0, 0.5, 1.2, 1.8, 3.5, 8, 13, 15, 25, 29, 31, 400 };
        var versions = days.Select((d, i) => Version((ulong)i + 1, TimeSpan.FromDays(d))).ToList();
        var gone = VersionRules.Superfluous(versions, 1, Now).Select(name => days[versions.FindIndex(v => v.Name == name)]);
        Assert.Equal([0.5, 1.2, 8, 25, 31], gone);
    }

    [Fact]
    public void A_file_that_is_written_each_day_has_versions_of_all_ages()
    {
        var versions = new List<FileEntry>();
        for (var day = 0; day < 200; day++)
        {
            var now = Now + TimeSpan.FromDays(day);
            versions.Add(Entry((ulong)day + 1, now));
            var gone = VersionRules.Superfluous(versions, 3, now).ToHashSet();
            versions.RemoveAll(v => gone.Contains(v.Name));
        }
        var ages = versions.Select(v => 199 - ((int)v.File.Id.Value - 1)).Order().ToList();
        Assert.Equal([0, 1, 2, 3, 4, 5, 6], ages[..7]);
        Assert.Equal(1, ages.Count(a => a is >= 7 and < 14));
        Assert.Equal(1, ages.Count(a => a is >= 14 and < 21));
        Assert.True(ages.Count(a => a is >= 21 and < 30) <= 1);
        Assert.Equal(1, ages.Count(a => a >= 30));
    }

    [Theory]
    [InlineData("sys.versioning", "3", 3)]
    [InlineData("user.versioning", "2", 2)]
    [InlineData("sys.versioning", "no", 0)]
    [InlineData("sys.other", "3", 0)]
    public void The_directory_says_how_many(string key, string value, int wanted) =>
        Assert.Equal(wanted, VersionRules.Wanted(ImmutableDictionary<string, string>.Empty.Add(key, value)));

    [Fact]
    public void Bad_values_are_refused()
    {
        Assert.Equal(Errno.Invalid, VersionRules.Check("sys.versioning", "-1")!.Why);
        Assert.Null(VersionRules.Check("sys.versioning", "7"));
        Assert.Null(VersionRules.Check("sys.other", "x"));
        Assert.Equal(Errno.Invalid, SizeRules.Check("sys.forced.maxsize", "1M")!.Why);
        Assert.Null(SizeRules.Check("sys.forced.maxsize", "1000"));
    }

    [Fact]
    public void Sizes_have_bounds()
    {
        var bounds = ImmutableDictionary<string, string>.Empty.Add("sys.forced.minsize", "10").Add("sys.forced.maxsize", "20");
        Assert.Equal(Errno.Invalid, SizeRules.Against(bounds, 9)!.Why);
        Assert.Equal(Errno.FileTooLarge, SizeRules.Against(bounds, 21)!.Why);
        Assert.Null(SizeRules.Against(bounds, 10));
    }

    [Fact]
    public void A_lock_is_open_to_its_audience_only_and_ends()
    {
        var now = Now.Seconds;
        var (own, user, app) = (new LockRules.FileLock(now + 10, 2, "a"), new LockRules.FileLock(now + 10, 2, null), new LockRules.FileLock(now + 10, null, "a"));
        Assert.Equal($"expires:{now + 10},type:exclusive,owner:2:a", own.ToString());
        foreach (var held in new[] { own, user, app }) Assert.Equal(held, LockRules.Parse(held.ToString()));

        Assert.True(Opens(own, 2, "a") && Opens(user, 2, "b") && Opens(app, 3, "a"));
        Assert.False(Opens(own, 2, "b") || Opens(own, 3, "a") || Opens(own, 2, "") || Opens(user, 3, "a") || Opens(app, 2, "b"));
        Assert.True(Opens(own with { Expires = now }, 3, "b"));
        Assert.Null(LockRules.Parse("expires:x,type:exclusive,owner:2:a"));
        Assert.Null(LockRules.Parse("anything"));
    }

    private static bool Opens(LockRules.FileLock held, uint uid, string app)
    {
        var file = Entry(1, Now).File;
        return LockRules.Against(file with { Attributes = file.Attributes.Add(LockRules.Key, held.ToString()) }, uid, app, Now) is null;
    }

    private static FileEntry Version(ulong id, TimeSpan age) => Entry(id, Now - age);

    private static FileEntry Entry(ulong id, Instant changed)
    {
        var content = new Content(1, Checksum.None, LayoutId.Of(LayoutType.Plain, 1, ChecksumType.None), []);
        var file = new FileRecord(new FileId(id), default, default, 0, Times.At(changed), content, ImmutableSortedDictionary<string, string>.Empty);
        return new FileEntry(HiddenNames.VersionOf(file), file);
    }
}
