using System.Collections.Immutable;
using Eos.Kernel;
using Eos.Namespace;

namespace Eos.Tests.Unit;

public class RecycleRulesTests
{
    private static readonly Instant Now = Instant.From(new DateTimeOffset(2026, 11, 5, 23, 0, 0, TimeSpan.Zero));

    [Theory]
    [InlineData("fxid:00000000000000ff", 255ul, false)]
    [InlineData("pxid:00000000000000ff", 255ul, true)]
    [InlineData("ff", 255ul, false)]
    public void A_restore_key_names_a_file_or_a_tree(string text, ulong id, bool tree)
    {
        var key = RecycleKey.Parse(text)!.Value;
        Assert.Equal((id, tree), (key.Id, key.IsTree));
        Assert.Equal(key, RecycleKey.Parse(key.ToString()));
    }

    [Theory]
    [InlineData("")]
    [InlineData("fxid:")]
    [InlineData("fxid:xyz")]
    [InlineData("00000000000000001")]
    [InlineData("cxid:1")]
    public void Other_texts_are_no_restore_key(string text) => Assert.Null(RecycleKey.Parse(text));

    [Fact]
    public void An_entry_is_named_by_its_path_and_number()
    {
        var path = EosPath.Parse("/eos/dev/a b/f").Path!;
        Assert.Equal("#:#eos#:#dev#:#a b#:#f.00000000000000ff", RecycleNames.Entry(path, new RecycleKey(255, false)));
        Assert.Equal("#:#eos#:#dev#:#a b#:#f.00000000000000ff.d", RecycleNames.Entry(path, new RecycleKey(255, true)));
        Assert.Equal((new RecycleKey(255, true), "/eos/dev/a b/f"), RecycleNames.Parse("#:#eos#:#dev#:#a b#:#f.00000000000000ff.d"));
        Assert.Null(RecycleNames.Parse("f"));
    }

    [Fact]
    public void A_long_path_loses_its_beginning_and_says_so()
    {
        var path = EosPath.Parse("/eos/" + string.Join('/', Enumerable.Repeat("\U0001F600name", 100)) + "/f").Path!;
        foreach (var tree in new[] { true, false })
        {
            var name = RecycleNames.Entry(path, new RecycleKey(1, tree));
            Assert.Null(EosPath.CheckName(name));
            Assert.Contains("#:#f.0000000000000001", name, StringComparison.Ordinal);
            Assert.Equal((new RecycleKey(1, tree), null), RecycleNames.Parse(name));
        }
    }

    [Fact]
    public void Folders_are_dated()
    {
        Assert.Equal(["2026", "11", "05", "3"], RecycleNames.DatedFolder(Now, 3));
        Assert.Equal(new DateOnly(2026, 11, 5), RecycleNames.DayOf("2026", "11", "05"));
        Assert.Null(RecycleNames.DayOf("2026", "13", "05"));
        Assert.Equal(("uid:7", "rid:9"), (RecycleNames.UserBin(7), RecycleNames.ProjectBin(new DirectoryId(9))));
    }

    [Theory]
    [InlineData("lifetime", "2d", "keep_time_sec", "172800")]
    [InlineData("lifetime", "1mo", "keep_time_sec", "2592000")]
    [InlineData("ratio", "0.8", "space_keep_ratio", "0.8")]
    [InlineData("collect-interval", "10", "collect_interval_sec", "10")]
    [InlineData("remove-interval", "1min", "remove_interval_sec", "60")]
    [InlineData("dry-run", "yes", "dry_run", "yes")]
    [InlineData("enforce", "on", "enforced", "yes")]
    [InlineData("enable", "off", "enabled", "no")]
    public void A_setting_is_taken_and_shown(string key, string value, string shown, string says) =>
        Assert.Contains(new KeyValuePair<string, string>(shown, says), RecyclePolicy.Of([new(key, value)]).Dump());

    [Theory]
    [InlineData("lifetime", "59")]
    [InlineData("lifetime", "2x")]
    [InlineData("lifetime", "-1d")]
    [InlineData("ratio", "0")]
    [InlineData("ratio", "1")]
    [InlineData("ratio", "80%")]
    [InlineData("collect-interval", "9")]
    [InlineData("remove-interval", "")]
    [InlineData("dry-run", "perhaps")]
    [InlineData("size", "4X")]
    [InlineData("inodes", "many")]
    [InlineData("colour", "green")]
    public void A_wrong_setting_is_refused(string key, string value) => Assert.Equal(Errno.Invalid, RecyclePolicy.Usual.With(key, value).Refusal!.Why);

    [Fact]
    public void The_low_mark_is_ten_percent_below_the_ratio()
    {
        var policy = RecyclePolicy.Of([new("size", "4G"), new("inodes", "10k"), new("ratio", "0.8")]);
        Assert.Equal(0.7, policy.LowMark!.Value, 6);
        var shown = policy.Dump().ToImmutableDictionary();
        Assert.Equal((4_000_000_000ul, 10_000ul), (policy.Size, policy.Inodes));
        Assert.InRange(ulong.Parse(shown["low_space_watermark"]), 2_799_999_999ul, 2_800_000_001ul);
        Assert.Equal(0, RecyclePolicy.Usual with { Ratio = 0.005 } is { LowMark: { } mark } ? mark : 1);
    }
}
