using Eos.Kernel;
using Eos.Namespace;

namespace Eos.Gateway;

/// <summary>How routines ask for quota before something is written.</summary>
public abstract partial class Routine
{
    /// <summary>
    /// Asks the deepest quota node above a directory whether who owns new files there may have one more of so many bytes (on disks): <see cref="Place.Refusal"/> is EDQUOT if not. Not
    /// asked for root, where there is no node, and where quota is off for the space.
    /// </summary>
    /// <param name="name">Of what is written. Who is at the limit is asked what of it counts already: an earlier try, or what it replaces.</param>
    /// <param name="replaces">What stands there under that name goes.</param>
    /// <param name="take">Is told what the limits of volume leave, if there are any.</param>
    protected IEnumerable<Step> AskQuota(Place place, string space, ulong volume, string name, bool replaces, Action<ulong> take)
    {
        if (Who.IsRoot || place.DeepestQuotaNode is not { } node || !facts.View().Configuration.IsOn(space, "quota")) yield break;
        var owner = OwnershipRules.OwnerOfNew(Caller, place.Record!);
        var question = May(default);
        foreach (var step in Ask(question)) yield return step;
        if (question.Answer is QuotaProtocol.QuotaSaid { Refusal.Length: > 0 } && place.Directory is { } directory)
        {
            var share = Question.Of(new QuotaProtocol.AskShare(directory, facts.NewOp(), name, owner, Op, replaces));
            foreach (var step in Ask(share)) yield return step;
            if (share.Answer is QuotaProtocol.ShareSaid { Share: var counted } && counted != default)
                foreach (var step in Ask(question = May(counted))) yield return step;
        }
        if (question.Answer is not QuotaProtocol.QuotaSaid said) yield break;
        if (said.Refusal.Length > 0) place.Refusal = new Refusal(Errno.QuotaExceeded, said.Refusal);
        else if (said.Left is { } left) take(left);

        Question May(Usage counted) => Question.Of(new QuotaProtocol.AskQuota(node, facts.NewOp(), owner, volume, 1, counted));
    }
}
