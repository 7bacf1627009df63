namespace Eos.Wire;

/// <summary>Writes down which fields every message has, by reading an empty one of each: the text of wire.contract.txt.</summary>
internal sealed class WireContract
{
    private readonly SortedDictionary<string, SortedDictionary<int, string>> _rows = new(StringComparer.Ordinal);
    private readonly Stack<SortedDictionary<int, string>> _open = new();

    /// <summary>One line a message or part: `name 1:kind 2:kind`, sorted.</summary>
    public static string Of(IEnumerable<Manifest> manifests)
    {
        var contract = new WireContract();
        foreach (var manifest in manifests) manifest.Describe(contract);
        return string.Concat(contract._rows.Select(r => $"{r.Key}{string.Concat(r.Value.Select(f => $" {f.Key}:{f.Value}"))}\n"));
    }

    public void Field(int number, string kind) => _open.Peek()[number] = kind;

    public void Describe(string name, Action<FieldReader> read)
    {
        if (_rows.ContainsKey(name)) return;
        _open.Push(_rows[name] = []);
        read(new FieldReader(this));
        _open.Pop();
    }
}
