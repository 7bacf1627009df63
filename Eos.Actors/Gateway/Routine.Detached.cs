using Eos.Identity;
using Eos.Kernel;
using Eos.Namespace;

namespace Eos.Gateway;

/// <summary>Files that were removed and wait for their replicas to be deleted: they have no path, and are meant by their numbers.</summary>
public abstract partial class Routine
{
    /// <summary>What an error text says of the number of a file that is not there, and may have been: EOS's word for that.</summary>
    private const string Tombstone = "no such file, or only its deletion tombstone";

    /// <summary>The file that is meant, if it is in no directory any more, and which directory keeps its record. Only where <see cref="TakesDetached"/>.</summary>
    protected (DirectoryId Keeper, FileEntry File)? Detached { get; private set; }

    /// <summary>The routine knows what to do with a detached file; for all others there is no such file.</summary>
    protected virtual bool TakesDetached => false;

    private IEnumerable<Step> FindDetached(string text, DirectoryId keeper, FileId file)
    {
        var question = Question.Of(new DirectoryProtocol.LookDetached(keeper, facts.NewOp(), file));
        foreach (var step in Ask(question)) yield return step;
        if (question.Answer is not DirectoryProtocol.DetachedFound { File: { } found }) yield break;
        if (MaySee(found.File)) Detached = (keeper, found);
        else Refuse(Errno.AccessDenied, $"{text}: a file that was removed is shown to its owner and to administrators");
    }

    /// <summary>No directory stands above it whose rules would say more.</summary>
    private bool MaySee(FileRecord file) => Caller.Token is null && (Caller.IsPrivileged || (Caller.Uid == file.Owner.Uid && Caller.Uid != VirtualIdentity.NobodyId));
}
