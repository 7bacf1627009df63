using System.Globalization;
using Eos.Kernel;

namespace Eos.Namespace;

/// <summary>Where a directory lives: entity id is its number as sixteen hexadecimal digits, shard a stable hash of the number.</summary>
public static class DirectorySharding
{
    /// <summary>The entity type, part of names and of persistence ids: never changes.</summary>
    public const string TypeName = "dir";

    /// <summary>The finaliser of SplitMix64, modulo the count: unsigned, the same on every machine and for ever.</summary>
    public static int ShardOf(DirectoryId directory, int shards)
    {
        var x = directory.Value + 0x9e3779b97f4a7c15;
        x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9;
        x = (x ^ (x >> 27)) * 0x94d049bb133111eb;
        return (int)((x ^ (x >> 31)) % (ulong)shards);
    }

    public static DirectoryId DirectoryOf(string entityId) =>
        new(ulong.Parse(entityId, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture));

    /// <summary>What every name begins with under which a directory's events are stored.</summary>
    public const string PersistenceIds = TypeName + "-";

    /// <summary>Under which name a directory's events are stored.</summary>
    public static string PersistenceIdOf(DirectoryId directory) => PersistenceIds + directory;

    /// <summary>Whose events are stored under that name: type and shard of the entity; null for what is not of the namespace.</summary>
    public static (string Type, string Shard)? ShardOf(string persistenceId, int shards)
    {
        if (persistenceId == Mover.Name) return (Mover.Name, Mover.Name);
        if (persistenceId == IdAllocator.Name) return (IdAllocator.Name, IdAllocator.Name);
        if (!persistenceId.StartsWith(PersistenceIds, StringComparison.Ordinal)) return null;
        return ulong.TryParse(persistenceId.AsSpan(PersistenceIds.Length), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var directory)
            ? (TypeName, ShardOf(new DirectoryId(directory), shards).ToString(CultureInfo.InvariantCulture))
            : null;
    }
}
