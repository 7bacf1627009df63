using Eos.Fst;

namespace Eos.Tests.Support;

/// <summary>Compares what lies below a filesystem with what a listing says: for each file its bytes and its record, and nothing else.</summary>
internal static class DiskAgainstNamespace
{
    /// <summary>The differences; none is an empty text.</summary>
    public static string Differences(string filesystem, IEnumerable<ListedFile> listed)
    {
        var disk = new FolderDisk(filesystem);
        var wanted = listed.SelectMany(f => new[] { disk.PathOf(f.Id), disk.PathOf(f.Id) + ".rec" }).ToHashSet();
        var found = Directory.EnumerateFiles(filesystem, "*", SearchOption.AllDirectories).Where(f => !Path.GetFileName(f).StartsWith(".eosfs", StringComparison.Ordinal)).ToHashSet();
        return string.Join('\n', found.Except(wanted).Select(f => $"too much: {f}").Concat(wanted.Except(found).Select(f => $"missing: {f}")).Order(StringComparer.Ordinal));
    }
}
