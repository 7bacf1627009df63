using System.Globalization;

namespace Eos.Kernel;

/// <summary>How the bytes of a file are laid out on filesystems. The numbers are EOS's; append only.</summary>
public enum LayoutType
{
    Plain = 0,
    Replica = 1,
    Archive = 2,
    RaidDp = 3,
    Raid6 = 4,
    Qrain = 5,
    Raid5 = 6,
}

/// <summary>
/// EOS's layout id. Bits 0-3 checksum, 4-7 type, 8-15 stripes - 1, 16-19 block size code, 20-23 block checksum,
/// 24-27 excess replicas, 28-30 parity stripes. `00100112` is two replicas with adler32.
/// </summary>
public readonly record struct LayoutId(uint Value)
{
    /// <param name="blockSizeCode">0 to 7: see <see cref="BlockSize"/>.</param>
    public static LayoutId Of(LayoutType type, int stripes, ChecksumType checksum, int blockSizeCode = 0) =>
        new((uint)checksum | (uint)type << 4 | (uint)(stripes - 1) << 8 | (uint)blockSizeCode << 16 | (uint)ChecksumType.None << 20);

    public ChecksumType Checksum => (ChecksumType)(Value & 0xf);
    public LayoutType Type => (LayoutType)(Value >> 4 & 0xf);
    public int Stripes => (int)(Value >> 8 & 0xff) + 1;
    public int Parities => (int)(Value >> 28 & 0x7);

    /// <summary>Bytes of one block: 4 KiB, 64 KiB, 128 KiB, 512 KiB, 1, 4, 16 or 64 MiB.</summary>
    public int BlockSize => (Value >> 16 & 0xf) switch
    {
        0 => 4 << 10,
        1 => 64 << 10,
        2 => 128 << 10,
        3 => 512 << 10,
        4 => 1 << 20,
        5 => 4 << 20,
        6 => 16 << 20,
        _ => 64 << 20,
    };

    /// <summary>Bytes on disks for so many bytes of a file: a replica each, or stripes with their parities.</summary>
    public ulong PhysicalOf(ulong size) =>
        Parities == 0 || Parities >= Stripes ? size * (ulong)Stripes : (ulong)((UInt128)size * (ulong)Stripes / (ulong)(Stripes - Parities));

    /// <summary>How many bytes of a file so many bytes on disks are for: at most, rounded down.</summary>
    public ulong LogicalOf(ulong physical) =>
        Parities == 0 || Parities >= Stripes ? physical / (ulong)Stripes : (ulong)((UInt128)physical * (ulong)(Stripes - Parities) / (ulong)Stripes);

    /// <summary>The word for the type: plain, replica, archive, raiddp, raid6, qrain, raid5.</summary>
    public string TypeName => Type.ToString().ToLowerInvariant();

    public override string ToString() => Value.ToString("x8", CultureInfo.InvariantCulture);
}
