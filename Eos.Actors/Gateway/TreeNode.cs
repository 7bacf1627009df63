using Eos.Kernel;
using Eos.Namespace;

namespace Eos.Gateway;

/// <summary>A directory that a walk is in: what it said of itself, and how far its names were taken. Mutable; belongs to one walk.</summary>
public sealed class TreeNode(string path, uint depth, DirectoryId id, TreeNode? parent, ChildEntry? entry)
{
    private DirectoryProtocol.Page? _page;
    private int _next;

    public string Path => path;

    /// <summary>0 for the top.</summary>
    public uint Depth => depth;

    public DirectoryId Id => id;

    /// <summary>Null for the top.</summary>
    public TreeNode? Parent => parent;

    /// <summary>What the parent says of it; null for the top.</summary>
    public ChildEntry? Entry => entry;

    /// <summary>What it says of itself; null until it has answered.</summary>
    public DirectoryRecord? Self { get; set; }

    public DirectoryProtocol.DirectoryCounts Counts { get; set; }
    public TreeCounts Tree { get; set; }

    /// <summary>The last name that was taken.</summary>
    public string Cursor { get; set; } = "";

    /// <summary>An earlier run of the walk has told of it; what is in it is still to come.</summary>
    public bool WasTold { get; init; }

    /// <summary>What goes on in it and has to end before it is done itself.</summary>
    public int Pending { get; set; }

    /// <summary>Said when the walk enters it: what is in it is passed over.</summary>
    public bool IsClosed { get; set; }

    /// <summary>Something in it failed.</summary>
    public bool HasFailed { get; set; }

    /// <summary>Children of the page in hand whose pages were not asked for yet.</summary>
    internal List<ChildEntry> Ahead { get; } = [];

    /// <summary>Children whose pages were asked for and not taken.</summary>
    internal List<ChildEntry> Begun { get; } = [];

    public bool HasPage => _page is not null;

    /// <summary>More names follow the page that was taken.</summary>
    public bool HasMore { get; private set; }

    public string PathOf(string name) => path.Length == 1 ? "/" + name : path + "/" + name;

    internal void Take(DirectoryProtocol.Page page)
    {
        (_page, _next, HasMore) = (page, 0, page.More);
        Ahead.AddRange(page.Entries.OfType<ChildEntry>());
    }

    /// <summary>The walk has come to this child.</summary>
    internal void Came(DirectoryId child)
    {
        if (Ahead.FindIndex(c => c.Id == child) is var ahead and >= 0) Ahead.RemoveAt(ahead);
        else if (Begun.FindIndex(c => c.Id == child) is var begun and >= 0) Begun.RemoveAt(begun);
    }

    /// <summary>Has nothing to give, or nothing more.</summary>
    internal void TakeNothing() => (_page, _next, HasMore) = (new DirectoryProtocol.Page(id, default, Self!, [], More: false), 0, false);

    /// <summary>The next name of the page in hand; null at its end.</summary>
    internal DirectoryEntry? Next()
    {
        if (_page is null || _next == _page.Entries.Length) return null;
        var next = _page.Entries[_next++];
        Cursor = next.Name;
        return next;
    }

    /// <summary>Forgets the page in hand; the next one begins after the name that was taken last.</summary>
    internal void Release()
    {
        _page = null;
        Ahead.Clear();
        Begun.Clear();
    }
}
