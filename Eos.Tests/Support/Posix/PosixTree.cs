using Eos.Kernel;

namespace Eos.Tests.Support.Posix;

/// <summary>A small tree in memory that behaves as the namespace should: the model of the model-based test. Paths are relative to its top; users are numbers, 0 is root.</summary>
internal sealed class PosixTree
{
    private const int MostLinks = 40;
    private readonly Folder _top;

    public PosixTree()
        : this(new Folder { Mode = 0b111_111_111 })
    {
    }

    private PosixTree(Folder top) => _top = top;

    internal abstract class Node
    {
        public uint Uid { get; set; }

        /// <summary>Of files it decides nothing.</summary>
        public int Mode { get; set; }
        public SortedDictionary<string, string> Attributes { get; init; } = new(StringComparer.Ordinal);

        public Node Copy()
        {
            Node copy = this switch
            {
                Folder folder => new Folder { Attributes = OwnAttributes(), Entries = new(folder.Entries.ToDictionary(e => e.Key, e => e.Value.Copy()), StringComparer.Ordinal) },
                Link link => new Link { Attributes = OwnAttributes(), Target = link.Target },
                _ => new Leaf { Attributes = OwnAttributes() },
            };
            (copy.Uid, copy.Mode) = (Uid, Mode);
            return copy;
        }

        public SortedDictionary<string, string> OwnAttributes() => new(Attributes, StringComparer.Ordinal);
    }

    internal sealed class Folder : Node
    {
        public SortedDictionary<string, Node> Entries { get; init; } = new(StringComparer.Ordinal);
    }

    internal sealed class Leaf : Node;

    internal sealed class Link : Node
    {
        public required string Target { get; init; }
    }

    /// <summary>Where a path leads: the directory that holds its last name, and what it has there.</summary>
    private readonly record struct Spot(Folder Parent, string Name, Node? Node);

    private sealed class No(params Errno[] why) : Exception
    {
        public IReadOnlyList<Errno> Why => why;
    }

    /// <summary>Does one command; the errnos that are right, and the lines that it shows.</summary>
    public (IReadOnlyList<Errno> Why, string Shown) Do(TreeCommand command)
    {
        try
        {
            return ([Errno.None], Run(command));
        }
        catch (No no)
        {
            return (no.Why, "");
        }
    }

    /// <summary>Another tree, the same as this one is now.</summary>
    public PosixTree Copy() => new((Folder)_top.Copy());

    /// <summary>Every path with what it is, sorted.</summary>
    public IEnumerable<string> All => Below(_top, "").Order(StringComparer.Ordinal);

    private static IEnumerable<string> Below(Folder folder, string path)
    {
        foreach (var (name, node) in folder.Entries)
        {
            var own = $"{path}/{name}";
            yield return node switch
            {
                Folder => own + "/",
                Link link => $"{own} -> {link.Target}",
                _ => own,
            };
            if (node is Folder below)
                foreach (var line in Below(below, own)) yield return line;
        }
    }

    private string Run(TreeCommand c)
    {
        switch (c.Verb)
        {
            case TreeVerb.MakeDirectory: MakeDirectory(c); break;
            case TreeVerb.RemoveDirectory: RemoveDirectory(c); break;
            case TreeVerb.Touch: Touch(c); break;
            case TreeVerb.Remove: Remove(c); break;
            case TreeVerb.Rename: Rename(c); break;
            case TreeVerb.MakeLink: MakeLink(c); break;
            case TreeVerb.ChangeMode: Owned(c).Mode = Convert.ToInt32(c.Value, 8); break;
            case TreeVerb.ChangeOwner: ChangeOwner(c); break;
            case TreeVerb.SetAttribute: Owned(c).Attributes["user.k"] = c.Value; break;
            case TreeVerb.RemoveAttribute:
                if (!Owned(c).Attributes.Remove("user.k")) throw new No(Errno.NoData);
                break;
            case TreeVerb.List: return List(c);
            case TreeVerb.Look:
                try
                {
                    if (Followed(c.User, c.Path, looks: true).Node is null) throw new No(Errno.NoEntry);
                }
                catch (No no) when (no.Why.Contains(Errno.NoEntry))
                {
                    throw new No(Errno.Fault); // `eos stat` says so
                }
                break;
        }
        return "";
    }

    private void MakeDirectory(TreeCommand c)
    {
        var at = Find(c.User, c.Path);
        if (at.Node is not null) throw new No(Errno.Exists);
        MustWrite(c.User, at.Parent);
        at.Parent.Entries[at.Name] = new Folder { Uid = c.User, Mode = at.Parent.Mode, Attributes = at.Parent.OwnAttributes() };
    }

    private void RemoveDirectory(TreeCommand c)
    {
        var at = Find(c.User, c.Path);
        if (at.Node is null) throw new No(Errno.NoEntry);
        if (at.Node is not Folder folder) throw new No(Errno.NotADirectory);
        if (!MayWrite(c.User, at.Parent)) throw new No(Errno.NotPermitted);
        if (folder.Entries.Count > 0) throw new No(Errno.NotEmpty);
        at.Parent.Entries.Remove(at.Name);
    }

    private void Touch(TreeCommand c)
    {
        var at = Followed(c.User, c.Path);
        if (at.Node is Folder) throw new No(Errno.IsADirectory);
        MustWrite(c.User, at.Parent);
        at.Parent.Entries.TryAdd(at.Name, new Leaf { Uid = c.User });
    }

    private void Remove(TreeCommand c)
    {
        var at = Find(c.User, c.Path);
        if (at.Node is null) throw new No(Errno.NoEntry);
        if (at.Node is Folder) throw new No(Errno.IsADirectory);
        MustWrite(c.User, at.Parent);
        at.Parent.Entries.Remove(at.Name);
    }

    /// <summary>`file rename`: nothing is replaced.</summary>
    private void Rename(TreeCommand c)
    {
        var from = Find(c.User, c.Path);
        if (from.Node is null) throw new No(Errno.NoEntry);
        var to = Find(c.User, c.Other);
        var why = new List<Errno>(); // of several reasons any may be told
        if (from.Node is Folder moved && IsWithin(to.Parent, moved)) why.Add(Errno.Invalid);
        if (!MayWrite(c.User, from.Parent) || !MayWrite(c.User, to.Parent)) why.Add(Errno.NotPermitted);
        if (to.Node is not null && !ReferenceEquals(from.Node, to.Node)) why.Add(from.Node is Folder && to.Node is not Folder ? Errno.NotADirectory : Errno.Exists);
        if (why.Count > 0) throw new No([.. why]);
        if (ReferenceEquals(from.Node, to.Node)) return;
        from.Parent.Entries.Remove(from.Name);
        to.Parent.Entries[to.Name] = from.Node;
    }

    private void MakeLink(TreeCommand c)
    {
        var at = Find(c.User, c.Path);
        if (at.Node is not null) throw new No(Errno.Exists);
        MustWrite(c.User, at.Parent);
        at.Parent.Entries[at.Name] = new Link { Uid = c.User, Target = c.Other };
    }

    private void ChangeOwner(TreeCommand c)
    {
        var at = Entered(c);
        if (at.Node is null) throw new No(Errno.NoEntry);
        if (c.User != 0) throw new No(Errno.NotPermitted);
        at.Node.Uid = uint.Parse(c.Value, System.Globalization.CultureInfo.InvariantCulture);
    }

    private string List(TreeCommand c)
    {
        Spot at;
        try
        {
            at = Followed(c.User, c.Path, looks: true);
        }
        catch (No no) when (Find(c.User, c.Path).Node is Link)
        {
            throw new No([.. no.Why, Errno.None]); // a link that leads nowhere may be listed itself
        }
        switch (at.Node)
        {
            case null: throw new No(Find(c.User, c.Path).Node is Link ? [Errno.NoEntry, Errno.None] : [Errno.NoEntry]);
            case Folder folder:
                if (!May(c.User, folder, 0b101)) throw new No(Errno.AccessDenied);
                return string.Concat(folder.Entries.Keys.Select(name => name + "\n"));
            default: return c.Path[(c.Path.LastIndexOf('/') + 1)..] + "\n"; // also of a link to a file: the name that was given
        }
    }

    /// <summary>What only its owner and root may change.</summary>
    private Node Owned(TreeCommand c)
    {
        var at = Entered(c);
        if (at.Node is null) throw new No(Errno.NoEntry);
        if (c.User != 0 && c.User != at.Node.Uid) throw new No(Errno.NotPermitted);
        return at.Node;
    }

    /// <summary>Of what lies in a directory that is closed to the caller nothing is said but no, in one errno or another.</summary>
    private Spot Entered(TreeCommand c)
    {
        var at = Followed(c.User, c.Path);
        return May(c.User, at.Parent, 0b001) ? at : throw new No(Errno.AccessDenied, Errno.NotPermitted, Errno.NoEntry);
    }

    private Spot Find(uint user, string path) => Find(user, path, follow: false, looks: false, 0);

    private Spot Followed(uint user, string path, bool looks = false) => Find(user, path, follow: true, looks, 0);

    /// <param name="looks">The caller only looks: then the last directory must be open to it. Who changes something is judged there, with another errno.</param>
    private Spot Find(uint user, string path, bool follow, bool looks, int links)
    {
        if (links > MostLinks) throw new No(Errno.Loop);
        var (at, names) = (_top, path.Split('/', StringSplitOptions.RemoveEmptyEntries));
        for (var i = 0; i < names.Length; i++)
        {
            var isLast = i == names.Length - 1;
            if ((!isLast || looks) && !May(user, at, 0b001)) throw new No(Errno.AccessDenied);
            var node = at.Entries.GetValueOrDefault(names[i]);
            if (node is Link link && (!isLast || follow)) return Find(user, link.Target + "/" + string.Join('/', names[(i + 1)..]), follow, looks, links + 1);
            if (isLast) return new Spot(at, names[i], node);
            at = node switch
            {
                Folder next => next,
                null => throw new No(Errno.NoEntry),
                _ => throw new No(Errno.NotADirectory),
            };
        }
        return new Spot(_top, "", _top);
    }

    private static bool IsWithin(Folder folder, Folder above) => ReferenceEquals(folder, above) || above.Entries.Values.OfType<Folder>().Any(f => IsWithin(folder, f));

    private static void MustWrite(uint user, Folder folder)
    {
        if (!MayWrite(user, folder)) throw new No(Errno.NotPermitted);
    }

    private static bool MayWrite(uint user, Folder folder) => May(user, folder, 0b011);

    private static bool May(uint user, Folder folder, int need) => user == 0 || ((user == folder.Uid ? folder.Mode >> 6 : folder.Mode) & need) == need;
}
