using System.Collections.Immutable;
using Eos.Kernel;
using static Eos.Namespace.DirectoryProtocol;

namespace Eos.Namespace;

/// <summary>Symbolic links, empty files, and what is said of a file's places.</summary>
public static class EntryRules
{
    /// <summary>Permission bits of every symbolic link; they decide nothing.</summary>
    private const uint LinkMode = 0x1ff;

    public static Decision MakeLink(DirectoryState s, MakeLink c, Facts facts)
    {
        if (EosPath.CheckName(c.Name) is { } bad) return DirectoryRules.Refuse(c, bad.Why, bad.Text);
        if (EosPath.CheckTarget(c.Target) is { } wrong) return DirectoryRules.Refuse(c, wrong.Why, wrong.Text);
        var old = s.Entries.Find(c.Name);
        if (old is ChildEntry || (old is not null && !c.Replace)) return DirectoryRules.Refuse(c, Errno.Exists, $"'{c.Name}' exists");
        if (AccessRules.Check(c.Call.Caller, s.Self!, old is null ? Intent.Create : Intent.Update, old) is { } denied) return DirectoryRules.Refuse(c, denied);
        var link = Empty(c.Call, OwnershipRules.OwnerOfNew(c.Call.Caller, s.Self!), c.File, LinkMode, default, facts) with { Link = c.Target };
        return Decision.Accept(
            new FileMade(DirectoryRules.StampOf(c, facts), c.Name, link), new Done(c.Directory, c.Call.Op), old is FileEntry gone ? [.. OpenRules.Unlinking(c.Directory, gone.File)] : []);
    }

    public static Decision Touch(DirectoryState s, TouchFile c, Facts facts)
    {
        var (stamp, done) = (DirectoryRules.StampOf(c, facts), new Done(c.Directory, c.Call.Op));
        switch (s.Entries.Find(c.Name))
        {
            case ChildEntry: return DirectoryRules.Refuse(c, Errno.IsADirectory, $"'{c.Name}' is a directory");
            case FileEntry { File.IsLink: true } link: return Decision.Answer(new LinkMet(c.Directory, c.Call.Op, link.File.Link));
            case FileEntry file:
                if (AccessRules.Check(c.Call.Caller, s.Self!, Intent.Update, file) is { } forbidden) return DirectoryRules.Refuse(c, forbidden);
                return Decision.Accept(new FileTouched(stamp, c.Name, c.Truncate), done, c.Truncate ? [.. OpenRules.Unlinking(c.Directory, file.File)] : []);
            default:
                if (EosPath.CheckName(c.Name) is { } bad) return DirectoryRules.Refuse(c, bad.Why, bad.Text);
                if (AccessRules.Check(c.Call.Caller, s.Self!, Intent.Create) is { } denied) return DirectoryRules.Refuse(c, denied);
                return Decision.Accept(new FileMade(stamp, c.Name, Empty(c.Call, OwnershipRules.OwnerOfNew(c.Call.Caller, s.Self!), c.File, (uint)facts.Settings.FileMode, c.Layout, facts)), done);
        }
    }

    /// <summary>EEXIST for a place that it has, ENOENT for one that it has not; taking away what is being taken away is no error.</summary>
    public static Decision Tag(DirectoryState s, TagPlace c, Facts facts)
    {
        if (!c.Call.Caller.IsRoot) return DirectoryRules.Refuse(c, Errno.NotPermitted, "only root says where files are");
        if (s.Entries.Find(c.Name) is not FileEntry { File.IsLink: false } file) return DirectoryRules.Refuse(c, Errno.NoEntry, $"no such file '{c.Name}'");
        var has = file.File.Content.Locations.Contains(c.Fs);
        var waits = s.Unlinked.GetValueOrDefault(c.Fs)?.Contains(file.File.Id) == true;
        if (c.Tag == PlaceTag.Add && has) return DirectoryRules.Refuse(c, Errno.Exists, $"filesystem {c.Fs} is a location of '{c.Name}'");
        if (c.Tag != PlaceTag.Add && !has && !waits) return DirectoryRules.Refuse(c, Errno.NoEntry, $"filesystem {c.Fs} is no location of '{c.Name}'");
        return c.Tag == PlaceTag.Unlink && !has
            ? Decision.Answer(new Done(c.Directory, c.Call.Op))
            : Decision.Accept(new PlaceTagged(DirectoryRules.StampOf(c, facts), c.Name, file.File.Id, c.Fs, c.Tag), new Done(c.Directory, c.Call.Op));
    }

    private static FileRecord Empty(Call call, Owner owner, FileId id, uint mode, LayoutId layout, Facts facts) => new(
        id,
        new OpenId(call.Op),
        owner,
        mode,
        Times.At(facts.Now),
        new Content(0, Checksum.None, layout, []),
        ImmutableSortedDictionary<string, string>.Empty);
}
