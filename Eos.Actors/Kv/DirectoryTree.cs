using Eos.Kernel;
using static Eos.Kv.SystemProtocol;

namespace Eos.Kv;

/// <summary>Which directory lies where: the one place that sees the whole tree, so that no move makes a circle.</summary>
internal sealed class DirectoryTree(KeySpace rows)
{
    public IAnswer Move(MoveDirectory entry)
    {
        var key = SystemKeys.Directory(entry.Directory.Value);
        var now = rows.Get(key);
        if (!Same(now, entry.From))
            return new Refused(Errno.Stale, $"directory {entry.Directory} is {Describe(now is { } at ? PlaceOf(at) : null)}, not {Describe(entry.From)}");
        if (entry.To is not { } to)
        {
            rows.Delete(key);
            return Done.Instance;
        }
        if (Within(to.Parent, entry.Directory)) return new Refused(Errno.Invalid, $"directory {entry.Directory} would lie below itself");
        rows.Put(key, Row(to));
        return Done.Instance;
    }

    public IAnswer Find(FindDirectory question) => new DirectoryFound(At(question.Directory.Value) is { } row ? PlaceOf(row) : null);

    /// <summary>Whether a directory is this one or lies below it. No move makes a circle, so the way up has an end.</summary>
    private bool Within(DirectoryId directory, DirectoryId above)
    {
        var at = directory.Value;
        while (at != above.Value)
        {
            if (At(at) is not { } row) return false;
            at = Keys.Number(row.Span);
        }
        return true;
    }

    private ReadOnlyMemory<byte>? At(ulong directory) => rows.Get(SystemKeys.Directory(directory));

    private static bool Same(ReadOnlyMemory<byte>? row, Place? place) =>
        row is { } known ? place is not null && known.Span.SequenceEqual(Row(place)) : place is null;

    private static byte[] Row(Place place) => [.. Keys.Number(place.Parent.Value), .. SystemKeys.Bytes(place.Name)];

    private static Place PlaceOf(ReadOnlyMemory<byte> row) => new(new DirectoryId(Keys.Number(row.Span)), SystemKeys.Text(row.Span[8..]));

    private static string Describe(Place? place) => place is null ? "nowhere" : $"'{place.Name}' in {place.Parent}";
}
