using Eos.Cli.Render;
using Eos.Client;
using Eos.Gateway;

namespace Eos.Cli;

/// <summary>What the commands of one run share: the terminal, the options, the shell's directory and one connection, made when first needed.</summary>
internal sealed class Session(Terminal terminal, Func<GlobalOptions, EosClient> connect, Names names) : IAsyncDisposable
{
    private EosClient? _client;

    public Terminal Terminal => terminal;
    public TextWriter Out => terminal.Out;
    public Names Names => names;

    public GlobalOptions Options { get; set; } = new();

    /// <summary>Where relative paths of the namespace begin.</summary>
    public string Directory { get; set; } = "/";

    public EosClient Client => _client ??= connect(Options);

    /// <summary>Progress is drawn only for somebody who can see it.</summary>
    public bool ShowsProgress => terminal.OutputIsTerminal && !Options.Batch && !Options.Silent && Options.Form == Form.Human;

    /// <summary>What is meant by a path, or by the number of a file or directory. A slash at the end stays: what has one can't be a file.</summary>
    public string Path(string typed)
    {
        if (EntryNumber.IsOne(typed)) return typed;
        var path = RemotePath.Resolve(Directory, typed);
        return typed.EndsWith('/') && path != "/" ? path + "/" : path;
    }

    public ValueTask DisposeAsync() => _client?.DisposeAsync() ?? ValueTask.CompletedTask;
}
