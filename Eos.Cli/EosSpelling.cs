using Eos.Cli.Commands;

namespace Eos.Cli;

/// <summary>Spellings of EOS's command line that a standard parser does not know, put into those that it knows.</summary>
internal static class EosSpelling
{
    /// <summary>`eos -h` asks for help, `eos -v` for the version, `eos root://host ls` names the MGM, `eos vid set map -sss …` has words with dashes.</summary>
    /// <param name="isScript">Whether a word that stands for a command is a file of commands.</param>
    public static IReadOnlyList<string> Of(IReadOnlyList<string> line, Func<string, bool>? isScript = null)
    {
        var words = CommentFirst(line);
        var spelled = new List<string>(words.Count + 1);
        for (var i = 0; i < words.Count; i++)
        {
            var word = words[i];
            if (!word.StartsWith('-') && !word.StartsWith("root://", StringComparison.Ordinal))
            {
                if (isScript?.Invoke(word) == true) spelled.Add("source");
                spelled.AddRange(OfVerb([.. words.Skip(i)]));
                break;
            }
            switch (word)
            {
                case "-h": spelled.Add("--help"); break;
                case "-v" or "--version": spelled.Add("version"); break;
                case "-r" or "--role" when i + 2 < words.Count:
                    spelled.AddRange([word, words[i + 1], words[i + 2]]);
                    i += 2;
                    break;
                case "-a" or "--app" or "--comment" or "--mgm" or "--timeout" or "--key" or "--socket" when i + 1 < words.Count:
                    spelled.AddRange([word, words[++i]]);
                    break;
                case var mgm when mgm.StartsWith("root://", StringComparison.Ordinal): spelled.AddRange(["--mgm", mgm]); break;
                default: spelled.Add(word); break;
            }
        }
        return spelled;
    }

    /// <summary>`ls /eos --comment why` is `--comment why ls /eos`. `config save` has such an option of its own.</summary>
    private static IReadOnlyList<string> CommentFirst(IReadOnlyList<string> words)
    {
        var (at, end) = (words.ToList().IndexOf("--comment"), words.ToList().IndexOf("--"));
        if (at <= 0 || at + 1 >= words.Count || (end >= 0 && end < at)) return words;
        var verb = words.Take(at).ToList().FindIndex(w => w == "config");
        if (verb >= 0 && words[verb + 1] == "save") return words;
        return [words[at], words[at + 1], .. words.Take(at), .. words.Skip(at + 2)];
    }

    /// <summary>`file tag path -12` takes a place away and has no option -1; words of `vid set` look like options and are none.</summary>
    private static IEnumerable<string> OfVerb(string[] words) => words switch
    {
        ["vid", "set", ..] => ["vid", "set", "--", .. words[2..]],
        ["file", "tag", ..] when !words.Contains("--") =>
            words.SelectMany(word => IsNumber(word) ? ["--", word] : (string[])[word]),
        ["cp", ..] => words.Select(word => word.StartsWith("-d=", StringComparison.Ordinal) ? "-d" : word),
        ["attr", "-r" or "-c" or "-rc" or "-cr", ..] => Behind(words),
        ["find" or "newfind" or "oldfind", ..] => Joined([.. words.Select(w => w is "-purge" or "-layoutstripes" or "-count" or "-maxdepth" or "-name" ? "-" + w : w)], (option, value) => (option, value[0]) switch
        {
            ("--ctime", '+' or '-') => FindFilter.Changed,
            ("--mtime", '+' or '-') => FindFilter.Modified,
            ("--purge", '-') => option,
            _ => null,
        }),
        _ => words,
    };

    /// <summary>`attr -r set …` is `attr set -r …`.</summary>
    private static string[] Behind(string[] words)
    {
        var options = words.Skip(1).TakeWhile(word => word.StartsWith('-')).ToArray();
        var rest = words[(1 + options.Length)..];
        return rest.Length == 0 ? words : [words[0], rest[0], .. options, .. rest[1..]];
    }

    /// <summary>Options whose value may look like an option stand in one word with it.</summary>
    private static IEnumerable<string> Joined(string[] words, Func<string, string, string?> option)
    {
        for (var i = 0; i < words.Length; i++)
        {
            if (i + 1 < words.Length && words[i + 1].Length > 1 && char.IsAsciiDigit(words[i + 1][1]) && option(words[i], words[i + 1]) is { } name) yield return $"{name}={words[++i]}";
            else yield return words[i];
        }
    }

    /// <summary>Something like -12, which is no option.</summary>
    public static bool IsNumber(string word) => word.Length > 1 && word[0] == '-' && word.AsSpan(1).IndexOfAnyExceptInRange('0', '9') < 0;
}
