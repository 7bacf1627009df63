using System.Globalization;
using System.Security.Cryptography;
using Eos.Kernel;

namespace Eos.Fst;

/// <summary>The capability keys as they stand in the configuration: at most two lines, <c>id secret</c> in hexadecimal, the current key first.</summary>
public static class CapabilityKeyText
{
    private const int SecretBytes = 32;

    public static string Write(CapabilityKeys keys) =>
        string.Concat(new[] { keys.Current, keys.Previous }.OfType<CapabilityKey>().Select(key => $"{key.Id:x} {Convert.ToHexStringLower(key.Secret.AsSpan())}\n"));

    /// <summary>Null when the text is damaged: making new keys in silence would hide it.</summary>
    public static CapabilityKeys? Read(string text) => text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(Parse).ToArray() switch
    {
        [{ } current] => new CapabilityKeys(current, null),
        [{ } current, { } previous] => new CapabilityKeys(current, previous),
        _ => null,
    };

    /// <summary>A fresh key becomes the current one; the current one stays valid as its predecessor.</summary>
    public static CapabilityKeys Next(CapabilityKeys? keys) => new(Fresh(keys is null ? 1 : keys.Current.Id + 1), keys?.Current);

    private static CapabilityKey? Parse(string line)
    {
        if (line.Split(' ') is not [var id, { Length: 2 * SecretBytes } secret] || !secret.All(char.IsAsciiHexDigit)) return null;
        return uint.TryParse(id, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var number)
            ? new CapabilityKey(number, [.. Convert.FromHexString(secret)])
            : null;
    }

    private static CapabilityKey Fresh(uint id) => new(id, [.. RandomNumberGenerator.GetBytes(SecretBytes)]);
}
