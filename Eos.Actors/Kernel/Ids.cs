using System.Globalization;

namespace Eos.Kernel;

/// <summary>Number of a file: unique for ever, never reused, not ordered in time across nodes. 0 is no file.</summary>
public readonly record struct FileId(ulong Value) : IComparable<FileId>
{
    public int CompareTo(FileId other) => Value.CompareTo(other.Value);

    /// <summary>Lower-case hexadecimal, at least eight digits: EOS's fxid.</summary>
    public override string ToString() => Value.ToString("x8", CultureInfo.InvariantCulture);
}

/// <summary>Number of a directory: unique for ever. 1 is the root, 0 is no directory (detached).</summary>
public readonly record struct DirectoryId(ulong Value) : IComparable<DirectoryId>
{
    /// <summary>The directory `/`.</summary>
    public static readonly DirectoryId Root = new(1);

    public int CompareTo(DirectoryId other) => Value.CompareTo(other.Value);

    /// <summary>Sixteen hexadecimal digits: also the entity id of the directory's actor.</summary>
    public override string ToString() => Value.ToString("x16", CultureInfo.InvariantCulture);
}

/// <summary>Number of a filesystem, 1 to 65534 as in EOS. 0 is no filesystem.</summary>
public readonly record struct FsId(uint Value) : IComparable<FsId>
{
    public int CompareTo(FsId other) => Value.CompareTo(other.Value);
    public override string ToString() => Value.ToString(CultureInfo.InvariantCulture);
}

/// <summary>Names one operation of one client, so that a repeated request is answered as the first try was.</summary>
public readonly record struct OpId(Guid Client, ulong Number)
{
    /// <summary>`client/number`: 32 hexadecimal digits, a slash, a decimal number.</summary>
    public override string ToString() => $"{Client:n}/{Number.ToString(CultureInfo.InvariantCulture)}";

    /// <summary>Reads what <see cref="ToString"/> writes; false on anything else.</summary>
    public static bool TryParse(string? text, out OpId op)
    {
        op = default;
        var slash = text?.IndexOf('/') ?? -1;
        if (slash < 0 || !Guid.TryParseExact(text.AsSpan(0, slash), "n", out var client)) return false;
        if (!ulong.TryParse(text.AsSpan(slash + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var number)) return false;
        op = new OpId(client, number);
        return true;
    }
}

/// <summary>Names one opening of a file for writing: the operation that asked for it. A repeated request finds the same open.</summary>
public readonly record struct OpenId(OpId Op)
{
    public override string ToString() => Op.ToString();

    /// <summary>Reads what <see cref="ToString"/> writes; false on anything else.</summary>
    public static bool TryParse(string? text, out OpenId open)
    {
        var known = OpId.TryParse(text, out var op);
        open = new OpenId(op);
        return known;
    }
}
