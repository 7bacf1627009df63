using Eos.Fst;
using Eos.Kernel;
using static Eos.Namespace.DirectoryProtocol;

namespace Eos.Namespace;

/// <summary>Which filesystems have a file, after it was stored: places are added when a replica was made from others, and given up.</summary>
public static class ReplicaRules
{
    /// <summary>
    /// Refused: ENOENT when the file is not there any more, or has other bytes; EBUSY while an earlier replica of it on that filesystem is not deleted yet, because that
    /// order may still come.
    /// </summary>
    public static Decision Attach(DirectoryState s, FstProtocol.AttachReplica c, Facts facts)
    {
        if (Find(s, c.Name, c.Replica.File) is not { } entry || entry.File.Open != c.Replica.Open)
            return No(Errno.NoEntry, "the file is not there any more, or has other bytes");
        var content = entry.File.Content;
        if (content.Size != c.Size || content.Checksum != c.Checksum) return No(Errno.Invalid, "the replica is not what the directory has recorded");
        if (s.Unlinked.GetValueOrDefault(c.Fs)?.Contains(c.Replica.File) == true) return No(Errno.Busy, "an earlier replica on that filesystem is not deleted yet");

        var done = new FstProtocol.Committed(c.Op, c.Replica.File);
        var replaced = c.Replaces is { } lost && lost != c.Fs && content.Locations.Contains(lost) ? c.Replaces : null;
        if (content.Locations.Contains(c.Fs) && replaced is null) return Decision.Answer(done);
        var attached = new ReplicaAttached(new Stamp(c.Op, 0, facts.Now), entry.Name, c.Replica.File, c.Fs, replaced);
        return replaced is { } gone ? Decision.Accept(attached, done, Deletion(c.Directory, gone, c.Replica.File)) : Decision.Accept(attached, done);

        Decision No(Errno why, string text) => Decision.Answer(new FstProtocol.CommitRefused(c.Op, why, text));
    }

    /// <summary>Size and checksum become what a replica has: an administrator said so. The other replicas are wrong from then on, and mended when somebody meets them.</summary>
    public static Decision Correct(DirectoryState s, FstProtocol.CorrectFile c, Facts facts)
    {
        if (Find(s, c.Name, c.Replica.File) is not { } entry || entry.File.Open != c.Replica.Open || !entry.File.Content.Locations.Contains(c.Fs))
            return Decision.Answer(new FstProtocol.CommitRefused(c.Op, Errno.NoEntry, "the file is not there any more, or has other bytes"));
        var (content, done) = (entry.File.Content, new FstProtocol.Committed(c.Op, c.Replica.File));
        var (size, sum) = (c.Size ?? content.Size, c.Checksum ?? content.Checksum);
        return size == content.Size && sum == content.Checksum
            ? Decision.Answer(done)
            : Decision.Accept(new ContentCorrected(new Stamp(c.Op, 0, facts.Now), entry.Name, c.Replica.File, size, sum), done);
    }

    public static Decision Drop(DirectoryState s, DropReplica c, Facts facts)
    {
        if (c.Call.Caller.Uid != 0) return DirectoryRules.Refuse(c, Errno.NotPermitted, "only root can drop replicas");
        if (s.Entries.Find(c.Name) is not FileEntry entry) return DirectoryRules.Refuse(c, Errno.NoEntry, $"no such file '{c.Name}'");
        var locations = entry.File.Content.Locations;
        if (!locations.Contains(c.Fs)) return DirectoryRules.Refuse(c, Errno.NoEntry, $"'{c.Name}' has no replica on filesystem {c.Fs}");
        return locations.Length == 1
            ? DirectoryRules.Refuse(c, Errno.Busy, $"filesystem {c.Fs} has the last replica of '{c.Name}'")
            : Decision.Accept(
                new ReplicaDetached(DirectoryRules.StampOf(c, facts), c.Name, entry.File.Id, c.Fs), new Done(c.Directory, c.Call.Op), Deletion(c.Directory, c.Fs, entry.File.Id));
    }

    /// <summary>Only the layout changes: its bytes and their checksum stay what they are.</summary>
    public static Decision Relayout(DirectoryState s, SetLayout c, Facts facts)
    {
        if (!c.Call.Caller.IsRoot) return DirectoryRules.Refuse(c, Errno.NotPermitted, "only root changes layouts");
        return s.Entries.Find(c.Name) is FileEntry { File.IsLink: false } entry && entry.File.Id == c.File
            ? Decision.Accept(new LayoutChanged(DirectoryRules.StampOf(c, facts), c.Name, c.File, c.Layout), new Done(c.Directory, c.Call.Op))
            : DirectoryRules.Refuse(c, Errno.NoEntry, $"no such file '{c.Name}'");
    }

    private static Effect Deletion(DirectoryId directory, FsId fs, FileId file) => new Effect.Drop(new FstProtocol.DropReplicas(fs, directory, [file]));

    /// <summary>By the name that it had, else by its number: O(entries) after a renaming only.</summary>
    private static FileEntry? Find(DirectoryState s, string name, FileId file) =>
        s.Entries.Find(name) is FileEntry entry && entry.File.Id == file ? entry : s.Entries.FileOf(file);
}
