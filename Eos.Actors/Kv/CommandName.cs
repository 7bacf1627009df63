using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace Eos.Kv;

/// <summary>Names of commands are the same in any case, and with a hyphen or an underscore. Looked up by the bytes of a request, without making text of them.</summary>
public sealed class CommandName : IEqualityComparer<string>, IAlternateEqualityComparer<ReadOnlySpan<byte>, string>
{
    public static readonly CommandName Comparer = new();

    private CommandName()
    {
    }

    public bool Equals(string? x, string? y) => x is null ? y is null : y is not null && Equals(Encoding.Latin1.GetBytes(x), y);

    public int GetHashCode([DisallowNull] string name) => GetHashCode(Encoding.Latin1.GetBytes(name));

    public bool Equals(ReadOnlySpan<byte> alternate, string other)
    {
        if (alternate.Length != other.Length) return false;
        for (var i = 0; i < alternate.Length; i++)
            if (Fold(alternate[i]) != Fold((byte)other[i])) return false;
        return true;
    }

    public int GetHashCode(ReadOnlySpan<byte> alternate)
    {
        var hash = 2166136261u;
        foreach (var b in alternate) hash = (hash ^ Fold(b)) * 16777619u;
        return (int)hash;
    }

    public string Create(ReadOnlySpan<byte> alternate) => Encoding.Latin1.GetString(alternate);

    private static byte Fold(byte b) => b switch
    {
        >= (byte)'A' and <= (byte)'Z' => (byte)(b | 0x20),
        (byte)'_' => (byte)'-',
        _ => b,
    };
}
