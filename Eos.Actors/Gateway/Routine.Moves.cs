using Eos.Kernel;
using Eos.Namespace;
using static Eos.Gateway.GatewayProtocol;

namespace Eos.Gateway;

/// <summary>Renaming, within a directory and into another.</summary>
public abstract partial class Routine
{
    /// <summary>An entry and where it goes.</summary>
    /// <param name="Path">What refusals name.</param>
    /// <param name="Overwrite">A file that has the new name is replaced, else EEXIST.</param>
    protected sealed record MoveOrder(EosPath Path, DirectoryId Source, string Name, DirectoryId Target, string NewName, bool Overwrite)
    {
        /// <summary>What becomes of the file that is replaced; null: it is removed.</summary>
        public DirectoryProtocol.Displacement? Displaces { get; init; }
    }

    /// <summary>
    /// Renames one entry, whatever it is and wherever it goes: it is in one of the two directories at any time, and whoever looks where it goes waits for the outcome. Permission is
    /// decided by both directories, for the caller of <paramref name="call"/>. <see cref="Answer"/> is then <see cref="Done"/> or a refusal; EBUSY: it took too long and was given up, nothing
    /// has changed. Repeated with the same call, it happens once. A routine that moves many entries gives each a <see cref="FreshCall"/>.
    /// </summary>
    protected IEnumerable<Step> MoveEntry(MoveOrder order, DirectoryProtocol.Call call)
    {
        var question = Look(order.Source, order.Name, call.Op);
        foreach (var step in Ask(question)) yield return step;
        if (question.Answer is DirectoryProtocol.Found { Earlier: DirectoryProtocol.Done }) question.Answer = new DirectoryProtocol.Done(order.Source, call.Op);
        else if (question.Answer is DirectoryProtocol.Found { Entry: FileEntry })
            foreach (var step in MoveFile(order, call, q => question = q)) yield return step;
        else if (question.Answer is DirectoryProtocol.Found { Entry: ChildEntry child })
            foreach (var step in MoveDirectory(order, child, call, q => question = q)) yield return step;
        foreach (var (directory, name) in ((DirectoryId, string)[])[(order.Source, order.Name), (order.Target, order.NewName)])
        {
            Facts.Cache.Forget(directory, name);
            Facts.Cache.Forget(directory);
        }
        if (question.Answer is DirectoryProtocol.Done) Answer = new Done(Op);
        else if (question.Answer is DirectoryProtocol.MoveRefused refused) Refuse(refused.Why, $"{order.Path}: {refused.Text}");
        else Refuse(question.Answer, order.Path);
    }

    private IEnumerable<Step> MoveFile(MoveOrder order, DirectoryProtocol.Call call, Action<Question> take)
    {
        if (order.Source == order.Target)
        {
            foreach (var step in RenameHere(order, call, take)) yield return step;
            yield break;
        }
        var prepare = Question.Of(new DirectoryProtocol.PrepareMove(order.Target, call, order.NewName, order.Source, IsDirectory: false, order.Overwrite) { Displaces = order.Displaces });
        take(prepare);
        foreach (var step in Ask(prepare)) yield return step;
        if (prepare.Answer is not DirectoryProtocol.Done) yield break;
        var commit = Question.Of(new DirectoryProtocol.CommitMove(order.Source, call, order.Name, order.Target, order.NewName, default));
        foreach (var step in Ask(commit)) yield return step;
        take(commit);
        if (commit.Answer is not (DirectoryProtocol.MoveCommitted or DirectoryProtocol.MoveRefused)) yield break;
        var finish = Question.Of(new DirectoryProtocol.FinishMove(
            order.Target, call, order.NewName, order.Source, commit.Answer is DirectoryProtocol.MoveCommitted committed ? committed.Entry : null));
        foreach (var step in Ask(finish)) yield return step;
        if (commit.Answer is DirectoryProtocol.MoveCommitted) take(finish);
    }

    /// <summary>A sub-directory: into another directory by the mover, which sees to it that none comes to lie below itself.</summary>
    private IEnumerable<Step> MoveDirectory(MoveOrder order, ChildEntry child, DirectoryProtocol.Call call, Action<Question> take)
    {
        _seeds[child.Id] = child.Seed;
        var look = Look(child.Id, "");
        take(look);
        foreach (var step in Ask(look)) yield return step;
        if (look.Answer is not DirectoryProtocol.Found found) yield break;
        if (found.Self.IsQuotaNode)
        {
            look.Answer = new DirectoryProtocol.Refused(child.Id, call.Op, Errno.AccessDenied, "is a quota node and can't be renamed");
            yield break;
        }
        if (order.Source == order.Target)
        {
            foreach (var step in RenameHere(order, call, take)) yield return step;
            yield break;
        }
        yield return new Step.AskMover(new MoverProtocol.MoveDirectory(call, new DirectoryMove(order.Source, order.Name, child.Id, order.Target, order.NewName)));
        look.Answer = MoverAnswer is MoverProtocol.NotMoved not
            ? new DirectoryProtocol.Refused(order.Source, call.Op, not.Why, not.Text)
            : new DirectoryProtocol.Done(order.Source, call.Op);
        Facts.Cache.Forget(child.Id);
    }

    private IEnumerable<Step> RenameHere(MoveOrder order, DirectoryProtocol.Call call, Action<Question> take)
    {
        var question = Question.Of(new DirectoryProtocol.Rename(order.Source, call, order.Name, order.NewName, order.Overwrite) { Displaces = order.Displaces });
        take(question);
        return Ask(question);
    }
}
