using System.Text;
using System.Text.RegularExpressions;

namespace Akka.Actor;

/// <summary>One step of a selection.</summary>
public abstract class SelectionPathElement
{
}

/// <summary>Down to the child of that name.</summary>
public class SelectChildName : SelectionPathElement
{
    public SelectChildName(string name)
    {
        Name = name;
    }

    public string Name { get; }

    public override bool Equals(object? obj) => obj is SelectChildName other && Name == other.Name;

    public override int GetHashCode() => Name.GetHashCode();

    public override string ToString() => Name;
}

/// <summary>Down to every child whose name matches; * stands for any text, ? for any character.</summary>
public class SelectChildPattern : SelectionPathElement
{
    private readonly Regex _pattern;

    public SelectChildPattern(string patternStr)
    {
        PatternStr = patternStr;
        _pattern = new Regex("^" + Regex.Escape(patternStr).Replace("\\*", ".*").Replace("\\?", ".") + "$", RegexOptions.CultureInvariant);
    }

    public string PatternStr { get; }

    internal bool Matches(string name) => _pattern.IsMatch(name);

    public override bool Equals(object? obj) => obj is SelectChildPattern other && PatternStr == other.PatternStr;

    public override int GetHashCode() => PatternStr.GetHashCode();

    public override string ToString() => PatternStr;
}

/// <summary>Up to the parent.</summary>
public class SelectParent : SelectionPathElement
{
    public static readonly SelectParent Instance = new();

    public override bool Equals(object? obj) => obj is SelectParent;

    public override int GetHashCode() => 1;

    public override string ToString() => "..";
}

/// <summary>A message on its way down a selection.</summary>
public class ActorSelectionMessage : IAutoReceivedMessage, IPossiblyHarmful, IWrappedMessage
{
    public ActorSelectionMessage(object message, SelectionPathElement[] elements, bool wildCardFanOut = false)
    {
        Message = message;
        Elements = elements;
        WildCardFanOut = wildCardFanOut;
    }

    public object Message { get; }

    public SelectionPathElement[] Elements { get; }

    public bool WildCardFanOut { get; }

    public override string ToString() => $"ActorSelectionMessage: {string.Join('/', (object[])Elements)} - {Message}";
}

/// <summary>Actors by path, looked up anew at each send; several where the path has wildcards, none where nothing is there.</summary>
public class ActorSelection : ICanTell
{
    public ActorSelection(IActorRef anchor, SelectionPathElement[] path)
    {
        Anchor = anchor;
        Path = path;
    }

    public ActorSelection(IActorRef anchor, string path) : this(anchor, path.Split('/', StringSplitOptions.RemoveEmptyEntries))
    {
    }

    public ActorSelection(IActorRef anchor, IEnumerable<string> elements) : this(anchor, elements.Where(e => e.Length > 0).Select(Element).ToArray())
    {
    }

    public IActorRef Anchor { get; private set; }

    public SelectionPathElement[] Path { get; private set; }

    public string PathString => "/" + string.Join('/', (object[])Path);

    public void Tell(object message, IActorRef? sender = null) =>
        Deliver(Anchor, new ActorSelectionMessage(message, Path), sender ?? ActorCell.CurrentSelf!);

    /// <exception cref="ActorNotFoundException">No actor answered in time.</exception>
    public Task<IActorRef> ResolveOne(TimeSpan timeout) => ResolveOne(timeout, CancellationToken.None);

    public async Task<IActorRef> ResolveOne(TimeSpan timeout, CancellationToken ct)
    {
        try
        {
            var identity = await this.Ask<ActorIdentity>(new Identify(null!), timeout, ct).ConfigureAwait(false);
            return identity.Subject ?? throw new ActorNotFoundException($"subject was null for {this}");
        }
        catch (AskTimeoutException e)
        {
            throw new ActorNotFoundException($"no actor answered at {this}", e);
        }
    }

    internal static ActorSelection From(string path, ActorSystemImpl system, IInternalActorRef lookupRoot)
    {
        if (!path.Contains("://", StringComparison.Ordinal))
        {
            return path.StartsWith('/')
                ? new ActorSelection(system.Provider.RootGuardian, path)
                : new ActorSelection(lookupRoot, path);
        }
        return ActorPath.TryParse(path, out var actorPath)
            ? new ActorSelection(system.Provider.ResolveActorRef(actorPath.Root), actorPath.Elements)
            : new ActorSelection(system.DeadLetters, "");
    }

    /// <summary>Sends to where the elements lead, starting at an actor that may be on another system.</summary>
    internal static void Deliver(IActorRef anchor, ActorSelectionMessage selection, IActorRef sender)
    {
        if (selection.Elements.Length == 0)
        {
            anchor.Tell(selection.Message, sender);
            return;
        }
        var at = (IInternalActorRef)anchor;
        for (var i = 0; i < selection.Elements.Length; i++)
        {
            if (at is not (LocalActorRef or INamedContainer))
            {
                at.Tell(i == 0 ? selection : new ActorSelectionMessage(selection.Message, selection.Elements[i..], selection.WildCardFanOut), sender);
                return;
            }
            switch (selection.Elements[i])
            {
                case SelectParent:
                    at = at.Parent;
                    break;
                case SelectChildName { Name: var name }:
                    var child = at.GetChild([name], 0);
                    if (ReferenceEquals(child, Nobody.Instance))
                    {
                        Unreached(at, selection, sender, i);
                        return;
                    }
                    at = child;
                    break;
                case SelectChildPattern pattern:
                    var matches = at is LocalActorRef local
                        ? local.Cell.GetChildren().Where(c => pattern.Matches(c.Path.Name)).ToList()
                        : [];
                    var rest = new ActorSelectionMessage(selection.Message, selection.Elements[(i + 1)..], wildCardFanOut: true);
                    if (matches.Count == 0 && !selection.WildCardFanOut) Unreached(at, selection, sender, i);
                    foreach (var match in matches) Deliver(match, rest, sender);
                    return;
            }
        }
        at.Tell(selection.Message, sender);
    }

    internal static void Deliver(ActorCell cell, ActorSelectionMessage selection) => Deliver(cell.Self, selection, cell.Sender);

    private static void Unreached(IInternalActorRef at, ActorSelectionMessage selection, IActorRef sender, int step)
    {
        if (selection.WildCardFanOut) return;
        if (selection.Message is Identify identify)
        {
            sender?.Tell(new ActorIdentity(identify.MessageId, null), ActorRefs.NoSender);
            return;
        }
        if ((at as ISystemBound)?.System is not { } system) return;
        var path = selection.Elements[step..].Aggregate(at.Path, (p, e) => p / e.ToString()!);
        new EmptyActorRef(system, path).Tell(selection.Message, sender);
    }

    private static SelectionPathElement Element(string text) => text switch
    {
        ".." => SelectParent.Instance,
        _ when text.Contains('*') || text.Contains('?') => new SelectChildPattern(text),
        _ => new SelectChildName(text),
    };

    public override bool Equals(object? obj) => obj is ActorSelection other && Anchor.Equals(other.Anchor) && Path.SequenceEqual(other.Path);

    public override int GetHashCode() => HashCode.Combine(Anchor, PathString);

    public override string ToString() => new StringBuilder("ActorSelection[Anchor(").Append(Anchor.Path).Append("), Path(").Append(PathString).Append(")]").ToString();
}
