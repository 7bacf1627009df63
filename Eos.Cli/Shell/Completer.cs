using System.Text;
using Eos.Kernel;
using static Eos.Gateway.GatewayProtocol;

namespace Eos.Cli.Shell;

/// <summary>Completes the word before the cursor: commands, their options and sub-commands, paths of the namespace, for `cp` also local paths.</summary>
internal sealed class Completer(Session session, IReadOnlyList<string> commands, Func<string, IEnumerable<string>> wordsAfter)
{
    private const int MostNames = 2000;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    /// <summary>Where the word begins, and what it can become, spelled as it must be typed. Nothing within two seconds is no choice.</summary>
    public async Task<(int Start, IReadOnlyList<string> Choices)> CompleteAsync(string line, CancellationToken cancel)
    {
        var (start, word) = Words.Last(line);
        if (!Words.TrySplit(line[..start], out var before, out _)) return (start, []);
        if (before.Count == 0) return (start, [.. commands.Where(c => c.StartsWith(word, StringComparison.Ordinal)).Select(c => c + " ")]);
        if (before[0] == "help") return (start, Fitting(commands, word));
        if (word.StartsWith('-')) return (start, Fitting(wordsAfter(before[0]).Where(w => w.StartsWith('-')), word));
        if (before.Count == 1 && Fitting(wordsAfter(before[0]).Where(w => !w.StartsWith('-')), word) is { Count: > 0 } subcommands) return (start, subcommands);
        var isLocal = before[0] == "cp" && Copying.Place.Parse(word).Kind == Copying.PlaceKind.Local;
        return (start, isLocal ? Local(word) : await RemoteAsync(word, cancel));
    }

    /// <summary>The longest beginning that all choices share.</summary>
    public static string CommonStart(IReadOnlyList<string> choices)
    {
        if (choices.Count == 0) return "";
        var common = choices[0].AsSpan();
        foreach (var choice in choices) common = common[..common.CommonPrefixLength(choice)];
        return common.ToString();
    }

    /// <summary>The choices in as many columns as fit, read downwards.</summary>
    public static string InColumns(IReadOnlyList<string> choices, int width)
    {
        var shown = choices.Select(c => c[(c.TrimEnd(' ', '/').LastIndexOf('/') + 1)..].TrimEnd()).ToList();
        var column = shown.Max(s => s.Length) + 2;
        var columns = Math.Max(1, width / column);
        var rows = (shown.Count + columns - 1) / columns;
        var text = new StringBuilder();
        for (var row = 0; row < rows; row++)
        {
            var cells = Enumerable.Range(0, columns).Select(c => c * rows + row).Where(i => i < shown.Count).Select(i => shown[i].PadRight(column));
            text.Append(string.Concat(cells).TrimEnd()).Append(row + 1 < rows ? "\n" : "");
        }
        return text.ToString();
    }

    private async Task<IReadOnlyList<string>> RemoteAsync(string word, CancellationToken cancel)
    {
        var slash = word.LastIndexOf('/') + 1;
        var (folder, prefix) = (word[..slash], word[slash..]);
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        patience.CancelAfter(Patience);
        var found = new List<string>();
        try
        {
            await foreach (var entry in session.Client.ListAsync(session.Path(folder.Length > 0 ? folder : "."), cancel: patience.Token))
            {
                if (!entry.Name.StartsWith(prefix, StringComparison.Ordinal) || (prefix.Length == 0 && entry.Name.StartsWith('.'))) continue;
                found.Add(Words.Quote(folder + entry.Name) + (entry.Kind == EntryKind.Directory ? "/" : " "));
                if (found.Count == MostNames) break;
            }
        }
        catch (Exception silent) when (silent is EosException or OperationCanceledException)
        {
            return found;
        }
        return found;
    }

    private static List<string> Local(string word)
    {
        var slash = word.LastIndexOf('/') + 1;
        var (folder, prefix) = (word[..slash], word[slash..]);
        try
        {
            return
            [
                .. new DirectoryInfo(folder.Length == 0 ? "." : folder).EnumerateFileSystemInfos()
                    .Where(e => e.Name.StartsWith(prefix, StringComparison.Ordinal) && (prefix.Length > 0 || !e.Name.StartsWith('.')))
                    .OrderBy(e => e.Name, StringComparer.Ordinal).Take(MostNames)
                    .Select(e => Words.Quote(folder + e.Name) + (e is DirectoryInfo ? "/" : " ")),
            ];
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    private static List<string> Fitting(IEnumerable<string> words, string start) =>
        [.. words.Where(w => w.StartsWith(start, StringComparison.Ordinal)).Distinct().Order(StringComparer.Ordinal).Select(w => w + " ")];
}
