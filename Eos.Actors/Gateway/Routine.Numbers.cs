using Eos.Kernel;
using Eos.Namespace;
using static Eos.Gateway.GatewayProtocol;

namespace Eos.Gateway;

/// <summary>How routines get from the number of a file or directory to its path: by the rows of the indexes, upwards.</summary>
public abstract partial class Routine
{
    /// <summary>Deeper than a path of 4096 bytes can be.</summary>
    private const int MaxDepth = EosPath.MaxPath / 2;

    private readonly Dictionary<string, EosPath> _byNumber = new(StringComparer.Ordinal);
    private string? _wanted;

    /// <summary>The path of a number that was looked up; else null, and it is looked up next.</summary>
    private EosPath? OfNumber(string text)
    {
        if (Detached is not null) return null;
        if (_byNumber.TryGetValue(text, out var path)) return IsOpen(path) ? path : null;
        _wanted = text;
        return null;
    }

    private IEnumerable<Step> FindByNumber(string text)
    {
        var (number, refusal) = EntryNumber.Parse(text);
        if (refusal is not null)
        {
            Refuse(refusal);
            yield break;
        }
        var names = new Stack<string>();
        var at = number.Directory;
        if (number.File is { } file)
        {
            foreach (var step in ReadSpot(NamespaceIndex.Files, NamespaceIndex.Key(file))) yield return step;
            if (Spot is { Name.Length: > 0 } spot)
            {
                names.Push(spot.Name);
                at = spot.Directory;
            }
            else if (TakesDetached && Spot is { } keeper)
                foreach (var step in FindDetached(text, keeper.Directory, file)) yield return step;
            if (Detached is not null || Answer is Refused) yield break;
        }
        var found = default(EosPath);
        foreach (var step in Ascend(at, names, path => found = path)) yield return step;
        if (found is not null) _byNumber[text] = found;
        else if (Rows is null) Refuse(Errno.NotSupported, $"{text}: this instance has no indexes, nothing is found by its number");
        else Refuse(Errno.NoEntry, $"{text}: {(number.File is null ? "no such directory" : Tombstone)}");
    }

    /// <summary>From a directory up to the root: its path with those names below it. Nothing is taken if there is none.</summary>
    protected IEnumerable<Step> Ascend(DirectoryId? at, Stack<string> names, Action<EosPath> take)
    {
        while (at is { } directory && directory != DirectoryId.Root && names.Count < MaxDepth)
        {
            foreach (var step in ReadSpot(NamespaceIndex.Directories, NamespaceIndex.Key(directory))) yield return step;
            if (Spot is { } spot) names.Push(spot.Name);
            at = Spot?.Directory;
        }
        if (at == DirectoryId.Root) take(names.Aggregate(EosPath.Root, (path, name) => path.Child(name)));
    }

    /// <summary>What <see cref="ReadSpot"/> found; null: nothing.</summary>
    protected NamespaceIndex.Spot? Spot => Rows is { Rows: [var row, ..] } ? NamespaceIndex.SpotOf(row.Value.Span) : null;

    /// <summary>Reads what a row of an index says: <see cref="Spot"/>.</summary>
    protected static IEnumerable<Step> ReadSpot(string index, byte[] key) => [new Step.ReadRows(index, key, default, 1)];
}
