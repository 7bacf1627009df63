using System.Runtime.CompilerServices;
using Eos.Client;
using Eos.Kernel;
using static Eos.Gateway.GatewayProtocol;

namespace Eos.Cli.Commands;

/// <summary>What a pattern in the last part of a path stands for. The client expands it, as in EOS; a pattern further up is an error.</summary>
internal static class Expansion
{
    /// <summary>The entries that fit, in name order.</summary>
    public static async IAsyncEnumerable<Entry> EntriesAsync(
        EosClient client, string path, bool detailed, [EnumeratorCancellation] CancellationToken cancel)
    {
        var parent = RemotePath.Parent(path);
        if (Glob.IsPattern(parent)) throw new EosException(Errno.Invalid, $"wildcards are possible in the last part of a path only: {path}");
        var pattern = RemotePath.Name(path);
        await foreach (var entry in client.ListAsync(parent, detailed, cancel))
            if (Glob.Fits(pattern, entry.Name)) yield return entry;
    }

    /// <summary>The paths that fit; the path itself when it is no pattern.</summary>
    public static async Task<IReadOnlyList<string>> PathsAsync(EosClient client, string path, bool globbing, CancellationToken cancel)
    {
        if (!globbing || !Glob.IsPattern(path)) return [path];
        var paths = new List<string>();
        await foreach (var entry in EntriesAsync(client, path, detailed: false, cancel)) paths.Add(RemotePath.Join(RemotePath.Parent(path), entry.Name));
        return paths.Count > 0 ? paths : throw new EosException(Errno.NoEntry, $"nothing fits {path}");
    }
}
