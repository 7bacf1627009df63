using Eos.Identity;
using Eos.Kernel;
using Eos.Namespace;
using static Eos.Gateway.GatewayProtocol;

namespace Eos.Gateway;

/// <summary>How routines walk from the root to a directory.</summary>
public abstract partial class Routine
{
    /// <summary>How often a walk starts again because a directory that the cache knew is gone.</summary>
    private const int MaxWalks = 4;

    /// <summary>How many symbolic links are followed for one path, as on Linux; with more it is a loop.</summary>
    private const int MaxLinks = 40;

    /// <summary>Waits for directories for ever, also for those of which it is known what they said lately.</summary>
    protected virtual bool IsPatient => false;

    /// <summary>A directory on the way: found, or why not.</summary>
    protected sealed class Place
    {
        public DirectoryId? Directory { get; set; }

        /// <summary>What it says of itself, where that was wanted.</summary>
        public DirectoryRecord? Record { get; set; }

        /// <summary>The way there without symbolic links.</summary>
        public EosPath Path { get; set; } = EosPath.Root;

        /// <summary>Links followed so far.</summary>
        public int Links { get; set; }
        public Refusal? Refusal { get; set; }

        /// <summary>The deepest quota node above the directory, and how many names deep it lies.</summary>
        public (DirectoryId Node, int Depth)? QuotaAbove { get; set; }

        /// <summary>The quota node that accounts for what is in the directory. Needs <see cref="Record"/>.</summary>
        public DirectoryId? DeepestQuotaNode => Record is { IsQuotaNode: true } own ? own.Id : QuotaAbove?.Node;

        /// <summary>Its path.</summary>
        public EosPath DeepestQuotaPath => Record is { IsQuotaNode: true } || QuotaAbove is not { } above ? Path : Path.Above(above.Depth);
    }

    /// <summary>
    /// Walks down to a directory, with the right to enter each one on the way (EACCES) but not the last. Symbolic links are followed. One on the way that does not answer is passed by
    /// what it said last: a node that is lost has directories above others that live elsewhere, and those go on.
    /// </summary>
    protected IEnumerable<Step> Resolve(EosPath path, Place place)
    {
        place.Path = path;
        for (var walk = 0; walk < MaxWalks; walk++)
        {
            (place.Refusal, place.QuotaAbove) = (null, null);
            var (way, stale, at) = (place.Path, false, DirectoryId.Root);
            for (var i = 0; i < way.Names.Length && place.Refusal is null && !stale; i++)
            {
                var name = way.Names[i];
                var (child, record, link) = (facts.Cache.Child(at, name, facts.Now), facts.Cache.Record(at, facts.Now), (FileEntry?)null);
                if (child is null || record is null)
                {
                    var last = IsPatient ? null : facts.Cache.Last(at, name, facts.Now);
                    var look = Look(at, name);
                    foreach (var step in Ask(look, last is null ? null : facts.Settings.PathPatience)) yield return step;
                    if (look.Answer is DirectoryProtocol.Found found)
                    {
                        facts.Cache.Remember(found.Self, facts.Now);
                        record = found.Self;
                        child = found.Entry as ChildEntry;
                        link = found.Entry is FileEntry { File.IsLink: true } met ? met : null;
                        if (child is not null) facts.Cache.Remember(at, child, facts.Now);
                        else if (found.Entry is null) place.Refusal = NotThere(path);
                        else if (link is null) place.Refusal = new Refusal(Errno.NotADirectory, $"{path}: '{name}' is not a directory");
                    }
                    else if (look.Answer is null && last is { } old)
                    {
                        facts.Cache.Believe(at, name, facts.Now);
                        (record, child) = old;
                    }
                    else
                    {
                        stale = true;
                        if (i > 0) ForgetWay(way, i);
                        continue;
                    }
                }
                if (LearnLink(record) is { } learn)
                    foreach (var step in learn) yield return step;
                if (AccessRules.Check(Caller, record, Intent.Enter) is { } denied) place.Refusal = denied with { Text = $"{path}: {denied.Text}" };
                if (link is not null && place.Refusal is null)
                {
                    Turn(place, way, i, link.File.Link);
                    (way, at, i, place.QuotaAbove) = (place.Path, DirectoryId.Root, -1, null);
                }
                if (child is null) continue;
                if (record.IsQuotaNode) place.QuotaAbove = (at, i);
                _seeds[child.Id] = child.Seed;
                at = child.Id;
            }
            if (stale) continue;
            place.Directory = place.Refusal is null ? at : null;
            yield break;
        }
        place.Refusal = NotThere(path);
    }

    /// <summary>Asks the directory of a path for its last name, and follows a symbolic link there if that is wanted; then the place is that of the target.</summary>
    /// <param name="take">Takes each question that was answered, with the name that was asked for; the last one counts. None if the place has a refusal.</param>
    protected IEnumerable<Step> LookAt(EosPath path, Place place, bool follow, Action<Question, string> take, OpId? earlier = null)
    {
        while (true)
        {
            Question? asked = null;
            foreach (var step in AskAt(path.Parent, place, d => Look(d, path.Name, earlier), q => asked = q)) yield return step;
            if (place.Refusal is not null) yield break;
            take(asked!, path.Name);
            if (!follow || asked!.Answer is not DirectoryProtocol.Found { Entry: FileEntry { File.IsLink: true } link } found) yield break;
            if (AccessRules.Check(Caller, found.Self, Intent.Enter) is { } denied) place.Refusal = denied with { Text = $"{path}: {denied.Text}" };
            else Follow(place, link.Name, link.File.Link);
            if (place.Refusal is not null || place.Path.IsRoot) yield break;
            path = place.Path;
        }
    }

    /// <summary>From the directory of a place to where a link in it points: <see cref="Place.Path"/>, or a refusal.</summary>
    protected static void Follow(Place place, string name, string target) => Turn(place, place.Path.Child(name), place.Path.Names.Length, target);

    /// <summary>The way goes on from the root over the target of a link: <see cref="Place.Path"/>, or a refusal (ELOOP, and what a path may be refused for).</summary>
    private static void Turn(Place place, EosPath way, int depth, string target)
    {
        var (path, refusal) = EosPath.Parse(target.StartsWith('/') ? target : $"{way.Above(depth)}/{target}");
        if (++place.Links > MaxLinks) refusal = new Refusal(Errno.Loop, $"{way}: more than {MaxLinks} symbolic links");
        place.Path = way.Names[(depth + 1)..].Aggregate(path ?? EosPath.Root, (p, name) => p.Child(name));
        place.Refusal = refusal;
    }

    private static Refusal NotThere(EosPath path) => new(Errno.NoEntry, $"{path}: no such file or directory");

    /// <summary>Walks down to a directory and learns its attributes, from memory if they were seen lately.</summary>
    protected IEnumerable<Step> Know(EosPath path, Place place)
    {
        foreach (var step in Resolve(path, place)) yield return step;
        if (place.Directory is not { } directory) yield break;
        place.Record = facts.Cache.Record(directory, facts.Now);
        if (place.Record is { } known)
        {
            foreach (var step in LearnLink(known) ?? []) yield return step;
            yield break;
        }
        Question? asked = null;
        foreach (var step in AskAt(path, place, d => Look(d, ""), q => asked = q)) yield return step;
        if (place.Refusal is not null) yield break;
        if (asked?.Answer is DirectoryProtocol.Found found) facts.Cache.Remember(place.Record = found.Self, facts.Now);
        else place.Refusal = NotThere(path);
    }

    /// <summary>A directory that was reached by a remembered name is gone: nothing on the way there is believed any more.</summary>
    protected void ForgetWay(EosPath path, int depth)
    {
        var at = DirectoryId.Root;
        for (var i = 0; i < depth; i++)
        {
            var child = facts.Cache.Forget(at, path.Names[i]);
            facts.Cache.Forget(at);
            if (child is null) return;
            at = child.Id;
        }
    }

    /// <summary>
    /// Asks a directory that was found by its path. If it is gone, the way there was remembered wrongly: walks again and asks whoever has the name now.
    /// </summary>
    protected IEnumerable<Step> AskAt(EosPath path, Place place, Func<DirectoryId, Question> ask, Action<Question> take)
    {
        for (var walk = 0; walk < MaxWalks; walk++)
        {
            foreach (var step in Resolve(path, place)) yield return step;
            if (place.Directory is not { } directory) yield break;
            var question = ask(directory);
            foreach (var step in Ask(question)) yield return step;
            if (question.Answer is DirectoryProtocol.LinkWanted wanted)
            {
                foreach (var step in LearnLink(wanted.Link)) yield return step;
                continue;
            }
            take(question);
            if (question.Answer is not DirectoryProtocol.Gone) yield break;
            ForgetWay(place.Path, place.Path.Names.Length);
        }
    }

    /// <summary>Asks a directory that was found by its path for a change, which is all there is to do.</summary>
    /// <param name="named">What a refusal names.</param>
    protected IEnumerable<Step> Change(EosPath path, Place place, EosPath named, Func<DirectoryId, Question> ask)
    {
        Question? asked = null;
        foreach (var step in AskAt(path, place, ask, q => asked = q)) yield return step;
        if (place.Refusal is not null) Refuse(place.Refusal);
        else if (asked?.Answer is DirectoryProtocol.Done) Answer = new Done(Op);
        else Refuse(asked?.Answer, named);
    }
}
