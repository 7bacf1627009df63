using Eos.Kernel;
using static Eos.Gateway.GatewayProtocol;

namespace Eos.Cli.Commands;

/// <summary>`ls -R`: a directory, then those in it, each under its path. The first pages of those that come next are fetched ahead.</summary>
internal sealed class TreeListing(Session session, bool isDetailed, bool all)
{
    /// <summary>Directories whose first page is fetched ahead.</summary>
    private const int Ahead = 8;

    private readonly Stack<(string Path, string Shown)> _next = new();
    private readonly Dictionary<string, (IAsyncEnumerator<Entry> Entries, Task<bool> First)> _begun = [];

    /// <summary>The exit code: the errno of the last directory that could not be listed.</summary>
    /// <param name="print">Takes the line above a directory and its entries.</param>
    public async Task<int> RunAsync(string path, string shown, Func<string, IAsyncEnumerable<Entry>, Task> print, CancellationToken cancel)
    {
        var code = 0;
        _next.Push((path, shown));
        while (_next.TryPop(out var directory))
        {
            var below = new List<(string Path, string Shown)>();
            try
            {
                await print($"{directory.Shown}:", EntriesOf(directory, below, cancel));
            }
            catch (EosException failure) when (failure.Why != Errno.NoNetwork && directory.Path != path)
            {
                if (failure.Why != Errno.NoEntry) code = Failure.Report(session.Terminal, session.Options.Form, failure);
            }
            foreach (var child in below.AsEnumerable().Reverse()) _next.Push(child);
            foreach (var (ahead, _) in _next.Take(Ahead)) Begin(ahead, cancel);
            if (_next.Count > 0 && session.Options.Form == Form.Human) session.Out.WriteLine();
        }
        return code;
    }

    private async IAsyncEnumerable<Entry> EntriesOf(
        (string Path, string Shown) directory, List<(string Path, string Shown)> below, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancel)
    {
        Begin(directory.Path, cancel);
        _begun.Remove(directory.Path, out var begun);
        await using var entries = begun.Entries;
        for (var more = await begun.First; more; more = await entries.MoveNextAsync())
        {
            var entry = entries.Current;
            if (entry.Kind == EntryKind.Directory && entry.Name is not ("." or "..")) below.Add((RemotePath.Join(directory.Path, entry.Name), RemotePath.Join(directory.Shown, entry.Name)));
            yield return entry;
        }
    }

    private void Begin(string path, CancellationToken cancel)
    {
        if (_begun.ContainsKey(path)) return;
        var entries = LsCommand.Entries(session, path, isDetailed, all, globbing: false, cancel).GetAsyncEnumerator(cancel);
        _begun.Add(path, (entries, entries.MoveNextAsync().AsTask()));
    }
}
