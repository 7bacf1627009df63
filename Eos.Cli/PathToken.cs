using Eos.Identity;
using Eos.Kernel;

namespace Eos.Cli;

/// <summary>
/// A token that stands in a path: `/eos/dev/f?authz=zteos64:…`, also among other keys, or as the path itself (`zteos64:…`, `/zteos64:…`, `root://host//zteos64:…`), which then means the first path
/// of the token. It counts for the command in place of EOSAUTHZ.
/// </summary>
internal static class PathToken
{
    private const string Key = "authz=" + SignedToken.Prefix;

    /// <summary>The words without it; the token is null if there is none. EINVAL: there are two, or one that can't be read stands for a path.</summary>
    public static (IReadOnlyList<string> Words, string? Token) Take(IReadOnlyList<string> words)
    {
        if (words.FirstOrDefault(word => !word.StartsWith('-')) == "token" || !words.Any(word => word.Contains(SignedToken.Prefix, StringComparison.Ordinal))) return (words, null);
        string? token = null;
        var plain = words.Select(word =>
        {
            var (path, found) = Split(word);
            if (found is null) return word;
            token = token is null || token == found ? found : throw new EosException(Errno.Invalid, "one command takes one token");
            return path;
        }).ToList();
        return (plain, token);
    }

    private static (string Path, string? Token) Split(string word)
    {
        if (Whole(word) is { } whole)
            return (SignedToken.Peek(whole)?.Paths.FirstOrDefault() ?? throw new EosException(Errno.Invalid, "the token that stands for a path can't be decoded"), whole);
        for (var at = word.IndexOf(Key, StringComparison.Ordinal); at > 0; at = word.IndexOf(Key, at + 1, StringComparison.Ordinal))
        {
            if (word[at - 1] is not ('?' or '&')) continue;
            var end = word.IndexOf('&', at);
            var (before, after) = (word[..at], end < 0 ? "" : word[(end + 1)..]);
            return ((before + after).TrimEnd('?', '&'), word[(at + "authz=".Length)..(end < 0 ? word.Length : end)]);
        }
        return (word, null);
    }

    private static string? Whole(string word)
    {
        var path = word.StartsWith("root://", StringComparison.Ordinal) && word.IndexOf('/', "root://".Length) is var slash and > 0 ? word[slash..] : word;
        return SignedToken.IsToken(path.TrimStart('/')) ? path.TrimStart('/') : null;
    }
}
