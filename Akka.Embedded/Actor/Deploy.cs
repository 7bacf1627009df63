namespace Akka.Actor;

/// <summary>How an actor is run: dispatcher, stash.</summary>
public class Deploy
{
    public static readonly string NoDispatcherGiven = string.Empty;

    public static readonly string NoMailboxGiven = string.Empty;

    public const int NoStashSize = -1;

    // After the constants that it is made of.
    public static readonly Deploy Local = new();

    private string _dispatcher = NoDispatcherGiven;
    private string _mailbox = NoMailboxGiven;
    private int _stashCapacity = NoStashSize;

    public Deploy()
    {
    }

    public string Dispatcher => _dispatcher;

    public string Mailbox => _mailbox;

    public int StashCapacity => _stashCapacity;

    public virtual Deploy WithDispatcher(string dispatcher) => Copy(d => d._dispatcher = dispatcher);

    public virtual Deploy WithMailbox(string mailbox) => Copy(d => d._mailbox = mailbox);

    public virtual Deploy WithStashCapacity(int stashSize) => Copy(d => d._stashCapacity = stashSize);

    private Deploy Copy(Action<Deploy> change)
    {
        var copy = new Deploy { _dispatcher = _dispatcher, _mailbox = _mailbox, _stashCapacity = _stashCapacity };
        change(copy);
        return copy;
    }
}
