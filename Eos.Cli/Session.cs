using Eos.Cli.Render;
using Eos.Cli.Shell;
using Eos.Client;
using Eos.Gateway;
using Eos.Kernel;

namespace Eos.Cli;

/// <summary>What the commands of one run share: the terminal, the options, the shell's directory and one connection, made when first needed.</summary>
internal sealed class Session(Terminal terminal, Func<GlobalOptions, EosClient> connect, Names names) : IAsyncDisposable
{
    private readonly Lock _gate = new();
    private EosClient? _link;
    private EosClient? _client;
    private GatewayProtocol.Claim? _claim;

    public Terminal Terminal => terminal;
    public TextWriter Out => terminal.Out;
    public Names Names => names;

    /// <summary>Of the line in hand.</summary>
    public GlobalOptions Options { get; set; } = new();

    /// <summary>Of all lines of a shell: what was given at its start, and what `json`, `silent` and `role` have changed since.</summary>
    public GlobalOptions Standing { get; set; } = new();

    /// <summary>Where relative paths of the namespace begin.</summary>
    public string Directory { get; set; } = "/";

    /// <summary>Where they began before the last `cd`.</summary>
    public string PreviousDirectory { get; set; } = "/";

    /// <summary>After each line it is told how long it took.</summary>
    public bool ShowsTiming { get; set; }

    /// <summary>`quit` was said: no more lines are read.</summary>
    public bool HasEnded { get; set; }

    /// <summary>What was typed; null where nobody types.</summary>
    public History? History { get; set; }

    /// <summary>The line that Ctrl-C ends; null: there is none, and it ends the program.</summary>
    public CancellationTokenSource? Line { get; set; }

    /// <summary>The connection, in the name of whoever the line acts as.</summary>
    public EosClient Client
    {
        get
        {
            lock (_gate)
            {
                if (_link is null) _link = _client = connect(Options);
                else if (_claim != Options.Claim) _client = _link.As(Options.Claim);
                _claim = Options.Claim;
                return _client!;
            }
        }
    }

    /// <summary>Progress is drawn only for somebody who can see it.</summary>
    public bool ShowsProgress => terminal.OutputIsTerminal && !Options.Batch && !Options.Silent && Options.Form == Form.Human;

    /// <summary>What is meant by a path, or by the number of a file or directory. A slash at the end stays: what has one can't be a file.</summary>
    public string Path(string typed)
    {
        if (typed.Length == 0) throw new EosException(Errno.NoEntry, "a path is empty");
        if (EntryNumber.IsOne(typed)) return typed;
        var path = RemotePath.Resolve(Directory, typed);
        return typed.EndsWith('/') && path != "/" ? path + "/" : path;
    }

    /// <summary>Ctrl-C: true if it ended a line, and the program goes on.</summary>
    public bool Interrupt()
    {
        if (Line is not { IsCancellationRequested: false } line) return false;
        line.Cancel();
        return true;
    }

    /// <summary>Lets the connection go: the next command makes a new one.</summary>
    public async Task DisconnectAsync()
    {
        if (_link is not { } link) return;
        (_link, _client) = (null, null);
        await link.DisposeAsync();
    }

    public async ValueTask DisposeAsync() => await DisconnectAsync();
}
