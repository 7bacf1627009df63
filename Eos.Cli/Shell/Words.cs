using System.Text;

namespace Eos.Cli.Shell;

/// <summary>Splits a typed line into words, with the quotes and backslashes that a shell user expects.</summary>
internal static class Words
{
    /// <summary>The words of <paramref name="line"/>; false with a reason when a quote is not closed.</summary>
    public static bool TrySplit(string line, out List<string> words, out string problem)
    {
        words = [];
        problem = "";
        var word = new StringBuilder();
        var inWord = false;
        var quote = '\0';
        for (var i = 0; i < line.Length; i++)
        {
            var c = line[i];
            if (quote == '\'' ? c == '\'' : quote == '"' && c == '"') quote = '\0';
            else if (quote == '\0' && c is '\'' or '"' && quote == '\0')
            {
                quote = c;
                inWord = true;
            }
            else if (c == '\\' && quote != '\'' && i + 1 < line.Length)
            {
                word.Append(line[++i]);
                inWord = true;
            }
            else if (quote == '\0' && char.IsWhiteSpace(c))
            {
                if (inWord) words.Add(word.ToString());
                word.Clear();
                inWord = false;
            }
            else
            {
                word.Append(c);
                inWord = true;
            }
        }
        if (inWord) words.Add(word.ToString());
        if (quote != '\0') problem = $"missing closing {quote}";
        return quote == '\0';
    }

    /// <summary>Where the word that ends at the end of <paramref name="line"/> begins, and that word without its quoting.</summary>
    public static (int Start, string Word) Last(string line)
    {
        var start = 0;
        for (var i = 0; i < line.Length; i++)
        {
            if (line[i] == '\\') i++;
            else if (char.IsWhiteSpace(line[i])) start = i + 1;
        }
        start = Math.Min(start, line.Length);
        var raw = line[start..];
        return (start, TrySplit(raw, out var words, out _) && words.Count == 1 ? words[0] : raw);
    }

    /// <summary>The word as it must be typed so that <see cref="TrySplit"/> gives it back.</summary>
    public static string Quote(string word)
    {
        var text = new StringBuilder();
        foreach (var c in word)
        {
            if (char.IsWhiteSpace(c) || c is '\'' or '"' or '\\') text.Append('\\');
            text.Append(c);
        }
        return text.ToString();
    }
}
