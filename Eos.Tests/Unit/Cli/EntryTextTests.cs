using Eos.Cli.Render;
using Eos.Kernel;
using Eos.Namespace;
using static Eos.Gateway.GatewayProtocol;

namespace Eos.Tests.Unit.Cli;

public class EntryTextTests
{
    private static readonly Instant Now = Instant.From(new DateTimeOffset(2026, 11, 21, 5, 0, 0, TimeSpan.Zero));
    private static readonly Names NoNames = new("/nonexistent", "/nonexistent");
    private static readonly ListingStyle Long = new(Long: true, Inode: false, Checksum: false, NumericIds: false, HumanSizes: false, Classify: false);

    private static Entry Entry(EntryKind kind, uint mode, ulong size, TimeSpan age, bool extended = false) => new(
        "name", kind, 17, new EntryAttributes(mode, new Owner(4001, 5001), Times.At(Now - age), extended), size, 1,
        new Checksum(ChecksumType.Adler32, "0a0b0c0d"));

    private static string Line(Entry entry, ListingStyle style) => EntryText.Line(entry, style, NoNames, Now, TimeZoneInfo.Utc);

    [Fact]
    public void A_long_line_has_mode_replicas_owner_group_size_date_and_name() => Assert.Equal(
        "-rw-r--r--   1 4001     5001             1234 Nov 21 04:00 name",
        Line(Entry(EntryKind.File, 0x1a4, 1234, TimeSpan.FromHours(1)), Long));

    [Fact]
    public void What_is_older_than_half_a_year_shows_its_year() => Assert.Equal(
        "drwxr-sr-+   1 4001     5001                0 Oct 02  2025 name/",
        Line(Entry(EntryKind.Directory, 0x5ec, 0, TimeSpan.FromDays(415), extended: true), Long with { Classify = true }));

    [Theory]
    [InlineData(0x3ff, false, "drwxrwxrwt")]
    [InlineData(0x3ff, true, "drwxrwxrwT")]
    [InlineData(0xdff, false, "drwsrwsrwx")]
    [InlineData(0xc00, false, "d--S--S---")]
    public void Set_ids_and_the_sticky_bit_have_their_letters(uint mode, bool extended, string text) => Assert.Equal(
        text, EntryText.Mode(EntryKind.Directory, new EntryAttributes(mode, default, default, extended)));

    [Fact]
    public void Inode_and_checksum_come_before_the_name() => Assert.Equal(
        "      4563402752 0a0b0c0d                           -rw-r--r--   1 4001     5001          12.35 k Nov 21 05:00 name",
        Line(Entry(EntryKind.File, 0x1a4, 12_345, TimeSpan.Zero), Long with { Inode = true, Checksum = true, HumanSizes = true }));

    [Fact]
    public void The_mode_for_programs_is_that_of_stat()
    {
        Assert.Equal("40755", EntryText.OctalMode(EntryKind.Directory, 0x1ed).Replace("400", "40"));
        Assert.Equal("100644", EntryText.OctalMode(EntryKind.File, 0x1a4));
    }
}
