using System.Globalization;
using Eos.Kernel;

namespace Eos.Scheduling;

/// <summary>How new files are stored: the layout with its number of replicas and its checksum, and the space.</summary>
public sealed record LayoutChoice(LayoutType Type, int Stripes, ChecksumType Checksum, int BlockSizeCode, string Space)
{
    public LayoutId Layout => LayoutId.Of(Type, Stripes, Checksum, BlockSizeCode);
}

/// <summary>
/// What decides how a new file is stored. From the weakest to the strongest: the instance's default, what the client asks for, the directory's
/// `sys.forced.*`, the directory's `user.forced.*` unless `sys.forced.nouserlayout` is 1. EOS's order (`Policy::GetLayoutAndSpace`) without the policies of spaces.
/// </summary>
public static class LayoutPolicy
{
    /// <summary>The largest number of replicas.</summary>
    public const int MaxStripes = 16;

    private const int ReplicasOfReplica = 2;
    private static readonly string[] BlockSizes = ["4k", "64k", "128k", "512k", "1M", "4M", "16M", "64M"];

    /// <summary>The choice for a file in a directory with these attributes. EINVAL: an attribute that says nothing; ENOTSUP: a layout that is not built here.</summary>
    /// <param name="wanted">The checksum that the client asks for, if it does.</param>
    public static (LayoutChoice Choice, Refusal? Refusal) Of(LayoutChoice usual, ChecksumType? wanted, IReadOnlyDictionary<string, string> attributes)
    {
        var (choice, refusal) = (usual with { Checksum = wanted ?? usual.Checksum }, default(Refusal));
        foreach (var authority in (string[])["sys", "user"])
        {
            if (authority == "user" && (IsOn(attributes, "sys.forced.nouserlayout") || IsOn(attributes, "user.forced.nouserlayout"))) break;
            foreach (var name in (string[])["layout", "nstripes", "checksum", "blocksize", "space"])   // the layout first: it sets the number of replicas
            {
                if (!attributes.TryGetValue($"{authority}.forced.{name}", out var value)) continue;
                (choice, var bad) = With(choice, name, value);
                refusal ??= bad;
            }
        }
        return (choice.Type == LayoutType.Plain ? choice with { Stripes = 1 } : choice, refusal);
    }

    /// <summary>Why a directory may not have this attribute; null: it may, or it is none that is obeyed here.</summary>
    public static Refusal? Check(string key, string value)
    {
        var name = key.StartsWith("sys.forced.", StringComparison.Ordinal) ? key["sys.forced.".Length..]
            : key.StartsWith("user.forced.", StringComparison.Ordinal) ? key["user.forced.".Length..] : "";
        return With(new LayoutChoice(LayoutType.Plain, 1, ChecksumType.Adler32, 0, ""), name, value).Refusal;
    }

    private static (LayoutChoice Choice, Refusal? Refusal) With(LayoutChoice choice, string name, string value)
    {
        switch (name)
        {
            case "layout" when value == "plain": return (choice with { Type = LayoutType.Plain }, null);
            case "layout" when value == "replica":
                return (choice with { Type = LayoutType.Replica, Stripes = choice.Type == LayoutType.Replica ? choice.Stripes : ReplicasOfReplica }, null);
            case "layout": return (choice, new Refusal(Errno.NotSupported, $"layout '{value}' is not supported: plain and replica are"));
            case "nstripes":
                return int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var stripes) && stripes is >= 1 and <= MaxStripes
                    ? (choice with { Stripes = stripes }, null)
                    : (choice, Invalid($"nstripes '{value}' is not a number from 1 to {MaxStripes}"));
            case "checksum":
                return ChecksumNames.TryParse(value, out var type) ? (choice with { Checksum = type }, null) : (choice, Invalid($"unknown checksum '{value}'"));
            case "blocksize":
                return Array.IndexOf(BlockSizes, value) is var code and >= 0
                    ? (choice with { BlockSizeCode = code }, null)
                    : (choice, Invalid($"blocksize '{value}' is not one of {string.Join(' ', BlockSizes)}"));
            case "space": return value.Length > 0 ? (choice with { Space = value }, null) : (choice, Invalid("the space has no name"));
            default: return (choice, null);
        }
    }

    private static bool IsOn(IReadOnlyDictionary<string, string> attributes, string key) => attributes.TryGetValue(key, out var value) && value == "1";

    private static Refusal Invalid(string text) => new(Errno.Invalid, text);
}
