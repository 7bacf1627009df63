using System.Collections.Immutable;
using Eos.Kernel;
using static Eos.Namespace.DirectoryProtocol;
using IndexChange = Eos.Kv.SystemProtocol.IndexChange;
using IndexOp = Eos.Kv.SystemProtocol.IndexOp;

namespace Eos.Namespace;

/// <summary>Which rows of a directory are ghosts.</summary>
public static class GhostRules
{
    public static Decision Drop(DirectoryState s, DropGhosts c, Facts facts)
    {
        if (!c.Call.Caller.IsRoot) return DirectoryRules.Refuse(c, Errno.NotPermitted, "only root drops ghosts");
        var done = new Done(c.Directory, c.Call.Op);
        var ghosts = c.Files.Where(file => !Has(s, c.Fs, file)).ToImmutableArray();
        return ghosts.IsEmpty ? Decision.Answer(done) : Decision.Accept(new GhostsDropped(DirectoryRules.StampOf(c, facts), c.Fs, ghosts), done);
    }

    /// <summary>The rows that the event takes away, whether they are there or not.</summary>
    public static ImmutableArray<IndexOp> Rows(GhostsDropped x) =>
        [.. x.Files.Select(file => new IndexOp(NamespaceIndex.Replicas, NamespaceIndex.Key(x.Fs, file), IndexChange.Delete, default, 0))];

    /// <summary>It is an entry's place, or that of one that is being renamed away and has its rows here.</summary>
    private static bool Has(DirectoryState s, FsId fs, FileId file) => s.Entries.FileOf(file)?.File.Content.Locations.Contains(fs) == true
        || s.Moves.Values.Any(move => move.HasRows && move.Entry is FileEntry moved && moved.File.Id == file && moved.File.Content.Locations.Contains(fs));
}
