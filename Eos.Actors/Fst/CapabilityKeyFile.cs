using System.Globalization;
using System.Security.Cryptography;
using Eos.Kernel;

namespace Eos.Fst;

/// <summary>The capability keys of a node that keeps them itself: a file of at most two lines, <c>id secret</c> in hexadecimal, the current key first.</summary>
/// <remarks>Readable by its owner only. A damaged file is a <see cref="DiskFault"/>: making new keys in silence would hide it.</remarks>
public static class CapabilityKeyFile
{
    private const int SecretBytes = 32;

    /// <summary>The keys of the file; a missing file is made with a fresh key.</summary>
    public static CapabilityKeys LoadOrCreate(string path)
    {
        if (!File.Exists(path)) Write(path, new CapabilityKeys(Fresh(1), null));
        return Read(path);
    }

    /// <summary>A fresh key becomes the current one; the current one stays valid as its predecessor.</summary>
    public static CapabilityKeys Change(string path)
    {
        var keys = LoadOrCreate(path);
        var next = new CapabilityKeys(Fresh(keys.Current.Id + 1), keys.Current);
        Write(path, next);
        return next;
    }

    private static CapabilityKeys Read(string path)
    {
        var keys = File.ReadLines(path).Where(line => line.Length > 0).Select(line => Parse(line) ?? throw new DiskFault(Errno.BadMessage, $"{path} is damaged")).ToArray();
        return keys switch
        {
            [var current] => new CapabilityKeys(current, null),
            [var current, var previous] => new CapabilityKeys(current, previous),
            _ => throw new DiskFault(Errno.BadMessage, $"{path} is damaged"),
        };
    }

    private static CapabilityKey? Parse(string line)
    {
        if (line.Split(' ') is not [var id, { Length: 2 * SecretBytes } secret] || !secret.All(char.IsAsciiHexDigit)) return null;
        return uint.TryParse(id, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var number)
            ? new CapabilityKey(number, [.. Convert.FromHexString(secret)])
            : null;
    }

    private static void Write(string path, CapabilityKeys keys)
    {
        var fresh = path + ".new";
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        using (var file = new FileStream(fresh, options))
        {
            foreach (var key in new[] { keys.Current, keys.Previous })
                if (key is not null) file.Write(System.Text.Encoding.ASCII.GetBytes($"{key.Id:x} {Convert.ToHexStringLower(key.Secret.AsSpan())}\n"));
            file.Flush(flushToDisk: true);
        }

        File.Move(fresh, path, overwrite: true);
    }

    private static CapabilityKey Fresh(uint id) => new(id, [.. RandomNumberGenerator.GetBytes(SecretBytes)]);
}
