using System.Collections.Immutable;
using Eos.Kernel;
using Eos.Kv;
using static Eos.Kv.SystemProtocol;

namespace Eos.Tests.Support;

/// <summary>Rows of indexes, as the group keeps them: each directory has rows of its own, and of two with one key the newer is seen.</summary>
public sealed class IndexInMemory
{
    private readonly SortedDictionary<(string Index, string Key, DirectoryId Owner), (string Value, int Age)> _rows = [];
    private int _age;

    /// <summary>All rows, as text.</summary>
    public IEnumerable<string> All => _rows.Select(row => $"{row.Key.Index} {row.Key.Key} of {row.Key.Owner}: {row.Value.Value}");

    public void Apply(DirectoryId owner, ImmutableArray<IndexOp> changes)
    {
        foreach (var op in changes)
        {
            var at = (op.Index, Convert.ToHexString(op.Key.Span), owner);
            if (op.Change == IndexChange.Delete) Assert.True(_rows.Remove(at), $"{at} is deleted and was not there");
            else _rows[at] = (Convert.ToHexString(op.Value.Span), ++_age);
        }
    }

    public IndexRows Scan(string index, ReadOnlyMemory<byte> prefix, ReadOnlyMemory<byte> after, int most)
    {
        var (under, from) = (Convert.ToHexString(prefix.Span), Convert.ToHexString(after.Span));
        var found = _rows.Where(r => r.Key.Index == index && r.Key.Key.StartsWith(under, StringComparison.Ordinal) && string.CompareOrdinal(r.Key.Key, from) > 0)
            .GroupBy(r => r.Key.Key)
            .Select(g => new KvRow(Convert.FromHexString(g.Key), Convert.FromHexString(g.MaxBy(r => r.Value.Age).Value.Value)))
            .ToList();
        return new IndexRows([.. found.Take(most)], found.Count > most);
    }
}
