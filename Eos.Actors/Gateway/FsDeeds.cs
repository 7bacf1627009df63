using System.Collections.Immutable;
using System.Globalization;
using Eos.Kernel;
using static Eos.Gateway.AdminVerdict;

namespace Eos.Gateway;

/// <summary>`fs clone|dropfiles|dropghosts`: what is done with all files of a filesystem.</summary>
internal static class FsDeeds
{
    public static AdminVerdict Clone(AdminFacts f)
    {
        if (FsVerbs.Find(f) is not { } source) return FsVerbs.Unknown(f);
        if (FsVerbs.Find(f, 1) is not { } target) return FsVerbs.Unknown(f, 1);
        var (from, to) = (source.Report.Identity.Id, target.Report.Identity.Id);
        return from == to ? Refuse(Errno.Invalid, "fs clone takes two filesystems") : Run(facts => new FsCloneRoutine(f.Request, from, to, f.Who, facts));
    }

    public static AdminVerdict DropFiles(AdminFacts f) =>
        FsVerbs.Find(f) is { } fs ? Run(facts => new FsDropFilesRoutine(f.Request, fs.Report.Identity.Id, f.Has("f"), f.Who, facts)) : FsVerbs.Unknown(f);

    /// <summary>`fs dropghosts FS [FXID…]`.</summary>
    public static AdminVerdict DropGhosts(AdminFacts f)
    {
        if (FsVerbs.Find(f) is not { } fs) return FsVerbs.Unknown(f);
        var only = ImmutableHashSet.CreateBuilder<FileId>();
        foreach (var word in f.Request.Arguments.Skip(1))
        {
            if (!ulong.TryParse(word, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var id) || id == 0) return Refuse(Errno.Invalid, $"'{word}' is no fxid");
            only.Add(new FileId(id));
        }
        return Run(facts => new FsDropGhostsRoutine(f.Request, fs.Report.Identity.Id, only.ToImmutable(), f.Who, facts));
    }
}
